// FC3 as a matrix of O*h*w rows and (C/g)*h*w columns, both in the order channel, row, column. A
// convolution is a band in it (index form of arXiv 2105.01883, section 3.3):
//   M[(o, i, j), (c, a, b)] = F[o, c, a - i + p, b - j + p] where that index exists, else 0.
// Invariant: every value is computed in double precision and rounded to float32 once.
import type { ScaleShift } from './batch-norm';
import type { Kernel, Reals } from './kernels';

/** Sizes of one FC3: output channels, input channels per group, partition. */
export interface FcShape {
  readonly O: number;
  readonly channels: number;
  readonly h: number;
  readonly w: number;
}

export function rowsOf({ O, h, w }: FcShape): number {
  return O * h * w;
}

export function columnsOf({ channels, h, w }: FcShape): number {
  return channels * h * w;
}

/** W' = scale W per row. v1 has one statistic per row, RepMLPNet one per share-set: each then serves h*w rows. */
export function bnIntoFc(weight: Reals, norm: ScaleShift, shape: FcShape): { weight: Float32Array; bias: Float32Array } {
  return { weight: mergedMatrix(weight, norm.scale, null, shape), bias: mergedBias(norm.shift, null, shape) };
}

/** The convolution as a matrix: its band, zeros elsewhere. Kernels larger than the partition are cut at its border. */
export function convToFc(kernel: Kernel, shape: FcShape): Float32Array {
  const matrix = new Float32Array(rowsOf(shape) * columnsOf(shape));
  forEachRun(kernel, shape, (to, from, length) => {
    for (let k = 0; k < length; k++) matrix[to + k] = kernel.weight[from + k];
  });
  return matrix;
}

/** a + b, value by value. */
export function add(a: Reals, b: Reals): Float32Array {
  const total = new Float32Array(a.length);
  for (let i = 0; i < total.length; i++) total[i] = a[i] + b[i];
  return total;
}

/** BN-folded FC3 plus the band of the summed kernels, in one pass: scale W + band. */
export function mergedMatrix(weight: Reals, scale: Float64Array, kernel: Kernel | null, shape: FcShape): Float32Array {
  const columns = columnsOf(shape);
  const rowsPerScale = rowsOf(shape) / scale.length;
  const merged = new Float32Array(weight.length);
  for (let row = 0, index = 0; row < rowsOf(shape); row++) {
    const s = scale[Math.floor(row / rowsPerScale)];
    for (let column = 0; column < columns; column++, index++) merged[index] = s * weight[index];
  }
  if (!kernel) return merged;
  forEachRun(kernel, shape, (to, from, length) => {
    const s = scale[Math.floor(to / columns / rowsPerScale)];
    for (let k = 0; k < length; k++) merged[to + k] = s * weight[to + k] + kernel.weight[from + k];
  });
  return merged;
}

/** Bias of the merged FC3: BN's shift plus the conv bias, which is the same at all h*w positions of a channel. */
export function mergedBias(shift: Float64Array, convBias: Float64Array | null, shape: FcShape): Float32Array {
  const rows = rowsOf(shape);
  const rowsPerShift = rows / shift.length;
  const rowsPerChannel = shape.h * shape.w;
  return Float32Array.from({ length: rows }, (_, row) => {
    return shift[Math.floor(row / rowsPerShift)] + (convBias ? convBias[Math.floor(row / rowsPerChannel)] : 0);
  });
}

/** Calls visit(first matrix index, first kernel index, length) for every run of the band along b, row by row. */
function forEachRun(kernel: Kernel, { O, channels, h, w }: FcShape, visit: (to: number, from: number, length: number) => void): void {
  const { K } = kernel;
  const p = (K - 1) / 2;
  for (let o = 0, row = 0; o < O; o++) {
    for (let i = 0; i < h; i++) {
      for (let j = 0; j < w; j++, row++) {
        const [firstU, endU] = [Math.max(0, p - i), Math.min(K, h + p - i)];
        const [firstV, endV] = [Math.max(0, p - j), Math.min(K, w + p - j)];
        for (let c = 0; c < channels; c++) {
          for (let u = firstU; u < endU; u++) {
            const to = ((row * channels + c) * h + (i + u - p)) * w + (j + firstV - p);
            visit(to, ((o * channels + c) * K + u) * K + firstV, endV - firstV);
          }
        }
      }
    }
  }
}
