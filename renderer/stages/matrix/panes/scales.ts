// From the explorer's settings and the matrices' statistics to colour scales. Two panes that are compared
// share one scale unless the user says otherwise.
import { combine, magnitudePercentile, magnitudeShares, type MatrixStatistics } from '@shared/matrix/statistics';
import { RANK_LENGTH, type ColorScale } from '@shared/colour/scale';
import type { MatrixStatus } from '../../../workers/matrix/matrix-client';
import type { Explorer } from '../explorer';

type Settings = Pick<Explorer, 'map' | 'transform' | 'magnitude' | 'limits' | 'markClipped'>;

/** The scale for one distribution; before it is counted, for its extremes alone. */
export function scaleOf(settings: Settings, statistics: MatrixStatistics | null, maxAbs: number): ColorScale {
  const { map, transform, magnitude, markClipped } = settings;
  const onlyMagnitude = magnitude || transform === 'logRatio';
  const [low, high] = limitsOf(settings, statistics, maxAbs, onlyMagnitude);
  return {
    map,
    transform,
    magnitude: onlyMagnitude,
    low,
    high,
    threshold: statistics ? magnitudePercentile(statistics, 0.5) || maxAbs / 100 || 1 : maxAbs / 100 || 1,
    smallest: statistics?.minAbs || maxAbs * 1e-6 || 1,
    shares: statistics && transform === 'rank' ? magnitudeShares(statistics, RANK_LENGTH) : null,
    rankMax: maxAbs || 1,
    markClipped,
  };
}

function limitsOf(
  { limits, transform }: Settings,
  statistics: MatrixStatistics | null,
  maxAbs: number,
  onlyMagnitude: boolean,
): readonly [number, number] {
  if (transform === 'logRatio') return [statistics?.minAbs || maxAbs * 1e-6, maxAbs || 1];
  if (limits.kind === 'numbers') return onlyMagnitude ? [Math.max(0, limits.low), limits.high] : [limits.low, limits.high];
  const whole = transform === 'rank' || limits.percent >= 100 || !statistics;
  const high = (whole ? maxAbs : magnitudePercentile(statistics, limits.percent / 100)) || 1;
  return onlyMagnitude ? [0, high] : [-high, high];
}

/** One scale per status, or the same for all when `shared`; panes without a matrix have no say. */
export function scalesOf(settings: Settings & Pick<Explorer, 'shared'>, statuses: readonly MatrixStatus[]): ColorScale[] {
  if (!settings.shared) return statuses.map((status) => scaleOf(settings, status.statistics, largest([status])));
  const scale = scaleOf(settings, sharedStatistics(statuses), largest(statuses));
  return statuses.map(() => scale);
}

/** The distribution of all opened matrices together; null until every one is counted. */
export function sharedStatistics(statuses: readonly MatrixStatus[]): MatrixStatistics | null {
  const counted = statuses.flatMap(({ statistics }) => statistics ?? []);
  const opened = statuses.filter(({ phase }) => phase !== 'empty');
  return counted.length === opened.length && counted.length > 0 ? combine(counted) : null;
}

function largest(statuses: readonly MatrixStatus[]): number {
  const magnitudes = statuses.flatMap(({ extremes }) => (extremes ? [Math.abs(extremes.min), Math.abs(extremes.max)] : []));
  return Math.max(0, ...magnitudes.filter(Number.isFinite));
}
