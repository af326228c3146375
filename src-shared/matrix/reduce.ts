// Large matrices as pictures of screen size. Each picture cell shows the value of largest magnitude
// of the cells it stands for, so that a thin band is never averaged away.
import { elementCount } from '../tensor/tensor';

/** A matrix reduced for the screen, with what was reduced. */
export interface ReducedMatrix {
  readonly rows: number;
  readonly columns: number;
  readonly data: Float32Array;
  /** Cells of the matrix per picture cell, along rows and columns. */
  readonly factor: number;
  /** Largest finite magnitude of the whole matrix. */
  readonly largest: number;
}

/** Reduces a row-major rows x columns matrix to at most `limit` cells a side. */
export function reduceMatrix(values: Float32Array, rows: number, columns: number, limit: number): ReducedMatrix {
  const factor = Math.max(1, Math.ceil(Math.max(rows, columns) / limit));
  const [outRows, outColumns] = [Math.ceil(rows / factor), Math.ceil(columns / factor)];
  const data = factor === 1 ? values.slice() : strongest(values, rows, columns, factor, outColumns, new Float32Array(outRows * outColumns));
  return { rows: outRows, columns: outColumns, data, factor, largest: largestMagnitude(data) };
}

function strongest(
  values: Float32Array,
  rows: number,
  columns: number,
  factor: number,
  outColumns: number,
  out: Float32Array,
): Float32Array {
  for (let row = 0; row < rows; row++) {
    const outRow = Math.floor(row / factor) * outColumns;
    for (let column = 0; column < columns; column++) {
      const value = values[row * columns + column];
      const cell = outRow + Math.floor(column / factor);
      if (Math.abs(value) > Math.abs(out[cell])) out[cell] = value;
    }
  }
  return out;
}

function largestMagnitude(values: Float32Array): number {
  let largest = 0;
  for (const value of values) if (Number.isFinite(value) && Math.abs(value) > largest) largest = Math.abs(value);
  return largest;
}

/**
 * An array of any shape as one matrix: vectors as a row, matrices as they are, kernels (O, C, K, K) as
 * tiles, O down and C across.
 */
export function asMatrix(values: Float32Array, shape: readonly number[]): { rows: number; columns: number; data: Float32Array } {
  if (shape.length === 4) return tiled(values, shape);
  const columns = shape.at(-1) ?? 1;
  return { rows: columns === 0 ? 0 : elementCount(shape) / columns, columns, data: values };
}

function tiled(values: Float32Array, [O, C, h, w]: readonly number[]): { rows: number; columns: number; data: Float32Array } {
  const [rows, columns] = [O * h, C * w];
  const data = new Float32Array(rows * columns);
  for (let o = 0; o < O; o++)
    for (let c = 0; c < C; c++)
      for (let y = 0; y < h; y++) {
        const from = ((o * C + c) * h + y) * w;
        data.set(values.subarray(from, from + w), (o * h + y) * columns + c * w);
      }
  return { rows, columns, data };
}
