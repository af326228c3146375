// The RepMLP block of arXiv 2105.01883: Global Perceptron added to the partitions, FC3 over each
// partition (Partition Perceptron), conv branches beside it (Local Perceptron), their sum.
import * as tf from '@tensorflow/tfjs-core';
import { epsOf, hasGlobalPerceptron, joinPath, type GlobalPerceptron, type RepMlp } from '../spec';
import { relu } from './activation';
import { batchNorm, sumWithConvolutions } from './batch-norm';
import type { ForwardContext } from './context';
import { sameConv } from './convolution';
import { groupBias, groupProduct } from './group-product';
import type { ChannelOrder, ConvBranch, NormalisedBranch } from './kernels/own-batch-norm';
import { departition, partition } from './partition';

/** (N, H, W, C) -> (N, H, W, O). */
export function repMlp(block: RepMlp, path: string, x: tf.Tensor4D, context: ForwardContext): tf.Tensor4D {
  const { H, W, h, w, kernels, form } = block;
  const parts = partition(x, h, w);
  const input = hasGlobalPerceptron(block) ? (tf.add(parts, globalPerceptron(block, path, x, context)) as tf.Tensor4D) : parts;
  if (form === 'merged') return departition(merged(block, path, input, context), H, W);
  const fc3 = partitionPerceptron(block, path, input, context);
  const convs = kernels.map((K) => localPerceptron(block, K, path, context));
  return departition(sumWithConvolutions(fc3, { input, convs }, context), H, W);
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
  const normalised = form === 'train' ? batchNorm(average, joinPath(path, 'avg.bn'), epsOf(block), context) : average;
  const flat = tf.reshape(tf.transpose(normalised, [0, 3, 1, 2]), [N, C * hp * wp]) as tf.Tensor2D;
  const hidden = relu(tf.add(tf.matMul(flat, at('fc1_fc2.fc1.weight'), false, true), at('fc1_fc2.fc1.bias')));
  const global = tf.add(tf.matMul(hidden as tf.Tensor2D, at('fc1_fc2.fc2.weight'), false, true), at('fc1_fc2.fc2.bias'));
  return tf.reshape(tf.transpose(tf.reshape(global, [N, C, hp, wp]), [0, 2, 3, 1]), [N * hp * wp, 1, 1, C]);
}

/** FC3: (B, h, w, C) -> (B, h, w, O). */
function fullyConnected3(block: RepMlp, path: string, parts: tf.Tensor4D, context: ForwardContext): tf.Tensor4D {
  const { C, O, h, w, groups: g } = block;
  const weight = context.parameter(joinPath(path, 'fc3.weight'));
  return groupProduct(parts, tf.reshape(weight, [g, (O / g) * h * w, (C / g) * h * w]));
}

/** The merged form, FC3 with its bias: (B, h, w, C) -> (B, h, w, O). */
function merged(block: RepMlp, path: string, parts: tf.Tensor4D, context: ForwardContext): tf.Tensor4D {
  const bias = context.parameter(joinPath(path, 'fc3.bias'));
  return tf.add(fullyConnected3(block, path, parts, context), groupBias(bias, block.groups, block.h, block.w));
}

/** FC3 of the train form, to be normalised: (B, h, w, C) -> (B, h, w, O). */
function partitionPerceptron(block: RepMlp, path: string, parts: tf.Tensor4D, context: ForwardContext): NormalisedBranch {
  const { O, h, w } = block;
  const x = fullyConnected3(block, path, parts, context);
  return { x, path: joinPath(path, 'fc3_bn'), eps: epsOf(block), order: elementOrder(O, h * w) };
}

/** FC3's BN has one channel per output element, stored as (O, h, w); the axis here runs (h, w, O). */
function elementOrder(O: number, area: number): ChannelOrder {
  const turn = (vector: tf.Tensor1D, rows: number, columns: number): tf.Tensor1D =>
    tf.reshape(tf.transpose(tf.reshape(vector, [rows, columns])), [rows * columns]);
  return { toAxis: (vector) => turn(vector, O, area), fromAxis: (vector) => turn(vector, area, O) };
}

/** One conv branch; zero padding is that of the partition. */
function localPerceptron(block: RepMlp, K: number, path: string, context: ForwardContext): ConvBranch {
  const branch = joinPath(path, `repconv${K}`);
  const weight = context.parameter(joinPath(branch, 'conv.weight')) as tf.Tensor4D;
  return { weight, geometry: sameConv(block.C, block.O, K, block.groups), path: joinPath(branch, 'bn'), eps: epsOf(block) };
}
