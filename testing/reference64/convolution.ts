// Convolution and full connection in double precision, written as their defining sums.
// Layout: maps (N, C, H, W), kernels (O, C/g, kh, kw), matrices (out, in).
import type { ConvGeometry } from '@shared/model/spec';
import { mapSize, zeros, type Array64 } from './array64';

/** What a convolution needs besides its arrays; channel counts are read from the arrays. */
export type ConvWindow = Pick<ConvGeometry, 'stride' | 'padding' | 'dilation' | 'groups'>;

/** Stride 1, K // 2 zeros around: the convolution of the Local Perceptron. */
export function samePadding(K: number, groups: number): ConvWindow {
  const p = Math.floor(K / 2);
  return { stride: [1, 1], padding: [p, p], dilation: [1, 1], groups };
}

/**
 * y[n, o, i, j] = bias[o] + sum over c, u, v of F[o, c, u, v] x[n, c', i s + u d - p, j s + v d - p], where c' counts within
 * the group of o and x is 0 outside the map.
 */
export function conv2d(x: Array64, kernel: Array64, bias: Array64 | null, window: ConvWindow): Array64 {
  const { N, H, W } = mapSize(x);
  const [O, , kh, kw] = kernel.shape;
  const { stride, padding, dilation } = window;
  const outH = Math.floor((H + 2 * padding[0] - dilation[0] * (kh - 1) - 1) / stride[0]) + 1;
  const outW = Math.floor((W + 2 * padding[1] - dilation[1] * (kw - 1) - 1) / stride[1]) + 1;
  const y = zeros([N, O, outH, outW]);
  for (let n = 0; n < N; n++) {
    for (let o = 0; o < O; o++) {
      const plane = y.data.subarray((n * O + o) * outH * outW, (n * O + o + 1) * outH * outW);
      if (bias) plane.fill(bias.data[o]);
      addChannels(plane, outH, outW, x, n, kernel, o, window);
    }
  }
  return y;
}

/** Adds the sum over c, u, v of one output plane (n, o). */
function addChannels(
  plane: Float64Array,
  outH: number,
  outW: number,
  x: Array64,
  n: number,
  kernel: Array64,
  o: number,
  window: ConvWindow,
): void {
  const { C, H, W } = mapSize(x);
  const [O, channels, kh, kw] = kernel.shape;
  const firstChannel = Math.floor(o / (O / window.groups)) * channels;
  for (let c = 0; c < channels; c++) {
    const input = x.data.subarray((n * C + firstChannel + c) * H * W, (n * C + firstChannel + c + 1) * H * W);
    for (let u = 0; u < kh; u++) {
      for (let v = 0; v < kw; v++) {
        addShifted(plane, outH, outW, input, H, W, kernel.data[((o * channels + c) * kh + u) * kw + v], u, v, window);
      }
    }
  }
}

/** plane[i, j] += factor * input[i s + u d - p, j s + v d - p] wherever that index exists. */
function addShifted(
  plane: Float64Array,
  outH: number,
  outW: number,
  input: Float64Array,
  H: number,
  W: number,
  factor: number,
  u: number,
  v: number,
  { stride, padding, dilation }: ConvWindow,
): void {
  const left = v * dilation[1] - padding[1];
  const firstJ = Math.max(0, Math.ceil(-left / stride[1]));
  const endJ = Math.min(outW, Math.floor((W - 1 - left) / stride[1]) + 1);
  for (let i = 0; i < outH; i++) {
    const a = i * stride[0] + u * dilation[0] - padding[0];
    if (a < 0 || a >= H) continue;
    for (let j = firstJ; j < endJ; j++) plane[i * outW + j] += factor * input[a * W + j * stride[1] + left];
  }
}

/** y[n, o] = bias[o] + sum over c of W[o, c] x[n, c], for x (N, in) and W of `out` rows. */
export function fullyConnected(x: Array64, weight: Array64, bias: Array64 | null): Array64 {
  const [N, inputs] = x.shape;
  const outputs = weight.shape[0];
  const y = zeros([N, outputs]);
  for (let n = 0; n < N; n++) {
    for (let o = 0; o < outputs; o++) {
      let total = bias ? bias.data[o] : 0;
      for (let c = 0; c < inputs; c++) total += weight.data[o * inputs + c] * x.data[n * inputs + c];
      y.data[n * outputs + o] = total;
    }
  }
  return y;
}

/**
 * Grouped FC: group q maps inputs q*in/g.. to outputs q*out/g... x (rows, in), weight (out, in/g): a grouped 1x1
 * convolution on 1x1 maps.
 */
export function groupedFullyConnected(x: Array64, weight: Array64, bias: Array64 | null, groups: number): Array64 {
  const [rows, inputs] = x.shape;
  const outputs = weight.shape[0];
  const columns = inputs / groups;
  const y = zeros([rows, outputs]);
  for (let row = 0; row < rows; row++) {
    for (let o = 0; o < outputs; o++) {
      const first = row * inputs + Math.floor(o / (outputs / groups)) * columns;
      let total = bias ? bias.data[o] : 0;
      for (let c = 0; c < columns; c++) total += weight.data[o * columns + c] * x.data[first + c];
      y.data[row * outputs + o] = total;
    }
  }
  return y;
}
