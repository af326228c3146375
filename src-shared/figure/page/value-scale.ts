// How values become positions on a colour scale in a figure: the colouring the window shows (colour/, matrix/), with
// marked values for the legend and the rule in words. One scale serves all compared matrices, zero is in the middle of
// a signed one, and nothing is clipped but by limits that are asked for, which the rule says with the share they clip.
import { largestOf, smallestOf } from '../../base/extremes';
import { assertNever } from '../../base/assert-never';
import { defaultScale, positionsOf, SYMLOG_RANGE, type Colouring } from '../../colour/colouring';
import type { ValueTransform } from '../../colour/transform';
import { colouringOf, WHOLE } from '../../matrix/colouring';
import { denseSource } from '../../matrix/source';
import { combine, largestMagnitude, statisticsOf, type MatrixStatistics } from '../../matrix/statistics';
import { figureNumber, percent } from './layout';
import type { ScaleView, ValueScale } from './scale';
import { magnitudeTicks, ratioTicks, signedTicks } from './scale-ticks';

export type { ValueScale } from './scale';

/** The common scale of several arrays. Throws RangeError for NaN or infinity. */
export function valueScale(
  arrays: readonly Float32Array[],
  transform: ValueTransform,
  { limits = WHOLE, magnitude = false, markClipped = false }: ScaleView = {},
): ValueScale {
  const limit = largestIn(arrays);
  const isWhole = limits.kind === 'percentile' && limits.percent >= 100;
  const counted = transform === 'rank' || transform === 'log-ratio' || !isWhole ? countedTogether(arrays) : null;
  const scale = colouringOf({ ...defaultScale(limit), transform, limits, magnitude }, counted, limit);
  const { ticks, rule } = wordsOf(scale, scale.high === limit || limit === 0 ? limit : scale.high);
  // Nothing but zeros: each has the colour of zero, not that of an end.
  const position = limit === 0 && transform !== 'log-ratio' ? () => (magnitude ? 0 : 0.5) : positionsOf(scale);
  return { position, ticks, rule: `${rule}${isWhole ? '' : clippedText(arrays, { ...scale, markClipped })}` };
}

/** How much lies beyond the limits, and is drawn in their colours. */
function clippedText(arrays: readonly Float32Array[], { low, high, transform, markClipped }: Colouring): string {
  if (transform === 'rank' || transform === 'log-ratio') return '';
  const count = arrays.reduce(
    (sum, array) => sum + array.reduce((beyond, value) => beyond + (value > high || value < Math.min(low, -high) ? 1 : 0), 0),
    0,
  );
  const all = arrays.reduce((sum, array) => sum + array.length, 0);
  return count === 0
    ? ''
    : `; ${percent(count / all)} of the weights lie beyond the limits and have ${markClipped ? 'colours of their own' : 'the colours of the ends'}`;
}

/** Largest |value| of several arrays; 0 where there are none. Throws RangeError for NaN or infinity. */
export function largestIn(arrays: readonly Float32Array[]): number {
  for (const array of arrays) {
    // Infinities and NaN alone differ from themselves when subtracted.
    const at = array.findIndex((value) => value - value !== 0);
    if (at >= 0) throw new RangeError(`a matrix holds ${array[at]} at index ${at}: it cannot be drawn on a scale`);
  }
  return largestOf(arrays.map(largestMagnitude), 0);
}

function countedTogether(arrays: readonly Float32Array[]): MatrixStatistics {
  return combine(
    arrays.map((array) => {
      const limit = largestMagnitude(array);
      return statisticsOf(denseSource(array, 1, array.length), { min: -limit, max: limit });
    }),
  );
}

type Words = Omit<ValueScale, 'position'>;

function wordsOf({ transform, threshold, smallest, high, magnitude }: Colouring, limit: number): Words {
  switch (transform) {
    case 'linear':
      return magnitude ? magnitudeWords(limit, 'linear') : signedWords(limit, 'equal steps', 'linear');
    case 'symlog': {
      const rule = `symmetric logarithm sign(w) ln(1 + |w|/c), c = ${figureNumber(threshold)} = largest |w| / ${SYMLOG_RANGE}`;
      return magnitude ? magnitudeWords(limit, rule) : signedWords(limit, 'spread', rule);
    }
    case 'rank':
      return signedWords(limit, 'spread', 'rank of |w| among all non-zero weights shown, signed');
    case 'log-ratio':
      return {
        ticks: ratioTicks(smallest, high),
        rule: `ln(|w| / min |w|), min over the non-zero weights shown = ${figureNumber(smallest)}; zeros at the low end`,
      };
    default:
      return assertNever(transform);
  }
}

function signedWords(limit: number, spacing: 'equal steps' | 'spread', rule: string): Words {
  return {
    ticks: signedTicks(limit, spacing),
    rule: `${rule}, zero in the middle, limits ±${figureNumber(limit)}`,
  };
}

function magnitudeWords(limit: number, rule: string): Words {
  return { ticks: magnitudeTicks(0, limit, 'linear'), rule: `|w|, ${rule}, from 0 to ${figureNumber(limit)}` };
}

/** A scale for positive values from the least to the largest of them all; zeros lie at the low end. */
export function positiveScale(maps: readonly ArrayLike<number>[], spacing: 'log' | 'linear'): ValueScale {
  const values = maps.flatMap((map) => Array.from(map)).filter((value) => value > 0);
  const [least, most] = values.length === 0 ? [1, 1] : [smallestOf(values), largestOf(values)];
  const transform = spacing === 'log' ? 'log-ratio' : 'linear';
  const scale: Colouring = { ...defaultScale(most), transform, magnitude: true, low: least, high: most, smallest: least };
  const between = least === most ? () => 0.5 : positionsOf(scale);
  return {
    position: (value) => (value > 0 ? between(value) : 0),
    ticks: magnitudeTicks(least, most, spacing),
    rule: `${spacing === 'log' ? 'logarithmic' : 'linear'} from ${figureNumber(least)} to ${figureNumber(most)}`,
  };
}

/** A linear scale from -limit to limit, zero in its middle; all is zero where the limit is. */
export function plainScale(limit: number): ValueScale {
  return { position: limit === 0 ? () => 0.5 : positionsOf(defaultScale(limit)), ...signedWords(limit, 'equal steps', 'linear') };
}
