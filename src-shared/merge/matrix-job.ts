// The one large piece of work in a merge: out = scale * weight + band, a matrix read once and written
// once. Two implementations do it, plain-pass.ts and wasm-pass.ts, with equal results bit for bit.
import type { Kernel, Reals } from './kernels';

/** Sizes of one FC3: output channels, input channels per group, partition. */
export interface FcShape {
  readonly O: number;
  readonly channels: number;
  readonly h: number;
  readonly w: number;
}

/** Rows of the matrix: O*h*w, in the order channel, row, column. */
export function rowsOf({ O, h, w }: FcShape): number {
  return O * h * w;
}

/** Columns of the matrix: (C/g)*h*w, in the order channel, row, column. */
export function columnsOf({ channels, h, w }: FcShape): number {
  return channels * h * w;
}

/** What to write where. `weight` and `out` are (rows, columns), row-major, and do not overlap. */
export interface MatrixJob {
  readonly weight: Reals;
  /** One factor per row (v1), or per h*w rows (RepMLPNet's share-sets). */
  readonly scale: Float64Array;
  readonly kernel: Kernel | null;
  readonly shape: FcShape;
  readonly out: Float32Array;
}

/**
 * Values of a channel's windows (w, channels, 2h - 1, w). The band of row (i, j) is, per input channel, the kernel shifted to
 * (i, j) and cut at the partition: for one j all h of them are windows of h*w values into one strip of 2h - 1 map rows.
 */
export function windowsLength({ channels, h, w }: FcShape): number {
  return w * channels * (2 * h - 1) * w;
}

/** Strips beyond this size fall out of the second-level cache. */
const LARGEST_WINDOWS = 2 ** 17;

/**
 * Whether the band is read from windows, densely, rather than added run by run: where the kernel covers a good part of the
 * partition (measured: from about a twentieth on).
 */
export function usesWindows({ K }: Kernel, shape: FcShape): boolean {
  return 20 * K * K >= shape.h * shape.w && windowsLength(shape) <= LARGEST_WINDOWS;
}
