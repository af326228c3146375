// A row of FC3 and the maps it is folded into.
import { expect, test } from 'vitest';
import { limitsOf, mapsOfRow, placeOfRow } from './live-matrix';

const shape = { O: 2, channels: 3, h: 2, w: 4 };

test('a row is folded into one map a channel, each value at its channel, row and column', () => {
  const columns = shape.channels * shape.h * shape.w;
  const rows = shape.O * shape.h * shape.w;
  // Each weight tells its own place: row, then channel, row and column of the input.
  const data = Float32Array.from({ length: rows * columns }, (_, at) => at);
  const maps = mapsOfRow({ rows, columns, data }, shape, 5);
  expect(maps.map((map) => [map.rows, map.columns])).toEqual([
    [2, 4],
    [2, 4],
    [2, 4],
  ]);
  for (const [c, map] of maps.entries())
    for (let a = 0; a < 2; a++) for (let b = 0; b < 4; b++) expect(map.data[a * 4 + b]).toBe(5 * columns + (c * 2 + a) * 4 + b);
});

test('rows run over output channels, then rows, then columns of the map', () => {
  expect([0, 3, 4, 7, 8, 15].map((row) => placeOfRow(shape, row))).toEqual([
    { o: 0, i: 0, j: 0 },
    { o: 0, i: 0, j: 3 },
    { o: 0, i: 1, j: 0 },
    { o: 0, i: 1, j: 3 },
    { o: 1, i: 0, j: 0 },
    { o: 1, i: 1, j: 3 },
  ]);
});

test('colours end where all but the two hundredth part of the weights lie within, whatever their sign and order', () => {
  // Magnitudes 1 to 1000, every other one negative, in two pictures: 995 of them are at most 995.
  const values = Array.from({ length: 1000 }, (_, k) => (k % 2 === 0 ? 1 : -1) * (1000 - k));
  const pictures = [values.slice(0, 300), values.slice(300)].map((part) => ({ data: Float32Array.from(part) }));
  expect(limitsOf(pictures)).toEqual({ limit: 995, largest: 1000 });
});
