// Slices of FC3 that are pictures: what an output position reads, where an input position goes, and the
// kernel that the branches added. All as stored indices, row * columns + column.
import { cellOf, columnsOf, type CellMeaning, type MatrixGeometry } from '@shared/matrix/geometry';
import { diagonalOf } from './diagonals';

const indexOf = (geometry: MatrixGeometry, cell: Omit<CellMeaning, 'g'>): number => {
  const { row, column } = cellOf(geometry, cell);
  return row * columnsOf(geometry) + column;
};

/** h x w indices over (a, b): how output (o, i, j) depends on input channel c. The paper's slice [o, i, j, c, :, :]. */
export function inputMapIndices(geometry: MatrixGeometry, { o, i, j, c }: Pick<CellMeaning, 'o' | 'i' | 'j' | 'c'>): Float64Array {
  const { h, w } = geometry;
  return Float64Array.from({ length: h * w }, (_, k) => indexOf(geometry, { o, i, j, c, a: Math.floor(k / w), b: k % w }));
}

/** h x w indices over (i, j): where input (c, a, b) goes in output channel o. */
export function fanOutIndices(geometry: MatrixGeometry, { o, c, a, b }: Pick<CellMeaning, 'o' | 'c' | 'a' | 'b'>): Float64Array {
  const { h, w } = geometry;
  return Float64Array.from({ length: h * w }, (_, k) => indexOf(geometry, { o, i: Math.floor(k / w), j: k % w, c, a, b }));
}

/** K x K indices into the added matrix: the summed kernel between o and c, each weight where it first appears; -1 where it never does. */
export function kernelIndices(geometry: MatrixGeometry, o: number, c: number, K: number): Float64Array {
  const columns = columnsOf(geometry);
  return Float64Array.from({ length: K * K }, (_, k) => {
    const [first] = diagonalOf(geometry, o, c, K, Math.floor(k / K), k % K);
    return first ? first.row * columns + first.column : -1;
  });
}

/** The part of the largest kernel's window around (i, j) that lies inside the h x w map. */
export function windowOf(
  { h, w }: MatrixGeometry,
  K: number,
  i: number,
  j: number,
): { row: number; column: number; rows: number; columns: number } {
  const p = (K - 1) / 2;
  const [row, column] = [Math.max(0, i - p), Math.max(0, j - p)];
  return { row, column, rows: Math.min(h, i + p + 1) - row, columns: Math.min(w, j + p + 1) - column };
}

/**
 * Figure 5's printed property: over the cells outside the largest kernel's window, after minus before in the
 * log view, as mean and largest deviation from it; of no cells where none holds two numbers. null when the window
 * covers the map.
 */
export function outsideDifference(
  geometry: MatrixGeometry,
  { i, j }: Pick<CellMeaning, 'i' | 'j'>,
  K: number,
  before: ArrayLike<number>,
  after: ArrayLike<number>,
): { constant: number; spread: number; cells: number } | null {
  const { row, column, rows, columns } = windowOf(geometry, K, i, j);
  if (rows === geometry.h && columns === geometry.w) return null;
  const differences: number[] = [];
  for (let k = 0; k < geometry.h * geometry.w; k++) {
    const [a, b] = [Math.floor(k / geometry.w), k % geometry.w];
    const inside = a >= row && a < row + rows && b >= column && b < column + columns;
    if (!inside && Number.isFinite(before[k]) && Number.isFinite(after[k])) differences.push(after[k] - before[k]);
  }
  const constant = differences.reduce((sum, d) => sum + d, 0) / differences.length;
  return { constant, spread: Math.max(...differences.map((d) => Math.abs(d - constant))), cells: differences.length };
}

/** Figure 5's choice: output channel 0, a position right and below the middle, first input channel. */
export function startCell({ h, w }: MatrixGeometry): CellMeaning {
  const [i, j] = [Math.floor(h * 0.6), Math.floor(w * 0.6)];
  return { g: 0, o: 0, i, j, c: 0, a: i, b: j };
}
