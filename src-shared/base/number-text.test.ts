// What rounds to zero has no sign.
import { expect, it } from 'vitest';
import { fixed, percentText, signedFixed } from './number-text';

it.each([
  [-0.04, 1, '0.0'],
  [-0, 2, '0.00'],
  [-0.4, 0, '0'],
  [-0.06, 1, '-0.1'],
  [-10, 1, '-10.0'],
  [0.04, 1, '0.0'],
  [12.345, 1, '12.3'],
  [Number.NaN, 1, 'NaN'],
])('%d with %d decimals is %s', (value, decimals, text) => {
  expect(fixed(value, decimals)).toBe(text);
});

it('a difference has a sign where it is not rounded to zero', () => {
  expect([0.004, -0.004, 0, 0.006, -0.006].map((value) => signedFixed(value, 2))).toEqual(['0.00', '0.00', '0.00', '+0.01', '-0.01']);
});

it('per cent have no negative zero', () => {
  expect([-1e-17, -0.0004, -0.0006, 0.5, 1].map((share) => percentText(share))).toEqual(['0.0 %', '0.0 %', '-0.1 %', '50.0 %', '100.0 %']);
  expect(percentText(-1e-9, 2)).toBe('0.00 %');
});
