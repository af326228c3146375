// What a cell of FC3 means, in words: which output it feeds and which input it reads.
import { meaningOf, type MatrixGeometry } from '@shared/matrix/geometry';
import type { CellWords } from '../matrix-set';

/** The cells of a block's matrix in words. */
export function blockWords(geometry: MatrixGeometry): (row: number, column: number) => CellWords {
  return (row, column) => ({ row: rowText(geometry, row), column: columnText(geometry, row, column) });
}

/** A row in words: what it computes. */
export function rowText(geometry: MatrixGeometry, row: number): string {
  const { g, o, i, j } = meaningOf(geometry, row, 0);
  if (geometry.family === 'repmlpNet') return `share-set ${o}, y ${i}, x ${j}`;
  return `group ${g}, output channel ${o}, y ${i}, x ${j}`;
}

/** A column in words, for a row of group g: what it reads. v1 columns count the channels of their group. */
export function columnText(geometry: MatrixGeometry, row: number, column: number): string {
  const { g, c, a, b } = meaningOf(geometry, row, column);
  if (geometry.family === 'repmlpNet') return `y ${a}, x ${b}`;
  return `input channel ${g * geometry.channels + c}, y ${a}, x ${b}`;
}

/** A value as it is read and printed: 6 significant digits, NaN and infinities by name. */
export function valueText(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? '+infinity' : '-infinity';
  if (value === 0) return '0';
  const size = Math.abs(value);
  return size < 1e-4 || size >= 1e6 ? value.toExponential(4) : value.toPrecision(6);
}
