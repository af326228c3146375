import { expect, test } from 'vitest';
import { clippedLine, isInside } from './clip';

const box = { x: 0, y: 0, width: 10, height: 10 };

test('a line that leaves a box and comes back is two lines, each cut at the edge', () => {
  const line = [
    [2, 5],
    [2, 15],
    [8, 15],
    [8, 5],
  ] as const;
  expect(clippedLine(line, box)).toEqual([
    [
      [2, 5],
      [2, 10],
    ],
    [
      [8, 10],
      [8, 5],
    ],
  ]);
});

test('a line inside stays one line, one outside is none, and one through both sides is its middle', () => {
  const inside = [
    [1, 1],
    [5, 9],
    [9, 1],
  ] as const;
  expect(clippedLine(inside, box)).toEqual([inside]);
  expect(
    clippedLine(
      [
        [-5, 20],
        [20, 20],
      ],
      box,
    ),
  ).toEqual([]);
  expect(
    clippedLine(
      [
        [-10, 5],
        [20, 5],
      ],
      box,
    ),
  ).toEqual([
    [
      [0, 5],
      [10, 5],
    ],
  ]);
  expect(isInside([10, 10], box)).toBe(true);
  expect(isInside([10.1, 10], box)).toBe(false);
});
