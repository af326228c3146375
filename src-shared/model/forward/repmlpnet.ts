// The RepMLPNet block of arXiv 2112.11081: C channels share S sets of FC3 weights (channel c uses set
// c mod S), depthwise conv branches over the S channels, all scaled by a squeeze-and-excite vector.
import * as tf from '@tensorflow/tfjs-core';
import { UserError } from '../../base/user-error';
import { epsOf, joinPath, type RepMlpNetBlock } from '../spec';
import { relu } from './activation';
import { sumWithConvolutions } from './batch-norm';
import type { ForwardContext } from './context';
import { sameConv } from './convolution';
import { groupBias, groupProduct } from './group-product';
import type { ConvBranch } from './kernels/own-batch-norm';
import { departition, partition } from './partition';
import { meanOf } from './reduce';

/**
 * (N, H, W, C) -> the same shape; partitions are counted from the input.
 *
 * Warning: the official code cuts rows in the order (n, partition, c / S) but puts them back as (n, c / S, partition). With more
 * than one partition and S < C that moves results to other channels and partitions; released weights were trained so.
 */
export function repMlpNetBlock(block: RepMlpNetBlock, path: string, x: tf.Tensor4D, context: ForwardContext): tf.Tensor4D {
  const { h, w, kernels, form } = block;
  const [, H, W] = x.shape;
  if (H % h !== 0 || W % w !== 0) throw new UserError(`layer ${path}: a map of ${H}x${W} cannot be split into partitions of ${h}x${w}`);
  const rows = toRows(partition(x, h, w), block.shareSets);
  const fc3 = channelPerceptron(block, path, rows, context);
  const convs = (): ConvBranch[] => kernels.map((K) => localPerceptron(block, K, path, context));
  const normalised = (): tf.Tensor4D =>
    sumWithConvolutions({ x: fc3, path: joinPath(path, 'fc3_bn'), eps: epsOf(block) }, { input: rows, convs: convs() }, context);
  const sum = form === 'train' ? normalised() : fc3;
  return tf.mul(fromRows(sum, x.shape), globalPerceptron(block, path, x, context));
}

/** (B, h, w, C) -> (B*C/S, h, w, S): rows of S consecutive channels. */
function toRows(parts: tf.Tensor4D, S: number): tf.Tensor4D {
  const [B, h, w, C] = parts.shape;
  if (C === S) return parts;
  const rows = tf.transpose(tf.reshape(parts, [B, h * w, C / S, S]), [0, 2, 1, 3]);
  return tf.reshape(rows, [(B * C) / S, h, w, S]);
}

/** Rows back to (N, H, W, C), in the official order (see `repMlpNetBlock`). */
function fromRows(rows: tf.Tensor4D, [N, H, W, C]: readonly number[]): tf.Tensor4D {
  const S = rows.shape[3];
  const maps = departition(rows, H, W);
  if (C === S) return maps;
  const sets = tf.reshape(maps, [N, C / S, H * W, S]);
  return tf.reshape(tf.transpose(sets, [0, 2, 1, 3]), [N, H, W, C]);
}

/** Squeeze and excite: global average, 1x1 conv, ReLU, 1x1 conv, sigmoid: (N, 1, 1, C). */
function globalPerceptron(block: RepMlpNetBlock, path: string, x: tf.Tensor4D, context: ForwardContext): tf.Tensor4D {
  const { C, reduction } = block;
  const hidden = Math.floor(C / reduction);
  const at = (suffix: string): tf.Tensor => context.parameter(joinPath(path, suffix));
  const fc = (input: tf.Tensor2D, name: string, rows: number, columns: number): tf.Tensor2D =>
    tf.add(tf.matMul(input, tf.reshape(at(`${name}.weight`), [rows, columns]) as tf.Tensor2D, false, true), at(`${name}.bias`));
  const average = meanOf(x, [1, 2]) as tf.Tensor2D;
  const excited = tf.sigmoid(fc(relu(fc(average, 'gp.fc1', hidden, C)), 'gp.fc2', C, hidden));
  return tf.reshape(excited, [x.shape[0], 1, 1, C]);
}

/** FC3 of every share-set, to be normalised (train form, as a rule without bias) or with its bias (merged form): (R, h, w, S) -> (R, h, w, S). */
function channelPerceptron(block: RepMlpNetBlock, path: string, rows: tf.Tensor4D, context: ForwardContext): tf.Tensor4D {
  const { h, w, shareSets: S, form } = block;
  const weight = tf.reshape(context.parameter(joinPath(path, 'fc3.weight')), [S, h * w, h * w]) as tf.Tensor3D;
  const y = groupProduct(rows, weight);
  if (form === 'train' && !block.fc3Bias) return y;
  return tf.add(y, groupBias(context.parameter(joinPath(path, 'fc3.bias')), S, h, w));
}

/** One depthwise conv branch over the S channels. */
function localPerceptron(block: RepMlpNetBlock, K: number, path: string, context: ForwardContext): ConvBranch {
  const { shareSets: S } = block;
  const branch = joinPath(path, `repconv${K}`);
  const weight = context.parameter(joinPath(branch, 'conv.weight')) as tf.Tensor4D;
  return { weight, geometry: sameConv(S, S, K, S), path: joinPath(branch, 'bn'), eps: epsOf(block) };
}
