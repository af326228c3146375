// One leaf of a network: chooses the function that computes it. Shapes in and out are channels-last.
import * as tf from '@tensorflow/tfjs-core';
import { assertNever } from '../../base/assert-never';
import { deriveSeed, seed } from '../../tensor/random';
import { UserError } from '../../base/user-error';
import { epsOf, joinPath, type ConvBn, type LeafSpec, type Linear, type Pool } from '../spec';
import { activate } from './activation';
import { batchNorm, rectifiedBatchNorm } from './batch-norm';
import { constant, constantTensor } from './constants';
import type { ForwardContext } from './context';
import { convolve, explicitPadding } from './convolution';
import { sumOf } from './reduce';
import { addGlobalPerceptron, repMlp } from './repmlp';
import { repMlpNetBlock } from './repmlpnet';
import { adaptiveAveragePool, resizeBilinear } from './separable';

/** Output of one leaf for input `x`: a map (N, H, W, C) or (N, features). May return `x` itself where the leaf is the identity. */
export function runLeaf(layer: LeafSpec, path: string, x: tf.Tensor, context: ForwardContext): tf.Tensor {
  const map = (): tf.Tensor4D => expectRank(x, 4, path);
  const rows = (): tf.Tensor2D => expectRank(x, 2, path);
  switch (layer.kind) {
    case 'conv2d':
      return withBias(convolve(map(), weightOf(path, context), layer), path, layer.bias, context);
    case 'convBn':
      return convBn(layer, path, map(), context);
    case 'batchNorm':
      return batchNorm(x, path, epsOf(layer), context);
    case 'linear':
      return linear(layer, path, rows(), context);
    case 'cosineLinear':
      return tf.matMul(unitRows(rows()), unitRows(context.parameter(joinPath(path, 'weight')) as tf.Tensor2D), false, true);
    case 'repmlp':
      return repMlp(layer, path, map(), context);
    case 'globalPerceptron':
      return addGlobalPerceptron(layer, path, map(), context);
    case 'repmlpNetBlock':
      return repMlpNetBlock(layer, path, map(), context);
    case 'activation':
      return activate(x, layer.function, joinPath(path, 'weight'), context);
    case 'pool':
      return pool(map(), layer);
    case 'adaptiveAveragePool':
      return adaptiveAveragePool(map(), layer.bins);
    case 'resize':
      return resizeBilinear(map(), layer.size);
    case 'flatten':
      return flatten(x);
    case 'dropout':
      return dropout(x, layer.rate, path, context);
    default:
      return assertNever(layer);
  }
}

function expectRank<T extends tf.Tensor>(x: tf.Tensor, rank: number, path: string): T {
  if (x.rank === rank) return x as T;
  const expected = rank === 4 ? 'a map (N, C, H, W)' : 'flat features (N, features)';
  throw new UserError(`layer ${path}: expected ${expected}, got a tensor with ${x.rank} axes`);
}

function weightOf(path: string, context: ForwardContext): tf.Tensor4D {
  return context.parameter(joinPath(path, 'weight')) as tf.Tensor4D;
}

function withBias<T extends tf.Tensor>(y: T, path: string, bias: boolean, context: ForwardContext): T {
  return bias ? tf.add(y, context.parameter(joinPath(path, 'bias'))) : y;
}

function convBn(layer: ConvBn, path: string, x: tf.Tensor4D, context: ForwardContext): tf.Tensor {
  const conv = joinPath(path, 'conv');
  const y = withBias(convolve(x, weightOf(conv, context), layer), conv, layer.form === 'merged', context);
  if (layer.form === 'train' && layer.activation === 'relu') return rectifiedBatchNorm(y, joinPath(path, 'bn'), epsOf(layer), context);
  const normalised = layer.form === 'merged' ? y : batchNorm(y, joinPath(path, 'bn'), epsOf(layer), context);
  return activate(normalised, layer.activation, joinPath(path, 'prelu.weight'), context);
}

function linear(layer: Linear, path: string, x: tf.Tensor2D, context: ForwardContext): tf.Tensor {
  const weight = context.parameter(joinPath(path, 'weight')) as tf.Tensor2D;
  return withBias(tf.matMul(x, weight, false, true), path, layer.bias, context);
}

/** Rows divided by their length; a length below 1e-12 counts as 1e-12 (PyTorch's `normalize`). */
function unitRows(x: tf.Tensor2D): tf.Tensor2D {
  const length = tf.sqrt(tf.maximum(sumOf(tf.square(x), [1], true), constant(1e-24)));
  return tf.div(x, length);
}

/** (N, H, W, C) -> (N, C*H*W) in PyTorch's order. */
function flatten(x: tf.Tensor): tf.Tensor {
  if (x.rank !== 4) return x;
  const [N, H, W, C] = x.shape;
  return tf.reshape(H * W === 1 ? x : tf.transpose(x, [0, 3, 1, 2]), [N, C * H * W]);
}

function dropout(x: tf.Tensor, rate: number, path: string, context: ForwardContext): tf.Tensor {
  if (!context.training || rate === 0) return x;
  const [N, , , C] = x.shape;
  // One number per channel: made outside the backend, the mask must stay small beside the map.
  return tf.dropout(x, rate, x.rank === 4 ? [N, 1, 1, C] : undefined, deriveSeed(seed(context.dropoutSeed ?? 0), path));
}

/** (N, H, W, C) -> (N, H', W', C), sizes rounded down; padding never enters an average or wins a maximum. */
function pool(x: tf.Tensor4D, layer: Pool): tf.Tensor4D {
  const [kernel, stride] = [[...layer.kernel] as [number, number], [...layer.stride] as [number, number]];
  const isPadded = layer.padding.some((size) => size > 0);
  if (layer.function === 'max') {
    const padding = isPadded ? explicitPadding(layer.padding) : 'valid';
    return tf.maxPool(x, kernel, stride, padding as 'valid', isPadded ? 'floor' : undefined);
  }
  if (!isPadded) return tf.avgPool(x, kernel, stride, 'valid');
  // tfjs's gradient of a padded average divides by the whole window: average over zeros too, then undo their share.
  const average = tf.avgPool(tf.pad(x, explicitPadding(layer.padding)), kernel, stride, 'valid');
  return tf.mul(average, windowShares(x.shape, layer, average.shape));
}

/** Window size over the number of its elements inside the map: (1, H', W', 1). */
function windowShares([, H, W]: readonly number[], layer: Pool, [, height, width]: readonly number[]): tf.Tensor4D {
  const inside = (axis: 0 | 1, size: number, index: number): number => {
    const start = index * layer.stride[axis] - layer.padding[axis];
    return Math.min(size, start + layer.kernel[axis]) - Math.max(0, start);
  };
  const area = layer.kernel[0] * layer.kernel[1];
  const shares = Float32Array.from(
    { length: height * width },
    (_, i) => area / (inside(0, H, Math.floor(i / width)) * inside(1, W, i % width)),
  );
  const name = `shares of ${H}x${W} in ${JSON.stringify([layer.kernel, layer.stride, layer.padding])}`;
  return constantTensor(name, () => tf.tensor4d(shares, [1, height, width, 1]));
}
