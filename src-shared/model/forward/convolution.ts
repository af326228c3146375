// 2-D convolution with PyTorch weights (O, C/g, kh, kw) on channels-last maps, in the formulation that
// each backend computes right and fast: 1x1 as a matrix product, depthwise as such, groups one by one.
import * as tf from '@tensorflow/tfjs-core';
import type { ConvGeometry, Pair } from '../spec';
import { convByForwardPasses } from './kernels/conv-gradient';
import { hasOwnConvolution, ownConvolution } from './kernels/own-convolution';

/** Geometry of a stride-1 convolution that keeps the map's size (odd K). */
export function sameConv(C: number, O: number, K: number, groups: number): ConvGeometry {
  const padding = (K - 1) / 2;
  return { in: C, out: O, kernel: [K, K], stride: [1, 1], padding: [padding, padding], dilation: [1, 1], groups };
}

/** x (N, H, W, C) * weight (O, C/g, kh, kw) -> (N, H', W', O), zero padding, without bias. */
export function convolve(x: tf.Tensor4D, weight: tf.Tensor4D, geometry: ConvGeometry): tf.Tensor4D {
  const { groups: g, in: C } = geometry;
  if (hasOwnConvolution(geometry)) return ownConvolution(x, weight, geometry);
  if (g === 1 && isPointwise(geometry)) return pointwise(x, weight);
  if (g === 1) return denseConv(x, toFilter(weight), geometry);
  if (g === C && tf.getBackend() !== 'wasm' && isOne(geometry.dilation)) return depthwise(x, weight, geometry);
  return grouped(x, weight, geometry);
}

const isOne = (pair: Pair): boolean => pair[0] === 1 && pair[1] === 1;
const isZero = (pair: Pair): boolean => pair[0] === 0 && pair[1] === 0;

function isPointwise({ kernel, stride, padding }: ConvGeometry): boolean {
  return isOne(kernel) && isOne(stride) && isZero(padding);
}

function pointwise(x: tf.Tensor4D, weight: tf.Tensor4D): tf.Tensor4D {
  const [N, H, W, C] = x.shape;
  const O = weight.shape[0];
  const y = tf.matMul(tf.reshape(x, [N * H * W, C]), tf.reshape(weight, [O, C]) as tf.Tensor2D, false, true);
  return tf.reshape(y, [N, H, W, O]) as tf.Tensor4D;
}

/** (O, I, kh, kw) -> tfjs's (kh, kw, I, O). */
function toFilter(weight: tf.Tensor4D): tf.Tensor4D {
  return tf.transpose(weight, [2, 3, 1, 0]);
}

/** tfjs has no gradient for dilated convolutions, and its WASM backend none for any filter: those go by forward passes. */
function denseConv(x: tf.Tensor4D, filter: tf.Tensor4D, geometry: ConvGeometry): tf.Tensor4D {
  if (tf.getBackend() === 'wasm' || !isOne(geometry.dilation)) return convByForwardPasses(x, filter, geometry);
  return tf.conv2d(x, filter, [...geometry.stride] as [number, number], explicitPadding(geometry.padding), 'NHWC', 1, 'floor');
}

function depthwise(x: tf.Tensor4D, weight: tf.Tensor4D, geometry: ConvGeometry): tf.Tensor4D {
  const [O, , kh, kw] = weight.shape;
  const C = geometry.groups;
  const filter = tf.transpose(tf.reshape(weight, [C, O / C, kh, kw]), [2, 3, 0, 1]) as tf.Tensor4D;
  const stride = [...geometry.stride] as [number, number];
  return tf.depthwiseConv2d(x, filter, stride, explicitPadding(geometry.padding), 'NHWC', 1, 'floor');
}

/** One convolution per group. The channels of a group are first brought together in memory: slices and joins are then plain copies. */
function grouped(x: tf.Tensor4D, weight: tf.Tensor4D, geometry: ConvGeometry): tf.Tensor4D {
  const { groups: g, in: C, out: O } = geometry;
  const one = { ...geometry, in: C / g, out: O / g, groups: 1 };
  const weights = tf.split(weight, g, 0);
  const outputs = splitChannels(x, g).map((input, q) => convolve(input, weights[q] as tf.Tensor4D, one));
  return joinChannels(outputs);
}

/** (N, H, W, C) -> g maps (N, H, W, C/g). */
function splitChannels(x: tf.Tensor4D, g: number): tf.Tensor4D[] {
  const [N, H, W, C] = x.shape;
  const grouped = tf.transpose(tf.reshape(x, [N * H * W, g, C / g]), [1, 0, 2]);
  return tf.unstack(tf.reshape(grouped, [g, N, H, W, C / g]), 0) as tf.Tensor4D[];
}

/** The inverse of `splitChannels`. */
function joinChannels(maps: tf.Tensor4D[]): tf.Tensor4D {
  const [N, H, W, perGroup] = maps[0].shape;
  const g = maps.length;
  const joined = tf.transpose(tf.reshape(tf.stack(maps, 0), [g, N * H * W, perGroup]), [1, 0, 2]);
  return tf.reshape(joined, [N, H, W, g * perGroup]);
}

/** Symmetric zero padding as tfjs takes it. */
export function explicitPadding([ph, pw]: Pair): [[number, number], [number, number], [number, number], [number, number]] {
  return [
    [0, 0],
    [ph, ph],
    [pw, pw],
    [0, 0],
  ];
}
