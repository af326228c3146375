// Batch norm over the last axis. Evaluation: y = x * s + (beta - mean * s), s = gamma / sqrt(variance + eps).
// Training: the batch's statistics, with the closed-form gradient (one pass instead of tfjs's tiled graph).
import * as tf from '@tensorflow/tfjs-core';
import { withGradient } from './custom-gradient';
import { joinPath } from '../spec';
import { relu } from './activation';
import { constant } from './constants';
import type { ForwardContext } from './context';
import { convolve } from './convolution';
import {
  hasOwnBatchNorm,
  hasOwnBranches,
  ownSum,
  statisticsReceiver,
  vectorOf,
  type ChannelOrder,
  type ConvBranches,
  type NormalisedBranch,
  type StatisticsReceiver,
} from './kernels/own-batch-norm';

/** Batch norm of x. In training the batch's mean and unbiased variance (state_dict order) go to `onStatistics`. */
export function batchNorm<T extends tf.Tensor>(x: T, path: string, eps: number, context: ForwardContext, order?: ChannelOrder): T {
  const branch = { x, path, eps, order };
  return hasOwnBatchNorm(context) ? ownSum([branch], context, false) : normalised(branch, context);
}

/** The positive part of batch norm. */
export function rectifiedBatchNorm<T extends tf.Tensor>(x: T, path: string, eps: number, context: ForwardContext): T {
  const branch = { x, path, eps };
  return hasOwnBatchNorm(context) ? ownSum([branch], context, true) : relu(normalised(branch, context));
}

/** The branches' batch norms added: all x of one shape. */
export function sumOfBatchNorms<T extends tf.Tensor>(branches: readonly NormalisedBranch<T>[], context: ForwardContext): T {
  if (hasOwnBatchNorm(context)) return ownSum(branches, context, false);
  return branches.map((branch) => normalised(branch, context)).reduce((sum, branch) => tf.add(sum, branch));
}

/** By tfjs's operations, on any backend. */
function normalised<T extends tf.Tensor>(branch: NormalisedBranch<T>, context: ForwardContext): T {
  const { x, path, eps, order } = branch;
  const vector = (suffix: string): tf.Tensor1D => vectorOf(branch, suffix, context);
  const rows = tf.reshape(x, [-1, channelsOf(path, context)]) as tf.Tensor2D;
  const y = context.training
    ? normaliseByBatch(rows, { gamma: vector('weight'), beta: vector('bias'), eps }, statisticsReceiver(path, context, order))
    : normaliseBy(rows, { gamma: vector('weight'), beta: vector('bias'), eps }, vector('running_mean'), vector('running_var'));
  return tf.reshape(y, x.shape) as T;
}

/** The batch norm of `first` plus those of convolutions of one map. */
export function sumWithConvolutions(first: NormalisedBranch, local: ConvBranches, context: ForwardContext): tf.Tensor4D {
  if (hasOwnBranches(local, context)) return ownSum([first], context, false, local);
  const convs = local.convs.map(({ weight, geometry, path, eps }) => ({ x: convolve(local.input, weight, geometry), path, eps }));
  return sumOfBatchNorms([first, ...convs], context);
}

function channelsOf(path: string, context: ForwardContext): number {
  return context.parameter(joinPath(path, 'weight')).size;
}

/** What a batch norm holds besides its statistics. */
interface Affine {
  readonly gamma: tf.Tensor1D;
  readonly beta: tf.Tensor1D;
  readonly eps: number;
}

function normaliseBy(x: tf.Tensor2D, { gamma, beta, eps }: Affine, mean: tf.Tensor1D, variance: tf.Tensor1D): tf.Tensor2D {
  const scale = tf.mul(gamma, tf.rsqrt(tf.add(variance, constant(eps))));
  return tf.add(tf.mul(x, scale), tf.sub(beta, tf.mul(mean, scale)));
}

/** y = gamma * (x - mean) / sqrt(variance + eps) + beta over the M rows of x (M, C), with its gradients in closed form. */
function normaliseByBatch(x: tf.Tensor2D, { gamma, beta, eps }: Affine, receive: StatisticsReceiver | null): tf.Tensor2D {
  return withGradient([x, gamma, beta] as const, ([x, gamma, beta], save) => {
    const mean = meanOfRows(x);
    const centred = tf.sub(x, mean);
    const variance = meanOfRows(tf.square(centred) as tf.Tensor2D);
    const inverse = tf.rsqrt(tf.add(variance, constant(eps)));
    const normal = tf.mul(centred, inverse) as tf.Tensor2D;
    receive?.(mean, variance, x.shape[0]);
    save([normal, gamma, inverse]);
    return {
      value: tf.add(tf.mul(normal, gamma), beta),
      gradFunc: (dy, kept) => gradients(dy as tf.Tensor2D, kept),
    };
  }) as tf.Tensor2D;
}

/** dx = gamma * inverse * (dy - mean(dy) - normal * mean(dy * normal)), dgamma = sum(dy * normal), dbeta = sum(dy). */
function gradients(dy: tf.Tensor2D, saved: tf.Tensor[]): tf.Tensor[] {
  const [normal, gamma, inverse] = saved as [tf.Tensor2D, tf.Tensor1D, tf.Tensor1D];
  const M = dy.shape[0];
  const meanDy = meanOfRows(dy);
  const meanDyNormal = meanOfRows(tf.mul(dy, normal));
  const dx = tf.mul(tf.mul(gamma, inverse), tf.sub(tf.sub(dy, meanDy), tf.mul(normal, meanDyNormal)));
  return [dx, tf.mul(meanDyNormal, constant(M)), tf.mul(meanDy, constant(M))];
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
