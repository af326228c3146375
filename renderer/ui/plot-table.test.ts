// Plots as tables.
import { expect, test } from 'vitest';
import { tableOf } from './plot-table';

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
