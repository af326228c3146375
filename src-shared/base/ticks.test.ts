// Ticks are round, inside their range, in equal steps, and printed so that the steps are seen to be equal.
import { describe, expect, it } from 'vitest';
import { digitsOf, logTicks, roundTicks } from './ticks';

/** Whether a number is 1, 2 or 5 (or, between them, a multiple) times a power of ten: few digits. */
const digits = (value: number): number =>
  String(Number(value.toPrecision(12)))
    .replace(/e.*|[-.]|^0+/g, '')
    .replace(/^0+|0+$/g, '').length;

const RANGES = [
  [0, 1],
  [0.4935, 0.5121],
  [-3.2, 7.9],
  [4.1e6, 5.3e6],
  [1e-7, 3e-7],
  [99.99, 100.02],
] as const;

describe('roundTicks', () => {
  it.each(RANGES)('of %d to %d are inside it, equally far apart, and printed so', (from, to) => {
    for (const count of [2, 4, 5, 8]) {
      const values = roundTicks(from, to, count);
      expect(values.length).toBeGreaterThan(0);
      expect(values.every((value) => value >= from && value <= to)).toBe(true);
      const printed = values.map((value) => Number(value.toPrecision(digitsOf(values))));
      const steps = printed.slice(1).map((value, i) => value - printed[i]);
      for (const step of steps) expect(step / steps[0]).toBeCloseTo(1, 5);
    }
  });

  it('knows no negative zero', () => {
    expect(roundTicks(-1, 1, 4).some((value) => Object.is(value, -0))).toBe(false);
  });
});

describe('logTicks', () => {
  it.each([
    [4.2e6, 5.3e6],
    [1e6, 3e8],
    [7.9e5, 3.8e8],
    [3.5e7, 5.2e7],
    [0.002, 0.215],
    [1e-12, 1e12],
    [2, 3],
  ])('of %d to %d are few round numbers inside it', (from, to) => {
    for (const count of [2, 4, 6]) {
      const values = logTicks(from, to, count);
      expect(values.every((value) => value >= from * (1 - 1e-9) && value <= to * (1 + 1e-9))).toBe(true);
      expect(values.length).toBeGreaterThan(0);
      expect(values.length).toBeLessThanOrEqual(2 * count + 1);
      // 1, 2, 5, or a multiple of them between: 4.4, 4.6, 4.8.
      expect(Math.max(...values.map(digits))).toBeLessThanOrEqual(2);
    }
  });

  it('of a long range are equal factors, of a short one equal steps', () => {
    expect(logTicks(1e6, 1e9, 4)).toEqual([1e6, 1e7, 1e8, 1e9]);
    expect(logTicks(1e6, 1e7, 4)).toEqual([1e6, 2e6, 5e6, 1e7]);
    expect(logTicks(0.0101, 1.01, 2)).toEqual([0.1, 1]);
    const short = logTicks(4.4e6, 5.3e6, 5);
    const steps = short.slice(1).map((value, i) => value - short[i]);
    expect(new Set(steps).size).toBe(1);
  });
});

it('as many digits are printed as tell ticks apart, three at least', () => {
  expect(digitsOf([0, 0.5, 1])).toBe(3);
  expect(digitsOf([4.45e6, 4.5e6])).toBe(3);
  expect(digitsOf([100, 100.01, 100.02])).toBe(5);
  expect(digitsOf([1000.5, 1001])).toBe(5);
  expect(digitsOf([])).toBe(3);
});
