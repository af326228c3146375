// Local Perceptron: BN into each conv branch, kernels padded to one size and added, so that a single
// convolution with bias remains (arXiv 2105.01883, section 3.3). Double precision; rounded only in the matrix.
import type { ScaleShift } from './batch-norm';

/** Numbers the merge reads: float32 or double arrays. */
export type Reals = Float32Array | Float64Array;

/** A convolution with bias, stride 1, padding K // 2: weight (O, channels, K, K), bias (O). */
export interface Kernel {
  readonly O: number;
  /** Input channels per group, C / g. */
  readonly channels: number;
  readonly K: number;
  readonly weight: Float64Array;
  readonly bias: Float64Array;
}

/** F' = scale F per output channel, b' = shift: the convolution `weight` (O, ...) followed by its BN. Works for any kernel size. */
export function bnIntoConv(weight: Reals, { scale, shift }: ScaleShift): { weight: Float64Array; bias: Float64Array } {
  const perOutput = weight.length / scale.length;
  const scaled = new Float64Array(weight.length);
  for (let o = 0, index = 0; o < scale.length; o++) {
    for (let k = 0; k < perOutput; k++, index++) scaled[index] = scale[o] * weight[index];
  }
  return { weight: scaled, bias: shift };
}

/** The same convolution with a K x K kernel: zeros around, centres aligned. Throws RangeError if it would shrink. */
export function padKernel(kernel: Kernel, K: number): Kernel {
  if (K === kernel.K) return kernel;
  const margin = (K - kernel.K) / 2;
  if (margin < 0 || !Number.isInteger(margin)) throw new RangeError(`cannot pad a ${kernel.K}x${kernel.K} kernel to ${K}x${K}`);
  const weight = new Float64Array(kernel.O * kernel.channels * K * K);
  for (let plane = 0; plane < kernel.O * kernel.channels; plane++) {
    for (let u = 0; u < kernel.K; u++) {
      const from = (plane * kernel.K + u) * kernel.K;
      weight.set(kernel.weight.subarray(from, from + kernel.K), (plane * K + u + margin) * K + margin);
    }
  }
  return { ...kernel, K, weight };
}

/** The sum of two convolutions of one size: kernels and biases added. */
export function addKernels(a: Kernel, b: Kernel): Kernel {
  if (a.K !== b.K || a.O !== b.O || a.channels !== b.channels) throw new RangeError('only kernels of one shape can be added');
  return { ...a, weight: a.weight.map((value, i) => value + b.weight[i]), bias: a.bias.map((value, o) => value + b.bias[o]) };
}

/** All branches as one convolution of the largest size; null without branches. */
export function sumOfBranches(branches: readonly Kernel[]): Kernel | null {
  if (branches.length === 0) return null;
  const K = Math.max(...branches.map((branch) => branch.K));
  return branches.map((branch) => padKernel(branch, K)).reduce(addKernels);
}
