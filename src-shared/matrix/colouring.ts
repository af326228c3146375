// From what is chosen and what a matrix holds to its colouring: where the limits lie, what the transform needs. The
// explorer's panes and the figures of matrices are coloured from here, so that one choice gives one picture in both.
import { SYMLOG_RANGE, usesMagnitude, type Colouring } from '../colour/colouring';
import { RANK_LENGTH } from '../colour/transform';
import { magnitudePercentile, magnitudeShares, type MatrixStatistics } from './statistics';

/** Colour limits: a share of the magnitudes, or numbers. */
export type Limits =
  | { readonly kind: 'percentile'; readonly percent: number }
  | { readonly kind: 'numbers'; readonly low: number; readonly high: number };

/** What a person chooses. */
export interface ColouringChoice extends Pick<Colouring, 'map' | 'transform' | 'magnitude' | 'markClipped'> {
  readonly limits: Limits;
}

/** All values between the ends: nothing is clipped. */
export const WHOLE: Limits = { kind: 'percentile', percent: 100 };

/** The colouring of one distribution; before it is counted, of its largest finite magnitude alone. */
export function colouringOf(choice: ColouringChoice, statistics: MatrixStatistics | null, maxAbs: number): Colouring {
  const { map, transform, markClipped } = choice;
  const [low, high] = limitsOf(choice, statistics, maxAbs);
  return {
    map,
    transform,
    magnitude: usesMagnitude(choice),
    low,
    high,
    threshold: maxAbs / SYMLOG_RANGE || 1,
    smallest: smallestOf(statistics, maxAbs),
    shares: statistics && transform === 'rank' ? magnitudeShares(statistics, RANK_LENGTH) : null,
    rankMax: maxAbs || 1,
    markClipped,
  };
}

function smallestOf(statistics: MatrixStatistics | null, maxAbs: number): number {
  return statistics?.minAbs || maxAbs * 1e-6 || 1;
}

function limitsOf(choice: ColouringChoice, statistics: MatrixStatistics | null, maxAbs: number): readonly [number, number] {
  const { limits, transform } = choice;
  const magnitude = usesMagnitude(choice);
  if (transform === 'log-ratio') return [smallestOf(statistics, maxAbs), maxAbs || 1];
  if (limits.kind === 'numbers') return magnitude ? [Math.max(0, limits.low), limits.high] : [limits.low, limits.high];
  const whole = transform === 'rank' || limits.percent >= 100 || !statistics;
  const high = (whole ? maxAbs : magnitudePercentile(statistics, limits.percent / 100)) || 1;
  return magnitude ? [0, high] : [-high, high];
}
