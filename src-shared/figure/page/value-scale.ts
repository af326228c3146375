// How matrix values become positions on a colour scale. One scale serves all compared matrices, zero is
// always in its middle, and nothing is clipped: the limits are the largest magnitude of them all.
import { assertNever } from '../../base/assert-never';
import { figureNumber } from './layout';
import { magnitudeTicks, ratioTicks, signedTicks, type ScaleTick } from './scale-ticks';
import type { ValueTransform } from '../recipe';

/** A scale: position 0..1 of a value, marked values for the legend, and the rule in words. */
export interface ValueScale {
  readonly position: (value: number) => number;
  readonly ticks: readonly ScaleTick[];
  readonly rule: string;
}

/** The common scale of several arrays. */
export function valueScale(arrays: readonly Float32Array[], transform: ValueTransform): ValueScale {
  const limit = largestMagnitude(arrays);
  switch (transform) {
    case 'linear':
      return signedScale(limit, (m) => m / limit, 'equal steps', 'linear');
    case 'symlog': {
      const linear = limit / SYMLOG_RANGE;
      const full = Math.log1p(SYMLOG_RANGE);
      const rule = `symmetric logarithm sign(w) ln(1 + |w|/c), c = ${figureNumber(linear)} = largest |w| / ${SYMLOG_RANGE}`;
      return signedScale(limit, (m) => Math.log1p(m / linear) / full, 'spread', rule);
    }
    case 'rank':
      return rankScale(arrays, limit);
    case 'log-ratio':
      return logRatioScale(arrays, limit);
    default:
      return assertNever(transform);
  }
}

const SYMLOG_RANGE = 100;
const RANK_BINS = 65536;

/** Largest |value| of several arrays; 0 where there are none. Throws RangeError for NaN or infinity. */
export function largestMagnitude(arrays: readonly Float32Array[]): number {
  let largest = 0;
  for (const array of arrays) {
    for (let i = 0; i < array.length; i++) {
      const magnitude = Math.abs(array[i]);
      if (!(magnitude <= Number.MAX_VALUE)) throw new RangeError(`a matrix holds ${array[i]} at index ${i}: it cannot be drawn on a scale`);
      if (magnitude > largest) largest = magnitude;
    }
  }
  return largest;
}

function signedScale(limit: number, share: (magnitude: number) => number, spacing: 'equal steps' | 'spread', rule: string): ValueScale {
  return {
    position: (value) => (limit === 0 ? 0.5 : 0.5 + (Math.sign(value) * share(Math.abs(value))) / 2),
    ticks: signedTicks(limit, spacing),
    rule: `${rule}, zero in the middle, limits ±${figureNumber(limit)} = largest |w|`,
  };
}

/** Share of non-zero weights of smaller magnitude, from a histogram of |w|. */
function rankScale(arrays: readonly Float32Array[], limit: number): ValueScale {
  const below = new Float64Array(RANK_BINS + 1);
  const binOf = (magnitude: number): number => Math.min(RANK_BINS - 1, Math.floor((magnitude / limit) * RANK_BINS));
  for (const array of arrays) for (const value of array) if (value !== 0) below[binOf(Math.abs(value)) + 1]++;
  for (let bin = 0; bin < RANK_BINS; bin++) below[bin + 1] += below[bin];
  const total = below[RANK_BINS];
  const share = (magnitude: number): number => (magnitude === 0 ? 0 : below[binOf(magnitude) + 1] / total);
  return signedScale(limit, share, 'spread', `rank of |w| among all non-zero weights shown (${RANK_BINS} bins), signed`);
}

function logRatioScale(arrays: readonly Float32Array[], limit: number): ValueScale {
  let smallest = limit;
  for (const array of arrays) for (const value of array) if (value !== 0) smallest = Math.min(smallest, Math.abs(value));
  const full = Math.log(limit / smallest) || 1;
  return {
    position: (value) => (value === 0 ? 0 : Math.log(Math.abs(value) / smallest) / full),
    ticks: ratioTicks(smallest, limit),
    rule: `ln(|w| / min |w|), min over the non-zero weights shown = ${figureNumber(smallest)}; zeros at the low end`,
  };
}

/** A scale for positive values from the least to the largest of them all; zeros lie at the low end. */
export function positiveScale(maps: readonly ArrayLike<number>[], spacing: 'log' | 'linear'): ValueScale {
  const values = maps.flatMap((map) => Array.from(map)).filter((value) => value > 0);
  const [least, most] = values.length === 0 ? [1, 1] : [Math.min(...values), Math.max(...values)];
  const between = (value: number): number => {
    if (most === least) return 0.5;
    return spacing === 'log' ? Math.log(value / least) / Math.log(most / least) : (value - least) / (most - least);
  };
  return {
    position: (value) => (value > 0 ? between(value) : 0),
    ticks: magnitudeTicks(least, most, spacing),
    rule: `${spacing === 'log' ? 'logarithmic' : 'linear'} from ${figureNumber(least)} to ${figureNumber(most)}`,
  };
}

/** The rule of a linear scale of several arrays that are no weights, in words. */
export function signedRule(arrays: readonly Float32Array[]): string {
  return `linear, zero in the middle, limits ±${figureNumber(largestMagnitude(arrays))}, the largest magnitude shown`;
}
