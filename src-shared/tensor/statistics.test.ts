import { expect, it } from 'vitest';
import { toFloatType } from './convert';
import { valueStatistics } from './statistics';
import { floatTensor } from './tensor';

it('counts zeros, NaN and infinities apart and leaves them out of the mean', () => {
  const values = Float32Array.of(0, -0, NaN, Infinity, -Infinity, 2, 4);
  expect(valueStatistics(floatTensor([7], values))).toEqual({
    ...{ min: 0, max: 4, mean: 1.5, zeros: 2, nans: 1, infinities: 2 },
    deviation: Math.sqrt((2 * 1.5 ** 2 + 0.5 ** 2 + 2.5 ** 2) / 4),
  });
});

it('keeps the deviation of values far from zero', () => {
  const { mean, deviation } = valueStatistics({ shape: [4], dtype: 'float64', data: Float64Array.of(1e9, 1e9 + 1, 1e9, 1e9 + 1) });
  expect([mean, deviation]).toEqual([1e9 + 0.5, 0.5]);
});

it('is the same for half precision as for the values it holds', () => {
  const tensor = floatTensor([3], Float32Array.of(0.5, -1.25, 3));
  for (const dtype of ['float16', 'bfloat16', 'float64'] as const) {
    expect(valueStatistics(toFloatType(tensor, dtype))).toEqual(valueStatistics(tensor));
  }
});

it('takes integers and flags as numbers', () => {
  expect(valueStatistics({ shape: [], dtype: 'int64', data: BigInt64Array.of(7n) })).toMatchObject({
    min: 7,
    max: 7,
    mean: 7,
    deviation: 0,
  });
  expect(valueStatistics({ shape: [2], dtype: 'bool', data: Uint8Array.of(0, 1) })).toMatchObject({ mean: 0.5, zeros: 1 });
});

it('says NaN where nothing is finite', () => {
  expect(valueStatistics(floatTensor([0], new Float32Array(0)))).toMatchObject({ min: NaN, max: NaN, mean: NaN, deviation: NaN, nans: 0 });
});
