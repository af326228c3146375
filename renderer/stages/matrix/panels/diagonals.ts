// The reverse question: which cells of the matrix does one weight of a kernel become? Kernel cell (u, v) of
// channels (o, c) is every (i, j) with a = i + u - p, b = j + v - p inside the map: a diagonal of diagonals.
import { cellOf, pictureCell, type CellMeaning, type MatrixGeometry } from '@shared/matrix/geometry';
import type { MatrixClient } from '../../../workers/matrix/matrix-client';
import type { PictureCell } from '../explorer';

/** Stored cells that kernel cell (u, v) of a K x K kernel between output o and input c becomes. */
export function diagonalOf(geometry: MatrixGeometry, o: number, c: number, K: number, u: number, v: number): PictureCell[] {
  const { h, w } = geometry;
  const p = (K - 1) / 2;
  const cells: PictureCell[] = [];
  for (let i = Math.max(0, p - u); i < Math.min(h, h + p - u); i++) {
    for (let j = Math.max(0, p - v); j < Math.min(w, w + p - v); j++) {
      cells.push(cellOf(geometry, { o, i, j, c, a: i + u - p, b: j + v - p }));
    }
  }
  return cells;
}

/** Largest kernel of the block; 1 when it has none. */
export function largestKernel(geometry: MatrixGeometry): number {
  return Math.max(1, ...geometry.kernels);
}

/** Picture cells to light up for kernel cell (u, v) of the channels of the picked cell. */
export function litCells(
  geometry: MatrixGeometry,
  matrix: MatrixClient,
  { o, c }: Pick<CellMeaning, 'o' | 'c'>,
  { u, v }: { readonly u: number; readonly v: number },
): PictureCell[] {
  const { rows, columns } = matrix.stored;
  return diagonalOf(geometry, o, c, largestKernel(geometry), u, v).map((cell) =>
    pictureCell(matrix.status.layout, rows, columns, cell.row, cell.column),
  );
}
