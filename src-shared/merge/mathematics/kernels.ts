// Local Perceptron: BN into each conv branch, kernels padded to one size and added, so that a single
// convolution with bias remains (arXiv 2105.01883, section 3.3). Double precision; rounded to float32 on its way into the matrix.
import { largestOf } from '../../base/extremes';
import type { ScaleShift } from './batch-norm';
import { newDoubles } from './scratch-doubles';

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
  const padded = zeroKernel(kernel, K);
  addCentred(padded, kernel);
  return padded;
}

/** The sum of two convolutions of one size: kernels and biases added. */
export function addKernels(a: Kernel, b: Kernel): Kernel {
  if (a.K !== b.K) throw new RangeError(`only kernels of one size can be added, got ${a.K} and ${b.K}`);
  const sum = zeroKernel(a, a.K);
  addCentred(sum, a);
  addCentred(sum, b);
  return sum;
}

/** A conv branch with its BN beside it: weight (O, channels, K, K), one factor and shift per output channel. */
export interface Branch {
  readonly K: number;
  readonly weight: Reals;
  readonly norm: ScaleShift;
}

/** All branches, BNs folded in, as one convolution of the largest size; null without branches. Equal to folding, padding and adding one by one. */
export function sumOfBranches(branches: readonly Branch[], sizes: Pick<Kernel, 'O' | 'channels'>, doubles = newDoubles): Kernel | null {
  if (branches.length === 0) return null;
  const sum = zeroKernel(sizes, largestOf(branches.map(({ K }) => K)), doubles);
  for (const branch of branches) {
    if (branch.K === sum.K) addScaledRuns(sum, branch);
    else if (branch.K === 3) addScaledThrees(sum, branch);
    else addScaledPlanes(sum, branch);
    for (let o = 0; o < sum.O; o++) sum.bias[o] += branch.norm.shift[o];
  }
  return sum;
}

/** Adds a branch's planes, K x K each and times their output channel's factor, to the middle of the larger ones. */
function addScaledPlanes(sum: Kernel, { K, weight, norm: { scale } }: Branch): void {
  const [total, margin, gap] = [sum.weight, marginOf(K, sum.K), sum.K - K];
  for (let plane = 0, from = 0; plane < sum.O * sum.channels; plane++) {
    const s = scale[Math.floor(plane / sum.channels)];
    let to = (plane * sum.K + margin) * sum.K + margin;
    for (let u = 0; u < K; u++, to += gap) {
      for (let v = 0; v < K; v++, to++, from++) total[to] += s * weight[from];
    }
  }
}

/** The same for 3 x 3 planes, their values told one by one: several times as fast. */
function addScaledThrees(sum: Kernel, { weight, norm: { scale } }: Branch): void {
  const [total, margin, wide] = [sum.weight, marginOf(3, sum.K), sum.K];
  for (let o = 0, from = 0, to = margin * wide + margin; o < sum.O; o++) {
    const s = scale[o];
    for (let c = 0; c < sum.channels; c++, from += 9, to += wide * wide) {
      const [second, third] = [to + wide, to + 2 * wide];
      total[to] += s * weight[from];
      total[to + 1] += s * weight[from + 1];
      total[to + 2] += s * weight[from + 2];
      total[second] += s * weight[from + 3];
      total[second + 1] += s * weight[from + 4];
      total[second + 2] += s * weight[from + 5];
      total[third] += s * weight[from + 6];
      total[third + 1] += s * weight[from + 7];
      total[third + 2] += s * weight[from + 8];
    }
  }
}

/** Adds a branch of the sum's own size. */
function addScaledRuns(sum: Kernel, { weight, norm: { scale } }: Branch): void {
  const [total, perOutput] = [sum.weight, sum.channels * sum.K * sum.K];
  for (let o = 0, k = 0; o < sum.O; o++) {
    const [s, end] = [scale[o], (o + 1) * perOutput];
    for (const endOfFours = k + (perOutput & ~3); k < endOfFours; k += 4) {
      total[k] += s * weight[k];
      total[k + 1] += s * weight[k + 1];
      total[k + 2] += s * weight[k + 2];
      total[k + 3] += s * weight[k + 3];
    }
    for (; k < end; k++) total[k] += s * weight[k];
  }
}

/** Zeros on each side that make K to `larger`. Throws RangeError if it would shrink or lose its centre. */
function marginOf(K: number, larger: number): number {
  const margin = (larger - K) / 2;
  if (margin < 0 || !Number.isInteger(margin)) throw new RangeError(`cannot pad a ${K}x${K} kernel to ${larger}x${larger}`);
  return margin;
}

function zeroKernel({ O, channels }: Pick<Kernel, 'O' | 'channels'>, K: number, doubles = newDoubles): Kernel {
  return { O, channels, K, weight: doubles(O * channels * K * K), bias: doubles(O) };
}

/** Adds a kernel to the middle of a larger one, in place, and its bias. */
function addCentred(sum: Kernel, { O, channels, K, weight, bias }: Kernel): void {
  const margin = marginOf(K, sum.K);
  if (sum.O !== O || sum.channels !== channels) throw new RangeError('only kernels between the same channels can be added');
  for (let plane = 0, from = 0; plane < O * channels; plane++) {
    for (let u = 0; u < K; u++) {
      const to = (plane * sum.K + u + margin) * sum.K + margin;
      for (let v = 0; v < K; v++, from++) sum.weight[to + v] += weight[from];
    }
  }
  for (let o = 0; o < O; o++) sum.bias[o] += bias[o];
}
