// Global Perceptron of a v1 block: average pooling and BN are both affine and the BN sits directly
// before FC1, so it folds into FC1 exactly (arXiv 2105.01883, section 3.3).
import type { ScaleShift } from './batch-norm';
import type { Reals } from './kernels';

/** A fully-connected layer: weight (out, in), bias (out). */
export interface Fc {
  readonly weight: Reals;
  readonly bias: Reals;
}

/**
 * W1' = W1 with every column scaled, b1' = b1 + W1 t. The columns are ordered C, hp, wp, so each channel's scale and
 * shift t serve `partitions` = hp*wp columns.
 */
export function poolBnIntoFc1(fc1: Fc, { scale, shift }: ScaleShift, partitions: number): { weight: Float32Array; bias: Float32Array } {
  const columns = scale.length * partitions;
  const weight = new Float32Array(fc1.weight.length);
  const bias = Float32Array.from(fc1.bias, (b, row) => {
    let total = b;
    for (let column = 0, index = row * columns; column < columns; column++, index++) {
      const c = Math.floor(column / partitions);
      weight[index] = fc1.weight[index] * scale[c];
      total += fc1.weight[index] * shift[c];
    }
    return total;
  });
  return { weight, bias };
}
