// A convolution whose gradients are themselves forward convolutions, for backends that lack the
// gradient kernels: dx by the filter turned by 180 degrees, dw by correlating the input with dy.
import * as tf from '@tensorflow/tfjs-core';
import { withGradient } from '../custom-gradient';
import type { ConvGeometry, Pair } from '../../spec';

type Quad = [[number, number], [number, number], [number, number], [number, number]];

/** x (N, H, W, I) * filter (kh, kw, I, O) -> (N, H', W', O); stride or dilation may exceed 1, not both. */
export function convByForwardPasses(x: tf.Tensor4D, filter: tf.Tensor4D, geometry: ConvGeometry): tf.Tensor4D {
  const { stride, padding, dilation } = geometry;
  return withGradient([x, filter] as const, ([x, filter], save) => {
    save([x, filter]);
    const gradFunc = (dy: tf.Tensor, saved: tf.Tensor[]): tf.Tensor[] => {
      const [x, filter] = saved as [tf.Tensor4D, tf.Tensor4D];
      return [inputGradient(dy as tf.Tensor4D, filter, x.shape, geometry), filterGradient(x, dy as tf.Tensor4D, geometry)];
    };
    return { value: correlate(x, filter, stride, padding, padding, dilation), gradFunc };
  }) as tf.Tensor4D;
}

/** tf.conv2d with padding before and after each axis. */
function correlate(x: tf.Tensor4D, filter: tf.Tensor4D, stride: Pair, before: Pair, after: Pair, dilation: Pair): tf.Tensor4D {
  const pad: Quad = [
    [0, 0],
    [before[0], after[0]],
    [before[1], after[1]],
    [0, 0],
  ];
  return tf.conv2d(x, filter, [...stride] as [number, number], pad, 'NHWC', [...dilation] as [number, number], 'floor');
}

function inputGradient(dy: tf.Tensor4D, filter: tf.Tensor4D, shape: [number, number, number, number], geometry: ConvGeometry): tf.Tensor4D {
  const { kernel, stride, padding, dilation } = geometry;
  const [, h, w] = dy.shape;
  if (stride[0] !== 1 || stride[1] !== 1) {
    const [ph, pw] = padding;
    const pad: Quad = [
      [0, 0],
      [ph, ph],
      [pw, pw],
      [0, 0],
    ];
    return tf.conv2dTranspose(dy, filter, shape, [...stride] as [number, number], pad, 'floor');
  }
  const turned = tf.transpose(tf.reverse(filter, [0, 1]), [0, 1, 3, 2]);
  const before: Pair = [dilation[0] * (kernel[0] - 1) - padding[0], dilation[1] * (kernel[1] - 1) - padding[1]];
  const after: Pair = [shape[1] - h + padding[0], shape[2] - w + padding[1]];
  return correlatePadded(dy, turned, before, after, dilation);
}

/** Stride-1 correlation where the padding may be negative (padding beyond the kernel's reach): those rows are cut off. */
function correlatePadded(x: tf.Tensor4D, filter: tf.Tensor4D, before: Pair, after: Pair, dilation: Pair): tf.Tensor4D {
  const cut = (value: number): number => Math.max(0, -value);
  const [, h, w] = x.shape;
  const begin = [0, cut(before[0]), cut(before[1]), 0];
  const size = [-1, h - cut(before[0]) - cut(after[0]), w - cut(before[1]) - cut(after[1]), -1];
  const isCut = [...before, ...after].some((value) => value < 0);
  const inner = isCut ? tf.slice(x, begin, size) : x;
  const positive = (pair: Pair): Pair => [Math.max(0, pair[0]), Math.max(0, pair[1])];
  return correlate(inner, filter, [1, 1], positive(before), positive(after), dilation);
}

/** dw[i, j, c, o] = sum over n, y, z of x[n, s*y + d*i - p, s*z + d*j - p, c] * dy[n, y, z, o]: a convolution over N as channels. */
function filterGradient(x: tf.Tensor4D, dy: tf.Tensor4D, geometry: ConvGeometry): tf.Tensor4D {
  const { kernel, stride, padding, dilation } = geometry;
  const images = tf.transpose(x, [3, 1, 2, 0]);
  const filter = tf.transpose(dy, [1, 2, 0, 3]);
  const all = correlate(images, filter, dilation, padding, padding, stride);
  const [kh, kw] = kernel;
  const needed = all.shape[1] === kh && all.shape[2] === kw ? all : tf.slice(all, [0, 0, 0, 0], [-1, kh, kw, -1]);
  return tf.transpose(needed, [1, 2, 0, 3]);
}
