// Which cells stand in the accessibility tree, and what they are called.
import type { MatrixSize } from '@shared/matrix/camera';
import type { MatrixCell } from '@shared/matrix/geometry';
import type { PictureCell } from '../explorer';

/** Cells from a first one up to, but not with, a last one. */
export interface CellRange {
  readonly rows: readonly [number, number];
  readonly columns: readonly [number, number];
}

/** Cells on each side of the cursor. */
const AROUND = 1;

/** The cells around one, inside the matrix. */
export function rangeAround({ row, column }: PictureCell, { rows, columns }: MatrixSize): CellRange {
  const around = (at: number, length: number): [number, number] => [Math.max(0, at - AROUND), Math.min(length, at + AROUND + 1)];
  return { rows: around(row, rows), columns: around(column, columns) };
}

/** A cell's name: `row 3, column 7: before 0.1, after 0.2; to channel 0, from channel 1`. */
export function cellName(
  { row, column }: MatrixCell,
  values: readonly string[],
  words: { readonly row: string; readonly column: string } | null,
): string {
  const value = values.length === 0 ? 'being read' : values.join(', ');
  const meaning = words === null ? '' : `; ${words.row}, from ${words.column}`;
  return `row ${row}, column ${column}: ${value}${meaning}`;
}
