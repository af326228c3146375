// The RepMLP block of arXiv 2105.01883: Global Perceptron added to the partitions, FC3 over each
// partition (Partition Perceptron), conv branches beside it (Local Perceptron), their sum.
import * as tf from '@tensorflow/tfjs-core';
import { hasGlobalPerceptron, joinPath, type GlobalPerceptron, type RepMlp } from '../spec';
import { batchNorm, type ChannelOrder } from './batch-norm';
import type { ForwardContext } from './context';
import { convolve, sameConv } from './convolution';
import { departition, fromGroupRows, partition, toGroupRows } from './partition';

/** (N, H, W, C) -> (N, H, W, O). */
export function repMlp(block: RepMlp, path: string, x: tf.Tensor4D, context: ForwardContext): tf.Tensor4D {
  const { H, W, h, w, kernels, form } = block;
  const parts = partition(x, h, w);
  const input = hasGlobalPerceptron(block) ? tf.add(parts, globalPerceptron(block, path, x, context)) : parts;
  const fc3 = partitionPerceptron(block, path, input as tf.Tensor4D, context);
  const branches = form === 'train' ? kernels.map((K) => localPerceptron(block, K, path, input as tf.Tensor4D, context)) : [];
  return departition(
    branches.reduce((sum, branch) => tf.add(sum, branch), fc3),
    H,
    W,
  );
}

/** A Global Perceptron without the rest of the block: x plus the partitions' global vectors, (N, H, W, C) -> the same shape. */
export function addGlobalPerceptron(block: GlobalPerceptron, path: string, x: tf.Tensor4D, context: ForwardContext): tf.Tensor4D {
  const sum = tf.add(partition(x, block.h, block.w), globalPerceptron(block, path, x, context)) as tf.Tensor4D;
  return departition(sum, block.H, block.W);
}

/** Averages of the partitions through BN, FC1, ReLU and FC2: (N*hp*wp, 1, 1, C), to be added to the partitions. */
function globalPerceptron(block: RepMlp | GlobalPerceptron, path: string, x: tf.Tensor4D, context: ForwardContext): tf.Tensor4D {
  const { C, h, w, form } = block;
  const at = (suffix: string): tf.Tensor2D => context.parameter(joinPath(path, suffix)) as tf.Tensor2D;
  const [N, H, W] = x.shape;
  const [hp, wp] = [H / h, W / w];
  const average = tf.avgPool(x, [h, w], [h, w], 'valid');
  const normalised = form === 'train' ? batchNorm(average, joinPath(path, 'avg.bn'), context) : average;
  const flat = tf.reshape(tf.transpose(normalised, [0, 3, 1, 2]), [N, C * hp * wp]) as tf.Tensor2D;
  const hidden = tf.relu(tf.add(tf.matMul(flat, at('fc1_fc2.fc1.weight'), false, true), at('fc1_fc2.fc1.bias')));
  const global = tf.add(tf.matMul(hidden as tf.Tensor2D, at('fc1_fc2.fc2.weight'), false, true), at('fc1_fc2.fc2.bias'));
  return tf.reshape(tf.transpose(tf.reshape(global, [N, C, hp, wp]), [0, 2, 3, 1]), [N * hp * wp, 1, 1, C]);
}

/** FC3 with its BN (train form) or bias (merged form): (B, h, w, C) -> (B, h, w, O). */
function partitionPerceptron(block: RepMlp, path: string, parts: tf.Tensor4D, context: ForwardContext): tf.Tensor4D {
  const { C, O, h, w, groups: g, form } = block;
  const weight = tf.reshape(context.parameter(joinPath(path, 'fc3.weight')), [g, (O / g) * h * w, (C / g) * h * w]) as tf.Tensor3D;
  const rows = tf.matMul(toGroupRows(parts, g), weight, false, true) as tf.Tensor3D;
  if (form === 'merged') {
    const bias = tf.reshape(context.parameter(joinPath(path, 'fc3.bias')), [g, 1, (O / g) * h * w]);
    return fromGroupRows(tf.add(rows, bias) as tf.Tensor3D, h, w);
  }
  const y = tf.reshape(fromGroupRows(rows, h, w), [-1, h * w * O]);
  return tf.reshape(batchNorm(y, joinPath(path, 'fc3_bn'), context, elementOrder(O, h * w)), [-1, h, w, O]);
}

/** FC3's BN has one channel per output element, stored as (O, h, w); the axis here runs (h, w, O). */
function elementOrder(O: number, area: number): ChannelOrder {
  const turn = (vector: tf.Tensor1D, rows: number, columns: number): tf.Tensor1D =>
    tf.reshape(tf.transpose(tf.reshape(vector, [rows, columns])), [rows * columns]);
  return { toAxis: (vector) => turn(vector, O, area), fromAxis: (vector) => turn(vector, area, O) };
}

/** One conv branch with its BN; zero padding is that of the partition. */
function localPerceptron(block: RepMlp, K: number, path: string, parts: tf.Tensor4D, context: ForwardContext): tf.Tensor4D {
  const branch = joinPath(path, `repconv${K}`);
  const weight = context.parameter(joinPath(branch, 'conv.weight')) as tf.Tensor4D;
  return batchNorm(convolve(parts, weight, sameConv(block.C, block.O, K, block.groups)), joinPath(branch, 'bn'), context);
}
