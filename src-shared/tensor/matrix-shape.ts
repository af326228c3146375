// Which tensors are matrices to the eye: a fully-connected weight (out, in), and a convolution's (O, C, K, L)
// read as O x C*K*L, one row per output channel, columns in channel, row, column order.
import { isFloating } from './convert';
import { elementCount, type TensorInfo } from './tensor';

/** Rows and columns of a floating 2-D or 4-D tensor that is not empty; null for others. */
export function matrixShapeOf({ dtype, shape }: Pick<TensorInfo, 'dtype' | 'shape'>): { rows: number; columns: number } | null {
  if (!isFloating(dtype) || (shape.length !== 2 && shape.length !== 4) || elementCount(shape) === 0) return null;
  return { rows: shape[0], columns: elementCount(shape.slice(1)) };
}

/** Row `row` of such a tensor in words. */
export function matrixRowText(shape: readonly number[], row: number): string {
  return shape.length === 4 ? `output channel ${row}` : `output ${row}`;
}

/** Column `column` in words: the input it reads, for convolutions with the kernel cell [u, v]. */
export function matrixColumnText(shape: readonly number[], column: number): string {
  if (shape.length !== 4) return `input ${column}`;
  const [, , K, L] = shape;
  const channel = Math.floor(column / (K * L));
  const [u, v] = [Math.floor(column / L) % K, column % L];
  return `input channel ${channel} of its group, kernel [${u}, ${v}]`;
}
