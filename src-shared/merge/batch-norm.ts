// Eval-mode batch norm as the affine map it is: y = scale x + shift with scale = gamma / sqrt(variance + eps)
// and shift = beta - mean scale. Everything the merge folds starts here. Double precision throughout.
import { BN_EPSILON } from '../model/spec';

/** Parameters and running statistics of one batch norm, all of one length. */
export interface BatchNormStatistics {
  readonly gamma: ArrayLike<number>;
  readonly beta: ArrayLike<number>;
  readonly mean: ArrayLike<number>;
  readonly variance: ArrayLike<number>;
}

/** y = scale x + shift, one pair per channel (or output element, or share-set). */
export interface ScaleShift {
  readonly scale: Float64Array;
  readonly shift: Float64Array;
}

/** The affine map of a batch norm in eval mode. */
export function scaleShiftOf({ gamma, beta, mean, variance }: BatchNormStatistics): ScaleShift {
  const scale = Float64Array.from(gamma, (g, i) => g / Math.sqrt(variance[i] + BN_EPSILON));
  const shift = Float64Array.from(beta, (b, i) => b - mean[i] * scale[i]);
  return { scale, shift };
}
