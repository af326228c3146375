import { expect, it } from 'vitest';
import { labelsWithRoom } from './legend';

const bar = (places: readonly (readonly [value: number, x: number, half: number])[]) =>
  places.map(([value, x, half]) => ({ value, x, half }));

it('marks a value and its negative both or neither', () => {
  // The minus sign makes one label wider than its mirror image: only that one would touch the zero.
  const labels = bar([
    [-1, 0, 10],
    [-0.1, 34, 12],
    [0, 50, 5],
    [0.1, 66, 10],
    [1, 100, 8],
  ]);
  expect(
    labelsWithRoom(labels)
      .map(({ value }) => value)
      .sort((a, b) => a - b),
  ).toEqual([-1, 0, 1]);
});

it('marks all that have room, of scales of positive values too', () => {
  const labels = bar([
    [1, 0, 5],
    [2, 12, 5],
    [5, 20, 5],
    [10, 40, 5],
  ]);
  expect(
    labelsWithRoom(labels)
      .map(({ value }) => value)
      .sort((a, b) => a - b),
  ).toEqual([1, 2, 10]);
});
