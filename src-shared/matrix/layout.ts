// How the stored FC3 matrix is laid out as a picture: which of its six axes make the picture's rows and columns.
// Invariant: every stored cell stands in a picture exactly once; pictureCell and storedCell undo each other.
import { cellIndexOf, cellOf, columnOf, columnsOf, type FcShape, type CellIndex, type MatrixCell, type MatrixGeometry } from './geometry';

export type Axis = keyof CellIndex;

/** A layout. */
export type Layout =
  | { readonly kind: 'stored' }
  /** The grouped matrix as the full one: zeros outside the groups' blocks. */
  | { readonly kind: 'blockDiagonal'; readonly groups: number }
  /** Any split of the six axes into rows and columns, outermost first. */
  | { readonly kind: 'axes'; readonly geometry: MatrixGeometry; readonly rows: readonly Axis[]; readonly columns: readonly Axis[] }
  /** Columns are offsets (c, a - i, b - j): a convolution becomes vertical stripes; missing positions are void. */
  | { readonly kind: 'offsets'; readonly geometry: MatrixGeometry };

/** Number of values an axis runs over. */
export function axisLength({ O, channels, h, w }: FcShape, axis: Axis): number {
  return { o: O, i: h, j: w, c: channels, a: h, b: w }[axis];
}

/** Distance in the stored array between neighbours along an axis. */
export function axisStride(shape: FcShape, axis: Axis): number {
  const { h, w } = shape;
  const row = columnsOf(shape);
  return { o: h * w * row, i: w * row, j: row, c: h * w, a: w, b: 1 }[axis];
}

/** Rows and columns of the picture a layout makes of a stored rows x columns matrix. */
export function pictureSize(layout: Layout, rows: number, columns: number): { rows: number; columns: number } {
  if (layout.kind === 'stored') return { rows, columns };
  if (layout.kind === 'blockDiagonal') return { rows, columns: columns * layout.groups };
  const { geometry } = layout;
  if (layout.kind === 'offsets') return { rows, columns: geometry.channels * (2 * geometry.h - 1) * (2 * geometry.w - 1) };
  const product = (axes: readonly Axis[]): number => axes.reduce((n, axis) => n * axisLength(geometry, axis), 1);
  return { rows: product(layout.rows), columns: product(layout.columns) };
}

/** Stored cell behind a picture's cell; null where the picture has no stored cell (another group, outside the map). */
export function storedCell(layout: Layout, rows: number, columns: number, row: number, column: number): MatrixCell | null {
  if (layout.kind === 'stored') return { row, column };
  if (layout.kind === 'blockDiagonal') {
    const block = Math.floor(row / (rows / layout.groups));
    return Math.floor(column / columns) === block ? { row, column: column % columns } : null;
  }
  if (layout.kind === 'offsets') {
    const stored = columnAtOffset(layout.geometry, row, column);
    return stored < 0 ? null : { row, column: stored };
  }
  const indices = { ...unravel(layout.geometry, layout.rows, row), ...unravel(layout.geometry, layout.columns, column) };
  return cellOf(layout.geometry, indices as Record<Axis, number>);
}

/** Picture cell of a stored cell; the inverse of storedCell. */
export function pictureCell(layout: Layout, rows: number, columns: number, row: number, column: number): MatrixCell {
  if (layout.kind === 'stored') return { row, column };
  if (layout.kind === 'blockDiagonal') return { row, column: Math.floor(row / (rows / layout.groups)) * columns + column };
  const cell = cellIndexOf(layout.geometry, row, column);
  if (layout.kind === 'axes') {
    return { row: ravel(layout.geometry, layout.rows, cell), column: ravel(layout.geometry, layout.columns, cell) };
  }
  const { h, w } = layout.geometry;
  const { c, a, i, b, j } = cell;
  return { row, column: columnOf({ h: 2 * h - 1, w: 2 * w - 1 }, { c, a: a - i + h - 1, b: b - j + w - 1 }) };
}

/** Stored column at offset column (c, a - i, b - j) of a row; -1 where that is outside the map. */
export function columnAtOffset({ h, w }: Pick<FcShape, 'h' | 'w'>, row: number, column: number): number {
  const [width, height] = [2 * w - 1, 2 * h - 1];
  const a = (Math.floor(row / w) % h) + (Math.floor(column / width) % height) - (h - 1);
  const b = (row % w) + (column % width) - (w - 1);
  if (a < 0 || a >= h || b < 0 || b >= w) return -1;
  return (Math.floor(column / (width * height)) * h + a) * w + b;
}

function unravel(geometry: FcShape, axes: readonly Axis[], index: number): Partial<Record<Axis, number>> {
  const indices: Partial<Record<Axis, number>> = {};
  for (const axis of [...axes].reverse()) {
    const length = axisLength(geometry, axis);
    indices[axis] = index % length;
    index = Math.floor(index / length);
  }
  return indices;
}

function ravel(geometry: FcShape, axes: readonly Axis[], cell: CellIndex): number {
  return axes.reduce((index, axis) => index * axisLength(geometry, axis) + cell[axis], 0);
}
