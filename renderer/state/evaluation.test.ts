import { expect, test } from 'vitest';
import { agreement, classAccuracies } from './evaluation';

test('accuracy of a class is its share of right predictions, unknown without samples', () => {
  expect(
    classAccuracies([
      [3, 1, 0],
      [0, 5, 0],
      [0, 0, 0],
    ]),
  ).toEqual([0.75, 1, null]);
});

test('agreement counts equal predictions at the same place', () => {
  expect(agreement([1, 2, 3, 4], [1, 2, 4, 3])).toBe(0.5);
});
