// Eval-mode batch norm as the affine map it is: y = scale x + shift with scale = gamma / sqrt(variance + eps)
// and shift = beta - mean scale. Everything the merge folds starts here. Double precision throughout.
import { BN_EPSILON } from '../../model/spec';
import { newDoubles } from './scratch-doubles';

/** Parameters and running statistics of one batch norm, all of one length. */
export interface BatchNormStatistics {
  readonly gamma: ArrayLike<number>;
  readonly beta: ArrayLike<number>;
  readonly mean: ArrayLike<number>;
  readonly variance: ArrayLike<number>;
  /** What is added to the variance; PyTorch's default where left out. */
  readonly eps?: number;
}

/** y = scale x + shift, one pair per channel (or output element, or share-set). */
export interface ScaleShift {
  readonly scale: Float64Array;
  readonly shift: Float64Array;
}

/** The affine map of a batch norm in eval mode. */
export function scaleShiftOf({ gamma, beta, mean, variance, eps = BN_EPSILON }: BatchNormStatistics, doubles = newDoubles): ScaleShift {
  const count = gamma.length;
  const [scale, shift] = [doubles(count), doubles(count)];
  for (let i = 0; i < count; i++) {
    scale[i] = gamma[i] / Math.sqrt(variance[i] + eps);
    shift[i] = beta[i] - mean[i] * scale[i];
  }
  return { scale, shift };
}
