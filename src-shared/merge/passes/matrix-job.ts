// The one large piece of work in a merge: out = scale * weight + band, a matrix read once and written
// once. Two implementations do it, plain-pass.ts and wasm-pass.ts, with equal results bit for bit: each value is
// fl(fl(fl(scale) weight) + fl(kernel)), fl being the rounding to float32. (In plain JavaScript the products and sums of
// two float32 values are formed in double precision; rounded to float32 they are what float32 arithmetic gives.)
import type { FcShape } from '../../matrix/geometry';
import type { Kernel } from '../mathematics/kernels';

/** What to write where. `weight` and `out` are (rows, columns), row-major, and do not overlap. */
export interface MatrixJob {
  readonly weight: Float32Array;
  /** One factor per row (v1), or per h*w rows (RepMLPNet's share-sets); rounded to float32 before use. */
  readonly scale: Float64Array;
  /** Its weights are rounded to float32 before use. */
  readonly kernel: Kernel | null;
  readonly shape: FcShape;
  readonly out: Float32Array;
}

/**
 * Values of the lines (channels, K, 2w - 1) from which WebAssembly reads an output channel's band: its kernels in the middle of
 * -0, the one number whose addition changes nothing.
 */
export function linesLength({ K }: Pick<Kernel, 'K'>, { channels, w }: FcShape): number {
  return channels * K * (2 * w - 1);
}
