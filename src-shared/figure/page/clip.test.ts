import { expect, test } from 'vitest';
import { clippedArea, clippedLine, isInside } from './clip';

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

test('an area is cut to the box: what is left has the area that both share', () => {
  const box = { x: 0, y: 0, width: 10, height: 10 };
  const areaOf = (points: readonly (readonly [number, number])[]): number =>
    Math.abs(points.reduce((sum, [x, y], i) => sum + x * points[(i + 1) % points.length][1] - points[(i + 1) % points.length][0] * y, 0)) /
    2;
  expect(
    areaOf(
      clippedArea(
        [
          [-5, 2],
          [15, 2],
          [15, 4],
          [-5, 4],
        ],
        box,
      ),
    ),
  ).toBeCloseTo(20, 9);
  expect(
    areaOf(
      clippedArea(
        [
          [1, 1],
          [9, 1],
          [5, 9],
        ],
        box,
      ),
    ),
  ).toBeCloseTo(32, 9);
  // A diamond about a corner: a quarter of it lies inside.
  expect(
    areaOf(
      clippedArea(
        [
          [-4, 0],
          [0, -4],
          [4, 0],
          [0, 4],
        ],
        box,
      ),
    ),
  ).toBeCloseTo(8, 9);
  expect(
    clippedArea(
      [
        [20, 20],
        [30, 20],
        [30, 30],
      ],
      box,
    ),
  ).toEqual([]);
});
