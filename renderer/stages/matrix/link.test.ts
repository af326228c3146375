// The cells that pictures lead to.
import { expect, test } from 'vitest';
import { cellAt, cellAtDistance, cellOfDisplacement } from './link';

const shape = { O: 4, channels: 2, h: 3, w: 5 };

test('every displacement leads to a cell that has it', () => {
  for (let dy = -2; dy <= 2; dy++) {
    for (let dx = -4; dx <= 4; dx++) {
      const { row, column } = cellOfDisplacement(shape, 1, dy, dx);
      const [o, i, j] = [Math.floor(row / 15), Math.floor(row / 5) % 3, row % 5];
      const [c, a, b] = [Math.floor(column / 15), Math.floor(column / 5) % 3, column % 5];
      expect([o, c, a - i, b - j]).toEqual([1, 0, dy, dx]);
    }
  }
});

test('a cell is row (o, i, j) and column (c, a, b), and never outside the partition', () => {
  expect(cellAt(shape, [3, 2, 4], [1, 0, 1])).toEqual({ row: 59, column: 16 });
  expect(cellAt(shape, [0, 3, 5], [0, -1, 0])).toEqual({ row: 14, column: 0 });
});

test('every distance of the locality profile leads to a cell that far away', () => {
  const farthest = Math.round(Math.hypot(2, 4));
  for (let distance = 0; distance <= farthest; distance++) {
    const { row, column } = cellAtDistance(shape, 1, distance);
    const [i, j] = [Math.floor(row / 5) % 3, row % 5];
    const [a, b] = [Math.floor(column / 5) % 3, column % 5];
    expect(Math.round(Math.hypot(a - i, b - j))).toBe(distance);
  }
});
