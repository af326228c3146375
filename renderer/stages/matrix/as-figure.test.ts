import { expect, test } from 'vitest';
import { regionInView } from './as-figure';

const size = { rows: 100, columns: 60 };

test('a camera that sees all of a matrix asks for no part of it', () => {
  expect(regionInView({ x: 30, y: 50, zoom: 2 }, { width: 400, height: 400 }, size)).toBeNull();
});

test('a part is the rows and columns in view, those cut by the edge among them, none beyond the matrix', () => {
  expect(regionInView({ x: 10, y: 50, zoom: 10 }, { width: 200, height: 105 }, size)).toEqual({
    row: 44,
    column: 0,
    rows: 12,
    columns: 20,
  });
  expect(regionInView({ x: 58, y: 98, zoom: 10 }, { width: 100, height: 100 }, size)).toEqual({ row: 93, column: 53, rows: 7, columns: 7 });
});
