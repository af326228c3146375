// Statistics of a tensor's values: what a table of weights shows, and what betrays a broken network
// (NaN, infinities, all zeros). Minimum, maximum, mean and deviation are over the finite values.
import { z } from 'zod';
import { computed, count, type Stored } from '../base/sent';
import { toFloat32, toFloat64 } from './convert';
import type { Tensor } from './tensor';

export const valueStatisticsSchema = z.object({
  min: computed,
  max: computed,
  mean: computed,
  /** Population standard deviation. */
  deviation: computed,
  zeros: count,
  nans: count,
  infinities: count,
});
/** Statistics of one tensor. `min`, `max`, `mean`, `deviation` are NaN if no value is finite. */
export type ValueStatistics = Stored<z.infer<typeof valueStatisticsSchema>>;

/** Computes the statistics in double precision, in two passes (so that the deviation does not cancel). */
export function valueStatistics(tensor: Tensor): ValueStatistics {
  const values = numbersOf(tensor);
  const { min, max, sum, ...counts } = firstPass(values);
  const finite = values.length - counts.nans - counts.infinities;
  if (finite === 0) return { min: NaN, max: NaN, mean: NaN, deviation: NaN, ...counts };
  const mean = sum / finite;
  return { min, max, mean, deviation: Math.sqrt(squaredDeviations(values, mean) / finite), ...counts };
}

type Numbers = Float64Array | Float32Array | Int32Array | Int16Array | Int8Array | Uint8Array;

/** The values as an array of plain numbers; only half-precision and 64-bit integers need converting. */
function numbersOf(tensor: Tensor): Numbers {
  if (tensor.dtype === 'float16' || tensor.dtype === 'bfloat16') return toFloat32(tensor).data;
  return tensor.dtype === 'int64' ? toFloat64(tensor) : (tensor.data as Numbers);
}

function firstPass(values: Numbers) {
  let [min, max, sum, zeros, nans, infinities] = [Infinity, -Infinity, 0, 0, 0, 0];
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    // Infinities and NaN alone differ from themselves when subtracted.
    if (value - value !== 0) {
      if (value === value) infinities++;
      else nans++;
      continue;
    }
    if (value === 0) zeros++;
    if (value < min) min = value;
    if (value > max) max = value;
    sum += value;
  }
  return { min, max, sum, zeros, nans, infinities };
}

function squaredDeviations(values: Numbers, mean: number): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) {
    const difference = values[i] - mean;
    if (difference - difference === 0) sum += difference * difference;
  }
  return sum;
}
