import { expect, it } from 'vitest';
import { largestOf, smallestOf } from './extremes';

it('finds the extremes of more numbers than fit on the stack', () => {
  const values = Array.from({ length: 1_000_000 }, (_, i) => (i * 7919) % 1_000_003);
  values[123_456] = 5e6;
  values[654_321] = -5e6;
  expect(() => Math.max(...values)).toThrow(RangeError);
  expect([largestOf(values), smallestOf(values)]).toEqual([5e6, -5e6]);
});

it('gives what Math.max and Math.min give: the limit of no values, NaN where one is', () => {
  expect([largestOf([]), smallestOf([]), largestOf([], 0), smallestOf([], 0)]).toEqual([-Infinity, Infinity, 0, 0]);
  expect([largestOf([1, NaN, 3]), smallestOf([1, NaN, 3])]).toEqual([NaN, NaN]);
  expect([largestOf([-1], 0), smallestOf([1], 0)]).toEqual([0, 0]);
});
