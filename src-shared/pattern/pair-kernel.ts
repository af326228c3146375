// The translation-invariant kernel of one channel pair (projection.ts): the mean over each displacement,
//   F[o, c, dy, dx] = sum of w[(o, i, j), (c, i + dy, j + dx)] over (i, j)  /  n(dy, dx).
import { indexOf, type FcShape } from '../matrix/geometry';
import { UserError } from '../base/user-error';
import { displacementCount, pairCounts } from './displacement';

/** Kernel (2h-1, 2w-1) from input channel c (of its group) to output channel o. Throws UserError where there is no such channel. */
export function pairKernel(matrix: Float32Array, shape: FcShape, o: number, c: number): Float32Array {
  expectChannel('output channel', o, shape.O);
  expectChannel('input channel', c, shape.channels);
  const sums = new Float64Array(displacementCount(shape));
  visitPair(shape, o, c, (index, displacement) => (sums[displacement] += matrix[index]));
  const counts = pairCounts(shape);
  return Float32Array.from(sums, (sum, displacement) => sum / counts[displacement]);
}

function expectChannel(what: string, value: number, count: number): void {
  if (!Number.isInteger(value) || value < 0 || value >= count)
    throw new UserError(`there is no ${what} ${value}; they are numbered 0 to ${count - 1}`);
}

/** Calls `visit` with the place of every weight of a channel pair in the matrix and in the table over displacements. */
export function visitPair(shape: FcShape, o: number, c: number, visit: (index: number, displacement: number) => void): void {
  const { h, w } = shape;
  for (let i = 0; i < h; i++) {
    for (let j = 0; j < w; j++) {
      const row = indexOf(shape, { o, i, j, c, a: 0, b: 0 });
      for (let a = 0; a < h; a++) {
        const to = (a - i + h - 1) * (2 * w - 1) + w - 1 - j;
        for (let b = 0; b < w; b++) visit(row + a * w + b, to + b);
      }
    }
  }
}
