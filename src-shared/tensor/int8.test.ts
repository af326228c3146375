// Rounding to int8 done by hand, and held against the noise that uniform rounding has.
import { describe, expect, test } from 'vitest';
import { floatTensor } from './tensor';
import { normalArray, randomFrom, seed } from './random';
import { decibels, throughInt8 } from './int8';

describe('weights through int8', () => {
  test('are multiples of the largest over 127, ties to even', () => {
    // Scale 2/127 makes 127 of 2; 1.5 steps and 2.5 steps both round to 2, -0.5 to 0.
    const step = Math.fround(2 / 127);
    const { data } = throughInt8(floatTensor([1, 5], Float32Array.of(2, 1.5 * step, 2.5 * step, -0.5 * step, -1.4 * step)), 'tensor');
    expect(Array.from(data, (value) => Math.round(value / step))).toEqual([127, 2, 2, 0, -1]);
    expect(data[0]).toBeCloseTo(2, 6);
  });

  test('have a scale per output channel where that is asked for', () => {
    const tensor = floatTensor([2, 2], Float32Array.of(127, 1, 1.27, 0.01));
    expect(Array.from(throughInt8(tensor, 'tensor').data)).toEqual([127, 1, 1, 0]);
    const { data } = throughInt8(tensor, 'channel');
    expect(data[2]).toBeCloseTo(1.27, 6);
    expect(data[3]).toBeCloseTo(0.01, 6);
  });

  test('of a zero tensor stay zero, and what is not finite stays what it is', () => {
    expect(throughInt8(floatTensor([2], new Float32Array(2)), 'tensor').data).toEqual(new Float32Array(2));
    expect(throughInt8(floatTensor([3], Float32Array.of(NaN, Infinity, 1)), 'tensor').data).toEqual(Float32Array.of(NaN, Infinity, 1));
  });

  test('lose about what the theory of rounding says: a step squared over twelve', () => {
    const values = normalArray(randomFrom(seed(3)), 100_000, 1);
    const { data } = throughInt8(floatTensor([values.length], values), 'tensor');
    const step = values.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0) / 127;
    const noise = data.reduce((sum, value, i) => sum + (value - values[i]) ** 2, 0) / values.length;
    expect(noise / (step ** 2 / 12)).toBeGreaterThan(0.97);
    expect(noise / (step ** 2 / 12)).toBeLessThan(1.03);
  });
});

test('decibels are ten times the logarithm, and infinite without noise', () => {
  expect(decibels(1000, 1)).toBeCloseTo(30, 12);
  expect(decibels(1, 0)).toBe(Infinity);
});
