// Plots as tables.
import { expect, test } from 'vitest';
import { cellTableOf, namedCells, tableOf } from './plot-table';

test('series with x values of their own share rows where they have the same, and leave cells empty where they do not', () => {
  const series = [
    { label: 'training', x: [1, 2, 4], y: [9, 8, 6] },
    { label: 'validation', x: [2, 3], y: [0, 5] },
  ];
  expect(tableOf(series)).toEqual({
    rows: [
      { x: 1, values: [9, null] },
      { x: 2, values: [8, 0] },
      { x: 3, values: [null, 5] },
      { x: 4, values: [6, null] },
    ],
    left: 0,
  });
});

test('of too many places some are listed, the first and the last among them, and it is said how many are not', () => {
  const x = Array.from({ length: 1000 }, (_, at) => at);
  const { rows, left } = tableOf([{ label: 'loss', x, y: x.map((at) => 2 * at) }], 5);
  expect(rows.map((row) => row.x)).toEqual([0, 250, 500, 749, 999]);
  expect(rows.every((row) => row.values[0] === 2 * row.x)).toBe(true);
  expect(left).toBe(995);
});

test('a picture is listed cell by cell; of a large one some rows and columns are, which is said', () => {
  expect(cellTableOf(2, 3)).toEqual({ rows: [0, 1], columns: [0, 1, 2], leftOut: null });
  const { rows, columns, leftOut } = cellTableOf(101, 3, 5);
  expect(rows).toEqual([0, 25, 50, 75, 100]);
  expect(columns).toEqual([0, 1, 2]);
  expect(leftOut).toMatch(/of 101 rows and 3 columns 5 and 3 are listed/);
});

test('rows and columns are called by the numbers of their axes', () => {
  const axes = { down: { name: 'dy', from: -2, to: 2 }, across: { name: 'dx', from: -1, to: 1 } };
  const { row, column } = namedCells(5, 3, axes);
  expect([0, 2, 4].map(row)).toEqual(['dy -2', 'dy 0', 'dy 2']);
  expect([0, 1, 2].map(column)).toEqual(['dx -1', 'dx 0', 'dx 1']);
  expect(namedCells(1, 1).row(0)).toBe('row 0');
});
