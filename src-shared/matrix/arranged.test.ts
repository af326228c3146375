// Arranged pictures against the layout's own rule, cell by cell.
import { describe, expect, it } from 'vitest';
import { normalArray, randomFrom, seed } from '../tensor/random';
import { arranged } from './arranged';
import { columnsOf, rowsOf, type MatrixGeometry } from './geometry';
import { storedCell } from './layout';
import { LAYOUT_NAMES, layoutOf } from './named-layouts';

const geometry: MatrixGeometry = { O: 4, channels: 2, h: 3, w: 2, family: 'repmlp', groups: 2, kernels: [3] };
const [rows, columns] = [rowsOf(geometry), columnsOf(geometry)];
const matrix = { rows, columns, data: Float32Array.from(normalArray(randomFrom(seed(3)), rows * columns, 1)) };

/** The value of a picture's cell by the layout's inverse; NaN where none stands there. */
function valueAt(layout: ReturnType<typeof layoutOf>, row: number, column: number): number {
  const cell = storedCell(layout, rows, columns, row, column);
  return cell === null ? Number.NaN : matrix.data[cell.row * columns + cell.column];
}

describe.each(LAYOUT_NAMES)('%s', (name) => {
  const layout = layoutOf(name, geometry);

  it('has every weight at the place that the layout says, and nothing elsewhere', () => {
    const { data, ...picture } = arranged(matrix, layout, { most: 1000 });
    expect(picture.pool).toEqual({ rows: 1, columns: 1 });
    const expected = Array.from({ length: data.length }, (_, i) => valueAt(layout, Math.floor(i / picture.columns), i % picture.columns));
    expect([...data]).toEqual(expected);
  });

  it('shows a part, pooled by each rule', () => {
    const region = { row: 1, column: 1, rows: 10, columns: 7 };
    for (const rule of ['maxMagnitude', 'mean', 'min', 'max'] as const) {
      const { data, ...picture } = arranged(matrix, layout, { region, rule, most: 4 });
      expect([picture.rows, picture.columns]).toEqual([4, 4]);
      data.forEach((value, i) => {
        const [top, left] = [Math.floor(i / 4) * 3, (i % 4) * 2];
        const block: number[] = [];
        for (let y = top; y < Math.min(top + 3, 10); y++)
          for (let x = left; x < Math.min(left + 2, 7); x++) block.push(valueAt(layout, region.row + y, region.column + x));
        const there = block.filter((one) => !Number.isNaN(one));
        const pooled = {
          maxMagnitude: there.reduce((most, one) => (Math.abs(one) > Math.abs(most) ? one : most), 0),
          mean: there.reduce((sum, one) => sum + one, 0) / there.length,
          min: Math.min(...there),
          max: Math.max(...there),
        }[rule];
        if (there.length === 0) expect(value).toBeNaN();
        else expect(value).toBeCloseTo(pooled, 5);
      });
    }
  });
});

it('refuses a part that is not in the picture', () => {
  expect(() => arranged(matrix, { kind: 'stored' }, { region: { row: 0, column: 9, rows: 2, columns: columns }, most: 10 })).toThrow(
    RangeError,
  );
});
