// FC3 as a matrix of O*h*w rows and (C/g)*h*w columns, both in the order channel, row, column. A
// convolution is a band in it (index form of arXiv 2105.01883, section 3.3):
//   M[(o, i, j), (c, a, b)] = F[o, c, a - i + p, b - j + p] where that index exists, else 0.
// Invariant: factors and kernels are folded and summed in double precision; from there on float32, each operation
// rounded: fl(fl(fl(s) W) + fl(k)). With u = 2^-24 a value is off by at most 3 u |s W| + 2 u |k|, a term being rounded no
// more often than PyTorch's own float32 conversion rounds it (it rounds s four times, and the kernels' sum as well).
import type { ScaleShift } from './batch-norm';
import type { Kernel, Reals } from './kernels';
import { columnsOf, rowsOf, type FcShape } from '../../matrix/geometry';
import { writeMatrix, type PassChoice } from '../passes/matrix-pass';
import { addBand } from '../passes/plain-pass';
import type { MergeArena } from '../passes/wasm-pass';

/** W' = scale W per row. v1 has one statistic per row, RepMLPNet one per share-set: each then serves h*w rows. */
export function bnIntoFc(weight: Reals, norm: ScaleShift, shape: FcShape): { weight: Float32Array; bias: Float32Array } {
  return { weight: mergedMatrix(weight, norm.scale, null, shape), bias: mergedBias(norm.shift, null, shape) };
}

/** The convolution as a matrix: its band, zeros elsewhere. Kernels larger than the partition are cut at its border. */
export function convToFc(kernel: Kernel, shape: FcShape): Float32Array {
  const matrix = new Float32Array(rowsOf(shape) * columnsOf(shape));
  const weight = new Float32Array(kernel.weight);
  for (let o = 0; o < shape.O; o++) addBand(matrix, weight, kernel.K, shape, o);
  return matrix;
}

/** a + b, value by value. */
export function add(a: Reals, b: Reals): Float32Array {
  const total = new Float32Array(a.length);
  for (let i = 0; i < total.length; i++) total[i] = a[i] + b[i];
  return total;
}

/** Where a merged matrix is written and by whom. */
export interface MatrixTarget {
  /** WebAssembly memory for the result, while there is room, and perhaps the weights: then nothing is copied on the way. */
  readonly arena?: MergeArena;
  /** Gives the array of `length` values to write into; by default the arena's, or a new one. */
  readonly allocate?: (length: number) => Float32Array;
  readonly pass?: PassChoice;
}

/**
 * BN-folded FC3 plus the band of the summed kernels, in one pass: scale W + band. The same bits as `bnIntoFc` plus `convToFc` in
 * float32. Double-precision weights are rounded to float32 first, one u |s W| more.
 */
export function mergedMatrix(
  weight: Reals,
  scale: Float64Array,
  kernel: Kernel | null,
  shape: FcShape,
  {
    arena,
    pass,
    allocate = (length) => (arena && 4 * length <= arena.room ? arena.allocate(length) : new Float32Array(length)),
  }: MatrixTarget = {},
): Float32Array {
  const out = allocate(weight.length);
  const rounded = weight instanceof Float32Array ? weight : new Float32Array(weight);
  writeMatrix({ weight: rounded, scale, kernel, shape, out }, pass, arena);
  return out;
}

/** Bias of the merged FC3: BN's shift plus the conv bias, which is the same at all h*w positions of a channel. */
export function mergedBias(shift: Float64Array, convBias: Float64Array | null, shape: FcShape): Float32Array {
  const area = shape.h * shape.w;
  const bias = new Float32Array(rowsOf(shape));
  for (let o = 0; o < shape.O; o++) {
    const [first, end, conv] = [o * area, (o + 1) * area, convBias ? convBias[o] : 0];
    if (shift.length === shape.O) bias.fill(shift[o] + conv, first, end);
    else for (let row = first; row < end; row++) bias[row] = shift[row] + conv;
  }
  return bias;
}
