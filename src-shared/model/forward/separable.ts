// Adaptive average pooling and bilinear resizing: both are one linear map along the rows and one along
// the columns, written as two matrix products, so that every backend has their gradients.
import * as tf from '@tensorflow/tfjs-core';
import type { Pair } from '../spec';
import { constantTensor } from './constants';
import { meanOf } from './reduce';

/** Averages over `bins` regions, region i of n covering [floor(i*L/n), ceil((i+1)*L/n)): (N, H, W, C) -> (N, rows, columns, C). */
export function adaptiveAveragePool(x: tf.Tensor4D, bins: Pair): tf.Tensor4D {
  const [, H, W] = x.shape;
  if (bins[0] === H && bins[1] === W) return x;
  if (bins[0] === 1 && bins[1] === 1) return meanOf(x, [1, 2], true) as tf.Tensor4D;
  return applySeparable(x, averagingMatrix(bins[0], H), averagingMatrix(bins[1], W));
}

/** Bilinear resize with aligned corners: (N, H, W, C) -> (N, height, width, C). */
export function resizeBilinear(x: tf.Tensor4D, size: Pair): tf.Tensor4D {
  const [, H, W] = x.shape;
  if (size[0] === H && size[1] === W) return x;
  return applySeparable(x, interpolationMatrix(size[0], H), interpolationMatrix(size[1], W));
}

/** y[n, i, j, c] = sum over a, b of rows[i, a] * columns[j, b] * x[n, a, b, c]. */
function applySeparable(x: tf.Tensor4D, rows: tf.Tensor2D, columns: tf.Tensor2D): tf.Tensor4D {
  const [N, H, W, C] = x.shape;
  const [height, width] = [rows.shape[0], columns.shape[0]];
  const byRows = tf.matMul(tf.reshape(rows, [1, height, H]), tf.reshape(x, [N, H, W * C]));
  const byColumns = tf.matMul(tf.reshape(columns, [1, width, W]), tf.reshape(byRows, [N * height, W, C]));
  return tf.reshape(byColumns, [N, height, width, C]);
}

/** (bins, length), rows averaging one region each. */
function averagingMatrix(bins: number, length: number): tf.Tensor2D {
  const matrix = new Float32Array(bins * length);
  for (let i = 0; i < bins; i++) {
    const start = Math.floor((i * length) / bins);
    const end = Math.ceil(((i + 1) * length) / bins);
    matrix.fill(1 / (end - start), i * length + start, i * length + end);
  }
  return constantTensor(`averages of ${length} in ${bins}`, () => tf.tensor2d(matrix, [bins, length]));
}

/** (size, length), row i interpolating at position i * (length - 1) / (size - 1). */
function interpolationMatrix(size: number, length: number): tf.Tensor2D {
  const matrix = new Float32Array(size * length);
  for (let i = 0; i < size; i++) {
    const position = size > 1 ? (i * (length - 1)) / (size - 1) : 0;
    const left = Math.min(Math.floor(position), length - 1);
    const right = Math.min(left + 1, length - 1);
    matrix[i * length + left] += 1 - (position - left);
    matrix[i * length + right] += position - left;
  }
  return constantTensor(`interpolation of ${length} at ${size}`, () => tf.tensor2d(matrix, [size, length]));
}
