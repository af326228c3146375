// The grid of cells in the accessibility tree.
import { expect, test } from 'vitest';
import { cellName, rangeAround } from './cell-grid';

test('the cells around the cursor stand in the tree, those outside the matrix do not', () => {
  const size = { rows: 4, columns: 9 };
  expect(rangeAround({ row: 2, column: 5 }, size)).toEqual({ rows: [1, 4], columns: [4, 7] });
  expect(rangeAround({ row: 0, column: 0 }, size)).toEqual({ rows: [0, 2], columns: [0, 2] });
  expect(rangeAround({ row: 3, column: 8 }, size)).toEqual({ rows: [2, 4], columns: [7, 9] });
  expect(rangeAround({ row: 0, column: 0 }, { rows: 1, columns: 1 })).toEqual({ rows: [0, 1], columns: [0, 1] });
});

test('a cell is called by row, column, values and meaning, and says where its value is not there yet', () => {
  const words = { row: 'channel 1 at (0, 2)', column: 'channel 0 at (1, 1)' };
  expect(cellName({ row: 3, column: 7 }, ['before 0.1', 'after 0.2'], words)).toBe(
    'row 3, column 7: before 0.1, after 0.2; channel 1 at (0, 2), from channel 0 at (1, 1)',
  );
  expect(cellName({ row: 3, column: 7 }, [], null)).toBe('row 3, column 7: being read');
});
