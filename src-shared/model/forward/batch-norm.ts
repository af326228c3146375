// Batch norm over the last axis. Evaluation: y = x * s + (beta - mean * s), s = gamma / sqrt(variance + eps).
// Training: the batch's statistics, with the closed-form gradient (one pass instead of tfjs's tiled graph).
import * as tf from '@tensorflow/tfjs-core';
import { BN_EPSILON, joinPath } from '../spec';
import { relu } from './activation';
import type { ForwardContext } from './context';

/** Brings a per-channel vector of the state_dict into the order of the last axis, and back. */
export interface ChannelOrder {
  toAxis(vector: tf.Tensor1D): tf.Tensor1D;
  fromAxis(vector: tf.Tensor1D): tf.Tensor1D;
}

/** What a batch norm is applied to: x, whose elements are seen as rows of as many channels as gamma has; parameters are those of `path`. */
export interface NormalisedBranch<T extends tf.Tensor = tf.Tensor4D> {
  readonly x: T;
  readonly path: string;
  readonly order?: ChannelOrder;
}

/** Batch norm of x. In training the batch's mean and unbiased variance (state_dict order) go to `onStatistics`. */
export function batchNorm<T extends tf.Tensor>(x: T, path: string, context: ForwardContext, order?: ChannelOrder): T {
  const branch = { x, path, order };
  return hasOwnKernels(context) ? ownSum([branch], context, false) : normalised(branch, context);
}

/** The positive part of batch norm. */
export function rectifiedBatchNorm<T extends tf.Tensor>(x: T, path: string, context: ForwardContext): T {
  const branch = { x, path };
  return hasOwnKernels(context) ? ownSum([branch], context, true) : relu(normalised(branch, context));
}

/** The branches' batch norms added: all x of one shape. */
export function sumOfBatchNorms<T extends tf.Tensor>(branches: readonly NormalisedBranch<T>[], context: ForwardContext): T {
  if (hasOwnKernels(context)) return ownSum(branches, context, false);
  return branches.map((branch) => normalised(branch, context)).reduce((sum, branch) => tf.add(sum, branch));
}

function hasOwnKernels(context: ForwardContext): boolean {
  return context.training && tf.getKernel(BATCH_NORM_KERNEL, tf.getBackend()) !== undefined;
}

function vectorOf({ path, order }: NormalisedBranch<tf.Tensor>, suffix: string, context: ForwardContext): tf.Tensor1D {
  const value = context.parameter(joinPath(path, suffix)) as tf.Tensor1D;
  return order ? order.toAxis(value) : value;
}

/** By tfjs's operations, on any backend. */
function normalised<T extends tf.Tensor>(branch: NormalisedBranch<T>, context: ForwardContext): T {
  const { x, path, order } = branch;
  const vector = (suffix: string): tf.Tensor1D => vectorOf(branch, suffix, context);
  const rows = tf.reshape(x, [-1, channelsOf(path, context)]) as tf.Tensor2D;
  const y = context.training
    ? normaliseByBatch(rows, vector('weight'), vector('bias'), statisticsReceiver(path, context, order))
    : normaliseBy(rows, vector('weight'), vector('bias'), vector('running_mean'), vector('running_var'));
  return tf.reshape(y, x.shape) as T;
}

function channelsOf(path: string, context: ForwardContext): number {
  return context.parameter(joinPath(path, 'weight')).size;
}

function normaliseBy(x: tf.Tensor2D, gamma: tf.Tensor1D, beta: tf.Tensor1D, mean: tf.Tensor1D, variance: tf.Tensor1D): tf.Tensor2D {
  const scale = tf.mul(gamma, tf.rsqrt(tf.add(variance, BN_EPSILON)));
  return tf.add(tf.mul(x, scale), tf.sub(beta, tf.mul(mean, scale)));
}

type StatisticsReceiver = (mean: tf.Tensor1D, variance: tf.Tensor1D, rows: number) => void;

/** Hands on kept copies, in state_dict order and with the unbiased variance PyTorch stores. */
function statisticsReceiver(path: string, context: ForwardContext, order?: ChannelOrder): StatisticsReceiver | null {
  const { onStatistics } = context;
  if (!onStatistics) return null;
  const stored = (vector: tf.Tensor1D): tf.Tensor1D => tf.keep(order ? order.fromAxis(vector) : tf.clone(vector));
  return (mean, variance, rows) => onStatistics(path, stored(mean), stored(tf.mul(variance, rows / Math.max(1, rows - 1))));
}

/** A backend's own kernel: per branch i its x<i>, gamma<i>, beta<i> -> the sum y of the batch norms, then per branch mean and biased variance. */
export const BATCH_NORM_KERNEL = 'BatchNormSum';
/** Its gradient: dy, with `relu` y, and per branch x<i>, gamma<i>, mean<i>, variance<i> -> per branch dx, dgamma, dbeta. */
export const BATCH_NORM_GRADIENT_KERNEL = 'BatchNormSumGrad';

/** Attributes of both: number of branches, and whether y is the sum's positive part. */
export interface BatchNormAttributes {
  readonly count: number;
  readonly relu: boolean;
}

/** By the backend's own kernels. */
function ownSum<T extends tf.Tensor>(branches: readonly NormalisedBranch<T>[], context: ForwardContext, relu: boolean): T {
  const attributes = { count: branches.length, relu } as unknown as tf.NamedAttrMap;
  const run = (kernel: string, inputs: tf.NamedTensorMap): tf.Tensor[] => tf.engine().runKernel<tf.Tensor[]>(kernel, inputs, attributes);
  const operation = tf.customGrad((...inputs) => {
    const tensors = inputs.slice(0, -1) as unknown as tf.Tensor[];
    const save = inputs.at(-1) as unknown as tf.GradSaveFunc;
    const [y, ...statistics] = run(BATCH_NORM_KERNEL, numbered(tensors, ['x', 'gamma', 'beta']));
    branches.forEach(({ x, path, order }, i) => {
      const [mean, variance] = statistics.slice(2 * i) as tf.Tensor1D[];
      statisticsReceiver(path, context, order)?.(mean, variance, x.size / mean.size);
    });
    save([y, ...branches.flatMap((_, i) => [tensors[3 * i], tensors[3 * i + 1], statistics[2 * i], statistics[2 * i + 1]])]);
    const gradFunc = (dy: tf.Tensor, [y, ...kept]: tf.Tensor[]): tf.Tensor[] =>
      run(BATCH_NORM_GRADIENT_KERNEL, { dy, y, ...numbered(kept, ['x', 'gamma', 'mean', 'variance']) });
    return { value: y, gradFunc };
  });
  return operation(
    ...branches.flatMap((branch) => [branch.x, vectorOf(branch, 'weight', context), vectorOf(branch, 'bias', context)]),
  ) as T;
}

/** Tensors by name and branch: x0, gamma0, beta0, x1, ... */
function numbered(tensors: readonly tf.Tensor[], names: readonly string[]): tf.NamedTensorMap {
  return Object.fromEntries(tensors.map((tensor, i) => [`${names[i % names.length]}${Math.floor(i / names.length)}`, tensor]));
}

/** y = gamma * (x - mean) / sqrt(variance + eps) + beta over the M rows of x (M, C), with its gradients in closed form. */
function normaliseByBatch(x: tf.Tensor2D, gamma: tf.Tensor1D, beta: tf.Tensor1D, receive: StatisticsReceiver | null): tf.Tensor2D {
  const operation = tf.customGrad((...inputs) => {
    const [x, gamma, beta] = inputs as unknown as [tf.Tensor2D, tf.Tensor1D, tf.Tensor1D];
    const save = inputs[3] as unknown as tf.GradSaveFunc;
    const mean = meanOfRows(x);
    const centred = tf.sub(x, mean);
    const variance = meanOfRows(tf.square(centred) as tf.Tensor2D);
    const inverse = tf.rsqrt(tf.add(variance, BN_EPSILON));
    const normal = tf.mul(centred, inverse) as tf.Tensor2D;
    receive?.(mean, variance, x.shape[0]);
    save([normal, gamma, inverse]);
    return {
      value: tf.add(tf.mul(normal, gamma), beta),
      gradFunc: (dy: tf.Tensor, kept: tf.Tensor[]) => gradients(dy as tf.Tensor2D, kept),
    };
  });
  return operation(x, gamma, beta) as tf.Tensor2D;
}

/** dx = gamma * inverse * (dy - mean(dy) - normal * mean(dy * normal)), dgamma = sum(dy * normal), dbeta = sum(dy). */
function gradients(dy: tf.Tensor2D, saved: tf.Tensor[]): tf.Tensor[] {
  const [normal, gamma, inverse] = saved as [tf.Tensor2D, tf.Tensor1D, tf.Tensor1D];
  const M = dy.shape[0];
  const meanDy = meanOfRows(dy);
  const meanDyNormal = meanOfRows(tf.mul(dy, normal));
  const dx = tf.mul(tf.mul(gamma, inverse), tf.sub(tf.sub(dy, meanDy), tf.mul(normal, meanDyNormal)));
  return [dx, tf.mul(meanDyNormal, M), tf.mul(meanDy, M)];
}

/** Mean over the rows in two stages: one float32 accumulator over tens of thousands of rows loses 1e-5 (measured on WASM). */
function meanOfRows(x: tf.Tensor2D): tf.Tensor1D {
  const [M, C] = x.shape;
  const inner = divisorNearRoot(M);
  if (inner === 1 || M < 1024) return tf.mean(x, 0);
  return tf.mean(tf.mean(tf.reshape(x, [M / inner, inner, C]), 1), 0);
}

function divisorNearRoot(M: number): number {
  for (let divisor = Math.floor(Math.sqrt(M)); divisor > 1; divisor--) if (M % divisor === 0) return divisor;
  return 1;
}
