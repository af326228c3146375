// Batch norm over the last axis. Evaluation: y = x * s + (beta - mean * s), s = gamma / sqrt(variance + eps).
// Training: the batch's statistics, with the closed-form gradient (one pass instead of tfjs's tiled graph).
import * as tf from '@tensorflow/tfjs-core';
import { BN_EPSILON, joinPath } from '../spec';
import type { ForwardContext } from './context';

/** Brings a per-channel vector of the state_dict into the order of the last axis, and back. */
export interface ChannelOrder {
  toAxis(vector: tf.Tensor1D): tf.Tensor1D;
  fromAxis(vector: tf.Tensor1D): tf.Tensor1D;
}

/**
 * Batch norm of x, whose elements are seen as rows of as many channels as gamma has. Parameters are those of `path`.
 * In training the batch's mean and unbiased variance (state_dict order) go to `onStatistics`.
 */
export function batchNorm<T extends tf.Tensor>(x: T, path: string, context: ForwardContext, order?: ChannelOrder): T {
  const vector = (suffix: string): tf.Tensor1D => {
    const value = context.parameter(joinPath(path, suffix)) as tf.Tensor1D;
    return order ? order.toAxis(value) : value;
  };
  const rows = tf.reshape(x, [-1, channelsOf(path, context)]) as tf.Tensor2D;
  const gamma = vector('weight');
  const beta = vector('bias');
  const y = context.training
    ? normaliseByBatch(rows, gamma, beta, statisticsReceiver(path, context, order))
    : normaliseBy(rows, gamma, beta, vector('running_mean'), vector('running_var'));
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

/** A backend's own kernel: x (M, C), gamma, beta -> y, mean, biased variance of the batch. */
export const BATCH_NORM_KERNEL = 'BatchNormRows';
/** Its gradient: dy, x, gamma, mean, variance -> dx, dgamma, dbeta. */
export const BATCH_NORM_GRADIENT_KERNEL = 'BatchNormRowsGrad';

/** y = gamma * (x - mean) / sqrt(variance + eps) + beta over the M rows of x (M, C), with its gradients in closed form. */
function normaliseByBatch(x: tf.Tensor2D, gamma: tf.Tensor1D, beta: tf.Tensor1D, receive: StatisticsReceiver | null): tf.Tensor2D {
  const M = x.shape[0];
  const { forward, backward } = tf.getKernel(BATCH_NORM_KERNEL, tf.getBackend()) ? OWN_KERNELS : PLAIN_OPERATIONS;
  const operation = tf.customGrad((...inputs) => {
    const [x, gamma, beta] = inputs as unknown as [tf.Tensor2D, tf.Tensor1D, tf.Tensor1D];
    const save = inputs[3] as unknown as tf.GradSaveFunc;
    const { y, mean, variance, saved } = forward(x, gamma, beta);
    receive?.(mean, variance, M);
    save(saved);
    return { value: y, gradFunc: (dy: tf.Tensor, kept: tf.Tensor[]) => backward(dy as tf.Tensor2D, kept) };
  });
  return operation(x, gamma, beta) as tf.Tensor2D;
}

interface Normalised {
  readonly y: tf.Tensor2D;
  readonly mean: tf.Tensor1D;
  readonly variance: tf.Tensor1D;
  /** What the way back needs. */
  readonly saved: tf.Tensor[];
}

/** Training-mode batch norm: forward, and from dy and the saved tensors to [dx, dgamma, dbeta]. */
interface Implementation {
  forward(x: tf.Tensor2D, gamma: tf.Tensor1D, beta: tf.Tensor1D): Normalised;
  backward(dy: tf.Tensor2D, saved: tf.Tensor[]): tf.Tensor[];
}

const PLAIN_OPERATIONS: Implementation = {
  forward: (x, gamma, beta) => {
    const mean = meanOfRows(x);
    const centred = tf.sub(x, mean);
    const variance = meanOfRows(tf.square(centred) as tf.Tensor2D);
    const inverse = tf.rsqrt(tf.add(variance, BN_EPSILON));
    const normal = tf.mul(centred, inverse) as tf.Tensor2D;
    return { y: tf.add(tf.mul(normal, gamma), beta), mean, variance, saved: [normal, gamma, inverse] };
  },
  // dx = gamma * inverse * (dy - mean(dy) - normal * mean(dy * normal)), dgamma = sum(dy * normal), dbeta = sum(dy).
  backward: (dy, saved) => {
    const [normal, gamma, inverse] = saved as [tf.Tensor2D, tf.Tensor1D, tf.Tensor1D];
    const M = dy.shape[0];
    const meanDy = meanOfRows(dy);
    const meanDyNormal = meanOfRows(tf.mul(dy, normal));
    const dx = tf.mul(tf.mul(gamma, inverse), tf.sub(tf.sub(dy, meanDy), tf.mul(normal, meanDyNormal)));
    return [dx, tf.mul(meanDyNormal, M), tf.mul(meanDy, M)];
  },
};

const OWN_KERNELS: Implementation = {
  forward: (x, gamma, beta) => {
    const [y, mean, variance] = tf.engine().runKernel<tf.Tensor[]>(BATCH_NORM_KERNEL, { x, gamma, beta });
    return { y: y as tf.Tensor2D, mean: mean as tf.Tensor1D, variance: variance as tf.Tensor1D, saved: [x, gamma, mean, variance] };
  },
  backward: (dy, [x, gamma, mean, variance]) =>
    tf.engine().runKernel<tf.Tensor[]>(BATCH_NORM_GRADIENT_KERNEL, { dy, x, gamma, mean, variance }),
};

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
