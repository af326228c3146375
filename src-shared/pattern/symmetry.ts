// Whether a layer treats mirrored images alike. With M' the matrix mirrored in input and output, e.g.
// M'[(o, i, j), (c, a, b)] = M[(o, i, w-1-j), (c, a, w-1-b)] for left-right, the score is
//   <M, M'> / <M, M>,  1 = symmetric, -1 = antisymmetric, about 0 for random weights.
import { z } from 'zod';
import { computed, type Stored } from '../base/sent';
import { columnsOf, outputOf, rowsOf, type FcShape } from '../matrix/geometry';

export const symmetrySchema = z.object({
  leftRight: computed,
  upDown: computed,
});
/** Mirror scores of a matrix, each in [-1, 1]; 0 for a zero matrix. */
export type Symmetry = Stored<z.infer<typeof symmetrySchema>>;

/** Both scores of a matrix (O*h*w, channels*h*w) with energy `total`. */
export function symmetryOf(matrix: Float32Array, shape: FcShape, total: number): Symmetry {
  if (total === 0) return { leftRight: 0, upDown: 0 };
  return { leftRight: mirrored(matrix, shape, true) / total, upDown: mirrored(matrix, shape, false) / total };
}

/** <M, M'> for one axis. */
function mirrored(matrix: Float32Array, shape: FcShape, alongWidth: boolean): number {
  const { channels, h, w } = shape;
  const columns = columnsOf(shape);
  let sum = 0;
  for (let row = 0; row < rowsOf(shape); row++) {
    const { i, j } = outputOf(shape, row);
    const partner = alongWidth ? row - j + (w - 1 - j) : row + (h - 1 - 2 * i) * w;
    // The pair (row, partner) gives the same products twice; one of them is enough.
    if (partner < row) continue;
    const product = alongWidth
      ? rowProductLeftRight(matrix, row * columns, partner * columns, channels * h, w)
      : rowProductUpDown(matrix, row * columns, partner * columns, channels, h, w);
    sum += partner === row ? product : 2 * product;
  }
  return sum;
}

function rowProductLeftRight(matrix: Float32Array, row: number, partner: number, lines: number, w: number): number {
  let sum = 0;
  for (let line = 0; line < lines; line++) {
    const [at, last] = [row + line * w, partner + line * w + w - 1];
    for (let b = 0; b < w; b++) sum += matrix[at + b] * matrix[last - b];
  }
  return sum;
}

function rowProductUpDown(matrix: Float32Array, row: number, partner: number, channels: number, h: number, w: number): number {
  let sum = 0;
  for (let c = 0; c < channels; c++) {
    for (let a = 0; a < h; a++) {
      const [at, opposite] = [row + (c * h + a) * w, partner + (c * h + h - 1 - a) * w];
      for (let b = 0; b < w; b++) sum += matrix[at + b] * matrix[opposite + b];
    }
  }
  return sum;
}
