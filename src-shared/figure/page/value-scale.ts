// How values become positions on a colour scale in a figure: the colouring the window shows (colour/, matrix/), with
// marked values for the legend and the rule in words. One scale serves all compared matrices, zero is in the middle of
// a signed one, and nothing is clipped: the limits are the largest magnitude of them all.
import { defaultScale, positionsOf, SYMLOG_RANGE, transformed, untransformed, type Colouring } from '../../colour/colouring';
import type { ValueTransform } from '../../colour/transform';
import { assertNever } from '../../base/assert-never';
import { colouringOf, WHOLE } from '../../matrix/colouring';
import { denseSource } from '../../matrix/source';
import { combine, largestMagnitude, statisticsOf, type MatrixStatistics } from '../../matrix/statistics';
import { figureNumber } from './layout';

/** A scale: position 0..1 of a value, marked values for the legend, and the rule in words. */
export interface ValueScale {
  readonly position: (value: number) => number;
  readonly ticks: readonly { readonly value: number; readonly label: string }[];
  readonly rule: string;
}

/** The common scale of several arrays. Throws RangeError for NaN or infinity. */
export function valueScale(arrays: readonly Float32Array[], transform: ValueTransform): ValueScale {
  const limit = largestOf(arrays);
  const counted = transform === 'rank' || transform === 'log-ratio' ? countedTogether(arrays) : null;
  const scale = colouringOf({ ...defaultScale(limit), transform, limits: WHOLE }, counted, limit);
  return { position: positionsOf(scale), ...wordsOf(scale, limit) };
}

/** Largest |value| of several arrays; 0 where there are none. Throws RangeError for NaN or infinity. */
export function largestOf(arrays: readonly Float32Array[]): number {
  for (const array of arrays) {
    // Infinities and NaN alone differ from themselves when subtracted.
    const at = array.findIndex((value) => value - value !== 0);
    if (at >= 0) throw new RangeError(`a matrix holds ${array[at]} at index ${at}: it cannot be drawn on a scale`);
  }
  return Math.max(0, ...arrays.map(largestMagnitude));
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

function wordsOf(scale: Colouring, limit: number): Words {
  const { transform, threshold, smallest } = scale;
  switch (transform) {
    case 'linear':
      return signedWords(limit, [0.5, 1], 'linear');
    case 'symlog': {
      const rule = `symmetric logarithm sign(w) ln(1 + |w|/c), c = ${figureNumber(threshold)} = largest |w| / ${SYMLOG_RANGE}`;
      return signedWords(limit, [0.01, 0.1, 1], rule);
    }
    case 'rank':
      return signedWords(limit, [0.1, 1], 'rank of |w| among all non-zero weights shown, signed');
    case 'log-ratio':
      return {
        ticks: endsAndMiddle(scale).map((value) => ({ value, label: figureNumber(Math.log(value / smallest)) })),
        rule: `ln(|w| / min |w|), min over the non-zero weights shown = ${figureNumber(smallest)}; zeros at the low end`,
      };
    default:
      return assertNever(transform);
  }
}

function signedWords(limit: number, marked: readonly number[], rule: string): Words {
  const values = limit === 0 ? [0] : [...marked.map((m) => -m * limit).reverse(), 0, ...marked.map((m) => m * limit)];
  return {
    ticks: values.map((value) => ({ value, label: figureNumber(value) })),
    rule: `${rule}, zero in the middle, limits ±${figureNumber(limit)} = largest |w|`,
  };
}

/** Both ends of a colouring of magnitudes and the value in its middle. */
function endsAndMiddle(scale: Colouring): number[] {
  const middle = untransformed(scale, (transformed(scale, scale.low) + transformed(scale, scale.high)) / 2);
  return [scale.low, middle, scale.high];
}

/** A scale for positive values from the least to the largest of them all; zeros lie at the low end. */
export function positiveScale(maps: readonly ArrayLike<number>[], spacing: 'log' | 'linear'): ValueScale {
  const values = maps.flatMap((map) => Array.from(map)).filter((value) => value > 0);
  const [least, most] = values.length === 0 ? [1, 1] : [Math.min(...values), Math.max(...values)];
  const transform = spacing === 'log' ? 'log-ratio' : 'linear';
  const scale: Colouring = { ...defaultScale(most), transform, magnitude: true, low: least, high: most, smallest: least };
  const between = least === most ? () => 0.5 : positionsOf(scale);
  return {
    position: (value) => (value > 0 ? between(value) : 0),
    ticks: endsAndMiddle(scale).map((value) => ({ value, label: figureNumber(value) })),
    rule: `${spacing === 'log' ? 'logarithmic' : 'linear'} from ${figureNumber(least)} to ${figureNumber(most)}`,
  };
}
