// Large matrices as pictures of screen or page size. Each picture cell shows the value of largest magnitude of the
// cells it stands for (pool.ts), so that a thin band is never averaged away and a single NaN shows.
import { z } from 'zod';
import { computed, floats, type Stored } from '../base/sent';
import { elementCount } from '../tensor/tensor';
import { stronger } from './pool';
import { largestMagnitude } from './statistics';

export const matrixSchema = z.object({
  rows: computed,
  columns: computed,
  data: floats,
});
/** A dense row-major matrix. */
export type Matrix = Stored<z.infer<typeof matrixSchema>>;

export const reducedMatrixSchema = matrixSchema.extend({
  /** Cells of the matrix per picture cell, along rows and columns. */
  factor: computed,
  /** Largest finite magnitude of the whole matrix. */
  largest: computed,
});
/** A matrix reduced for the screen, with what was reduced. */
export type ReducedMatrix = Stored<z.infer<typeof reducedMatrixSchema>>;

/** Reduces a matrix to at most `limit` cells a side, by one factor along rows and columns. */
export function reduceMatrix(values: Float32Array, rows: number, columns: number, limit: number): ReducedMatrix {
  const factor = Math.max(1, Math.ceil(Math.max(rows, columns) / limit));
  const reduced = strongestOf({ rows, columns, data: values }, { rows: factor, columns: factor });
  return { ...reduced, data: factor === 1 ? values.slice() : reduced.data, factor, largest: largestMagnitude(values) };
}

/** Each block of `block.rows` x `block.columns` cells as its value of largest magnitude, sign kept; blocks of one cell give the matrix itself. */
export function strongestOf(matrix: Matrix, block: { readonly rows: number; readonly columns: number }): Matrix {
  if (block.rows === 1 && block.columns === 1) return matrix;
  const [rows, columns] = [Math.ceil(matrix.rows / block.rows), Math.ceil(matrix.columns / block.columns)];
  const data = new Float32Array(rows * columns);
  for (let row = 0, index = 0; row < matrix.rows; row++) {
    const first = Math.floor(row / block.rows) * columns;
    for (let k = 0; k < columns; k++) {
      const end = Math.min(index + block.columns, (row + 1) * matrix.columns);
      let strongest = data[first + k];
      for (; index < end; index++) strongest = stronger(matrix.data[index], strongest);
      data[first + k] = strongest;
    }
  }
  return { rows, columns, data };
}

/**
 * An array of any shape as one matrix: vectors as a row, matrices as they are, kernels (O, C, K, K) as
 * tiles, O down and C across.
 */
export function asMatrix(values: Float32Array, shape: readonly number[]): Matrix {
  if (shape.length === 4) return tiled(values, shape);
  const columns = shape.at(-1) ?? 1;
  return { rows: columns === 0 ? 0 : elementCount(shape) / columns, columns, data: values };
}

function tiled(values: Float32Array, [O, C, h, w]: readonly number[]): Matrix {
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
