// A part of a matrix in one of its layouts, pooled to at most so many cells along a side: what a figure draws of it. The picture's
// cell of a stored one is a sum of what its row and its column say, in every layout, so that no large picture is ever made.
// Invariant: nothing is skipped: a pooled cell stands for all of its weights; cells of none are NaN.
import { assertNever } from '../base/assert-never';
import { pictureCell, pictureSize, type Layout } from './layout';
import type { PoolRule } from './pool';

/** Rows and columns of a picture. */
export interface Region {
  readonly row: number;
  readonly column: number;
  readonly rows: number;
  readonly columns: number;
}

/** A picture of a matrix, or of a part of it. */
export interface Arranged {
  readonly rows: number;
  readonly columns: number;
  /** Row-major; NaN where no weight stands. */
  readonly data: Float32Array;
  /** Cells of the picture in one of these, along each axis. */
  readonly pool: { readonly rows: number; readonly columns: number };
  /** What of the picture it shows, and the size of the whole. */
  readonly region: Region;
  readonly whole: { readonly rows: number; readonly columns: number };
}

/** Arranges and pools a stored matrix (rows, columns). Throws RangeError for a region that is not in the picture. */
export function arranged(
  matrix: { readonly rows: number; readonly columns: number; readonly data: Float32Array },
  layout: Layout,
  { region: asked, rule = 'maxMagnitude', most }: { readonly region?: Region; readonly rule?: PoolRule; readonly most: number },
): Arranged {
  const whole = pictureSize(layout, matrix.rows, matrix.columns);
  const region = asked ?? { row: 0, column: 0, ...whole };
  if (region.row + region.rows > whole.rows || region.column + region.columns > whole.columns)
    throw new RangeError(
      `rows ${region.row} and on, columns ${region.column} and on are not all in a picture of ${whole.rows} x ${whole.columns}`,
    );
  const pool = { rows: Math.ceil(region.rows / most), columns: Math.ceil(region.columns / most) };
  const [rows, columns] = [Math.ceil(region.rows / pool.rows), Math.ceil(region.columns / pool.columns)];
  const data = new Float32Array(rows * columns).fill(Number.NaN);
  const counts = rule === 'mean' ? new Uint32Array(data.length) : null;
  const add = addingBy(rule);
  const at = (row: number, column: number): { row: number; column: number } =>
    pictureCell(layout, matrix.rows, matrix.columns, row, column);
  const origin = at(0, 0);
  const ofColumns = Array.from({ length: matrix.columns }, (_, column) => at(0, column));
  for (let row = 0, index = 0; row < matrix.rows; row++) {
    const ofRow = at(row, 0);
    const [down, right] = [ofRow.row - origin.row - region.row, ofRow.column - origin.column - region.column];
    for (let column = 0; column < matrix.columns; column++, index++) {
      const [y, x] = [down + ofColumns[column].row, right + ofColumns[column].column];
      if (y < 0 || x < 0 || y >= region.rows || x >= region.columns) continue;
      const cell = Math.floor(y / pool.rows) * columns + Math.floor(x / pool.columns);
      data[cell] = add(data[cell], matrix.data[index]);
      if (counts) counts[cell]++;
    }
  }
  if (counts) counts.forEach((count, cell) => count > 1 && (data[cell] /= count));
  return { rows, columns, data, pool, region, whole };
}

/** What a cell becomes with another weight; NaN is one that has none yet. */
function addingBy(rule: PoolRule): (before: number, value: number) => number {
  const first = (before: number): boolean => Number.isNaN(before);
  switch (rule) {
    case 'maxMagnitude':
      return (before, value) => (first(before) || Math.abs(value) > Math.abs(before) ? value : before);
    case 'mean':
      return (before, value) => (first(before) ? value : before + value);
    case 'min':
      return (before, value) => (first(before) || value < before ? value : before);
    case 'max':
      return (before, value) => (first(before) || value > before ? value : before);
    default:
      return assertNever(rule);
  }
}
