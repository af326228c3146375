// A matrix as the viewer reads it: rows x columns float32, any part on demand, never copied whole.
// Block-diagonal expansions, axis orders and offset layouts are read through index tables.
// Invariant: outside span() every cell of those rows is exactly zero.
import { assertNever } from '../base/assert-never';
import { columnsOf, rowsOf, type MatrixGeometry } from './geometry';
import { axisLength, axisStride, columnAtOffset, pictureSize, type Axis, type Layout } from './layout';
import { VOID } from '../colour/cell-value';

/** Read access to a matrix of any size. */
export interface MatrixSource {
  readonly rows: number;
  readonly columns: number;
  /** [first, end): outside these columns all cells of rows [row0, row1) are zero and segment() need not be asked. */
  span(row0: number, row1: number): readonly [number, number];
  /** Cells [start, end) of one row. The array is only valid until the next call. */
  segment(row: number, start: number, end: number): Float32Array;
}

/** The stored values (rows x columns, row-major) seen through a layout. */
export function sourceOf(values: Float32Array, rows: number, columns: number, layout: Layout): MatrixSource {
  switch (layout.kind) {
    case 'stored':
      return denseSource(values, rows, columns);
    case 'blockDiagonal':
      return blockDiagonalSource(values, rows, columns, layout.groups);
    case 'axes':
      return axesSource(values, layout.geometry, layout.rows, layout.columns);
    case 'offsets':
      return offsetsSource(values, layout.geometry);
    default:
      return assertNever(layout);
  }
}

/** The values as they are: rows x columns, row-major. Throws RangeError if the length differs. */
export function denseSource(values: Float32Array, rows: number, columns: number): MatrixSource {
  if (values.length !== rows * columns) {
    throw new RangeError(`a ${rows} x ${columns} matrix needs ${rows * columns} values, got ${values.length}`);
  }
  return {
    rows,
    columns,
    span: () => [0, columns],
    segment: (row, start, end) => values.subarray(row * columns + start, row * columns + end),
  };
}

/** A grouped matrix (rows, columns per group) as the full rows x (columns * groups) one; the zeros are not stored. */
export function blockDiagonalSource(values: Float32Array, rows: number, columns: number, groups: number): MatrixSource {
  const blockRows = rows / groups;
  const blockOf = (row: number): number => Math.floor(row / blockRows);
  const buffer = new Float32Array(columns * groups);
  return {
    rows,
    columns: columns * groups,
    span: (row0, row1) => [blockOf(row0) * columns, (blockOf(row1 - 1) + 1) * columns],
    segment(row, start, end) {
      const first = blockOf(row) * columns;
      const from = Math.max(start, first);
      const to = Math.min(end, first + columns);
      const out = buffer.subarray(0, end - start).fill(0);
      if (to > from) out.set(values.subarray(row * columns + from - first, row * columns + to - first), from - start);
      return out;
    },
  };
}

/** Rows and columns made of any of the six axes, outermost first. */
export function axesSource(
  values: Float32Array,
  geometry: MatrixGeometry,
  rowAxes: readonly Axis[],
  columnAxes: readonly Axis[],
): MatrixSource {
  const rowOffset = offsetsOf(geometry, rowAxes);
  const columnOffset = offsetsOf(geometry, columnAxes);
  const buffer = new Float32Array(columnOffset.length);
  return {
    rows: rowOffset.length,
    columns: columnOffset.length,
    span: () => [0, columnOffset.length],
    segment(row, start, end) {
      const offset = rowOffset[row];
      for (let column = start; column < end; column++) buffer[column - start] = values[offset + columnOffset[column]];
      return buffer.subarray(0, end - start);
    },
  };
}

/** Columns (c, a - i, b - j); positions outside the input map are VOID. */
function offsetsSource(values: Float32Array, geometry: MatrixGeometry): MatrixSource {
  const stored = columnsOf(geometry);
  const { rows, columns } = pictureSize({ kind: 'offsets', geometry }, rowsOf(geometry), stored);
  const buffer = new Float32Array(columns);
  const valueAt = (row: number, column: number): number => {
    const at = columnAtOffset(geometry, row, column);
    return at < 0 ? VOID : values[row * stored + at];
  };
  return {
    rows,
    columns,
    span: () => [0, columns],
    segment(row, start, end) {
      for (let column = start; column < end; column++) buffer[column - start] = valueAt(row, column);
      return buffer.subarray(0, end - start);
    },
  };
}

function offsetsOf(geometry: MatrixGeometry, axes: readonly Axis[]): Int32Array {
  return axes.reduce((offsets, axis) => {
    const length = axisLength(geometry, axis);
    const stride = axisStride(geometry, axis);
    const out = new Int32Array(offsets.length * length);
    for (let k = 0; k < out.length; k++) out[k] = offsets[Math.floor(k / length)] + (k % length) * stride;
    return out;
  }, new Int32Array(1));
}
