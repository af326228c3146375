import { expect, test } from 'vitest';
import { axisLabels, foldedPlace, foldText, rowProgress } from './fold';
import type { CellIndex, FcShape } from './geometry';

const shape: FcShape = { O: 2, channels: 2, h: 3, w: 2 };
const range = (count: number): number[] => Array.from({ length: count }, (_, k) => k);
const cells: CellIndex[] = range(2).flatMap((o) =>
  range(3).flatMap((i) =>
    range(2).flatMap((j) => range(2).flatMap((c) => range(3).flatMap((a) => range(2).map((b) => ({ o, i, j, c, a, b }))))),
  ),
);
const key = ({ x, y, z }: { x: number; y: number; z: number }): string => [x, y, z].map((value) => value.toFixed(6)).join(' ');

test('unrolled, every cell stands one step right of the one before in its row and one below the row above', () => {
  // 12 rows and 12 columns about the origin, in the order o, i, j and c, a, b.
  cells.forEach((cell, k) => {
    expect(foldedPlace(shape, cell, 1)).toEqual({ x: (k % 12) - 5.5, y: 5.5 - Math.floor(k / 12), z: expect.closeTo(0, 12) });
  });
});

test('folded and unrolled, no two cells share a place', () => {
  for (const unfolded of [0, 1]) expect(new Set(cells.map((cell) => key(foldedPlace(shape, cell, unfolded)))).size).toBe(cells.length);
});

test('folded, the map of an output position lies together: neighbours in b are one step apart, the next channel is above and behind', () => {
  const at = (cell: Partial<CellIndex>) => foldedPlace(shape, { o: 0, i: 1, j: 1, c: 0, a: 0, b: 0, ...cell }, 0);
  expect(at({ b: 1 }).x - at({}).x).toBe(1);
  expect(at({ a: 1 }).y - at({}).y).toBe(-1);
  expect(at({ c: 1 }).x).toBe(at({}).x);
  expect(at({ c: 1 }).y).toBeGreaterThan(foldedPlace(shape, { o: 0, i: 0, j: 0, c: 0, a: 0, b: 0 }, 0).y);
  expect(at({ c: 1 }).z).toBeLessThan(at({}).z);
});

test('rows go one after the other, none goes back, and all arrive', () => {
  expect(rowProgress(0, 0, 10)).toBe(0);
  expect(rowProgress(0.3, 0, 10)).toBeGreaterThan(rowProgress(0.3, 9, 10));
  for (const row of [0, 4, 9]) {
    expect(rowProgress(1, row, 10)).toBe(1);
    range(20).forEach((k) => expect(rowProgress((k + 1) / 20, row, 10)).toBeGreaterThanOrEqual(rowProgress(k / 20, row, 10)));
  }
});

test('the six axes are named while folded, the two of the matrix when unrolled', () => {
  const seen = (unfolded: number): string[] => axisLabels(shape, unfolded).flatMap(({ text, strength }) => (strength > 0 ? [text] : []));
  expect(seen(0)).toEqual(['j: output column', 'i: output row', 'b', 'a', 'o = 0', 'o = 1', 'c = 0', 'c = 1']);
  expect(seen(1)).toEqual(['column (c, a, b)', 'row (o, i, j)']);
});

test('the text says how the six numbers make row and column', () => {
  expect(foldText(shape, { o: 1, i: 2, j: 1, c: 0, a: 1, b: 1 })).toBe(
    'Cell (o 1, i 2, j 1, c 0, a 1, b 1): row 1 × 6 + 2 × 2 + 1 = 11, column 0 × 6 + 1 × 2 + 1 = 3.',
  );
});
