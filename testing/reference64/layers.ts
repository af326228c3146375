// The plain layers in double precision and eval mode: batch norm, activations, pooling, resizing.
import { assertNever } from '@shared/base/assert-never';
import { type ActivationFunction, type Pair, type Pool } from '@shared/model/spec';
import { mapSize, mapValues, zeros, type Array64, type ParameterReader } from './array64';

/** (x - mean) gamma / sqrt(variance + eps) + beta, statistics per channel (axis 1) of (N, C, ...). */
export function batchNorm(x: Array64, read: ParameterReader, eps: number): Array64 {
  const [gamma, beta, mean, variance] = ['weight', 'bias', 'running_mean', 'running_var'].map((suffix) => read(suffix).data);
  return perChannel(x, (value, c) => ((value - mean[c]) * gamma[c]) / Math.sqrt(variance[c] + eps) + beta[c]);
}

/** f(value, channel) of every value of a (N, C, ...) array. */
export function perChannel(x: Array64, f: (value: number, channel: number) => number): Array64 {
  const C = x.shape[1];
  const area = x.shape.slice(2).reduce((product, size) => product * size, 1);
  return { shape: x.shape, data: x.data.map((value, index) => f(value, Math.floor(index / area) % C)) };
}

/** An element-wise activation; `slope` (C) is PReLU's. */
export function activate(x: Array64, activation: ActivationFunction, slope: () => Array64): Array64 {
  switch (activation) {
    case 'none':
      return x;
    case 'relu':
      return mapValues(x, (value) => Math.max(value, 0));
    case 'gelu':
      return mapValues(x, (value) => 0.5 * value * (1 + erf(value / Math.SQRT2)));
    case 'sigmoid':
      return mapValues(x, (value) => 1 / (1 + Math.exp(-value)));
    case 'prelu': {
      const { data } = slope();
      return perChannel(x, (value, c) => (value >= 0 ? value : value * data[c]));
    }
    default:
      return assertNever(activation);
  }
}

/** The error function to double precision: 2/sqrt(pi) exp(-x^2) sum of 2^n x^(2n+1) / (1*3*5...(2n+1)), all terms of one sign. */
export function erf(x: number): number {
  if (Math.abs(x) > 6) return Math.sign(x); // 1 - erf(6) is below 2^-53
  let term = x;
  let total = x;
  for (let n = 1; Math.abs(term) > 1e-17 * Math.abs(total); n++) {
    term *= (2 * x * x) / (2 * n + 1);
    total += term;
  }
  return (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * total;
}

/** Max or average over windows; padding is never counted. */
export function pool(x: Array64, layer: Pick<Pool, 'function' | 'kernel' | 'stride' | 'padding'>): Array64 {
  const { H, W } = mapSize(x);
  const { kernel, stride, padding } = layer;
  const outH = Math.floor((H + 2 * padding[0] - kernel[0]) / stride[0]) + 1;
  const outW = Math.floor((W + 2 * padding[1] - kernel[1]) / stride[1]) + 1;
  const region = (i: number, axis: 0 | 1, size: number): Pair => {
    const start = i * stride[axis] - padding[axis];
    return [Math.max(start, 0), Math.min(start + kernel[axis], size)];
  };
  return poolRegions(
    x,
    [outH, outW],
    layer.function,
    (i) => region(i, 0, H),
    (j) => region(j, 1, W),
  );
}

/** Average over bins: rows floor(i H / bins) to ceil((i + 1) H / bins), columns likewise. */
export function adaptiveAveragePool(x: Array64, bins: Pair): Array64 {
  const { H, W } = mapSize(x);
  const region = (i: number, count: number, size: number): Pair => [Math.floor((i * size) / count), Math.ceil(((i + 1) * size) / count)];
  return poolRegions(
    x,
    bins,
    'average',
    (i) => region(i, bins[0], H),
    (j) => region(j, bins[1], W),
  );
}

function poolRegions(
  x: Array64,
  [outH, outW]: Pair,
  reduction: Pool['function'],
  rowsOf: (i: number) => Pair,
  columnsOf: (j: number) => Pair,
): Array64 {
  const { N, C, H, W } = mapSize(x);
  const y = zeros([N, C, outH, outW]);
  for (let plane = 0; plane < N * C; plane++) {
    const input = x.data.subarray(plane * H * W, (plane + 1) * H * W);
    for (let i = 0; i < outH; i++) {
      for (let j = 0; j < outW; j++) {
        y.data[(plane * outH + i) * outW + j] = reduceRegion(input, W, rowsOf(i), columnsOf(j), reduction);
      }
    }
  }
  return y;
}

function reduceRegion(plane: Float64Array, W: number, rows: Pair, columns: Pair, reduction: Pool['function']): number {
  let total = 0;
  let largest = -Infinity;
  for (let a = rows[0]; a < rows[1]; a++) {
    for (let b = columns[0]; b < columns[1]; b++) {
      const value = plane[a * W + b];
      total += value;
      if (value > largest || Number.isNaN(value)) largest = value;
    }
  }
  return reduction === 'max' ? largest : total / ((rows[1] - rows[0]) * (columns[1] - columns[0]));
}

/** Bilinear resize with aligned corners: output row i reads input row i (H - 1) / (size - 1). */
export function resize(x: Array64, [outH, outW]: Pair): Array64 {
  const { N, C, H, W } = mapSize(x);
  const y = zeros([N, C, outH, outW]);
  const source = (i: number, out: number, size: number): number => (out > 1 ? (i * (size - 1)) / (out - 1) : 0);
  for (let plane = 0; plane < N * C; plane++) {
    const input = x.data.subarray(plane * H * W, (plane + 1) * H * W);
    for (let i = 0; i < outH; i++) {
      for (let j = 0; j < outW; j++) {
        y.data[(plane * outH + i) * outW + j] = bilinear(input, H, W, source(i, outH, H), source(j, outW, W));
      }
    }
  }
  return y;
}

function bilinear(plane: Float64Array, H: number, W: number, row: number, column: number): number {
  const [a, b] = [Math.floor(row), Math.floor(column)];
  const [below, right] = [Math.min(a + 1, H - 1), Math.min(b + 1, W - 1)];
  const [u, v] = [row - a, column - b];
  const top = (1 - v) * plane[a * W + b] + v * plane[a * W + right];
  const bottom = (1 - v) * plane[below * W + b] + v * plane[below * W + right];
  return (1 - u) * top + u * bottom;
}

/** cos(x, row) for every row of `weight` (out, in): rows and inputs scaled to length 1. */
export function cosineScores(x: Array64, weight: Array64): Array64 {
  const [N, inputs] = x.shape;
  const outputs = weight.shape[0];
  const y = zeros([N, outputs]);
  const length = (data: Float64Array, first: number): number => Math.hypot(...data.subarray(first, first + inputs)) || 1e-12;
  for (let n = 0; n < N; n++) {
    const xLength = length(x.data, n * inputs);
    for (let o = 0; o < outputs; o++) {
      let product = 0;
      for (let c = 0; c < inputs; c++) product += x.data[n * inputs + c] * weight.data[o * inputs + c];
      y.data[n * outputs + o] = product / (xLength * length(weight.data, o * inputs));
    }
  }
  return y;
}
