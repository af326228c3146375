import { inScope } from '../../../../testing/compute/in-scope';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, test } from 'vitest';
import { largestDifference, openForTest } from '../../../../tests/engine';
import { normalArray, randomFrom, seed } from '../../../tensor/random';

beforeAll(() => openForTest('wasm'));

/** A (m, k) times B (k, n) in doubles. */
function inDoubles(a: Float32Array, b: Float32Array, [m, n, k]: number[], transposeA: boolean, transposeB: boolean): Float64Array {
  const product = new Float64Array(m * n);
  for (let i = 0; i < m; i++) {
    for (let j = 0; j < n; j++) {
      for (let p = 0; p < k; p++) product[i * n + j] += a[transposeA ? p * m + i : i * k + p] * b[transposeB ? j * k + p : p * n + j];
    }
  }
  return product;
}

const SIZES = [
  [1, 1, 1],
  [4, 8, 16],
  [7, 17, 3],
  [17, 7, 33],
  [65, 9, 5],
  [3, 1030, 2],
  [5, 6, 1031],
  [130, 24, 70],
  [20, 11, 4112],
];
const TRANSPOSES = [false, true].flatMap((a) => [false, true].map((b) => [a, b] as const));

test.each(SIZES.flatMap((size) => TRANSPOSES.map(([a, b]) => ({ size, a, b }))))(
  'a product of size (m, n, k) = $size, A transposed: $a, B transposed: $b, equals double precision',
  ({ size, a, b }) => {
    const [m, n, k] = size;
    const [A, B] = [normalArray(randomFrom(seed(1)), m * k, 1), normalArray(randomFrom(seed(2)), k * n, 1)];
    const found = inScope(() =>
      tf
        .matMul(tf.tensor2d(A, a ? [k, m] : [m, k]), tf.tensor2d(B, b ? [n, k] : [k, n]), a, b)
        .dataSync<'float32'>()
        .slice(),
    );
    // Rounding of k float32 products of normal values: about 6e-8 * k in the worst of cases seen, sqrt(k) typical.
    expect(largestDifference(found, inDoubles(A, B, size, a, b))).toBeLessThan(1e-6 * Math.sqrt(k) * 4);
  },
);

test.each([
  { a: [3, 5, 7], b: [3, 7, 9] },
  { a: [1, 5, 7], b: [3, 7, 9] },
  { a: [3, 5, 7], b: [1, 7, 9] },
  { a: [2, 1, 5, 7], b: [1, 3, 7, 9] },
])('batches of $a and $b are multiplied pair by pair', ({ a, b }) => {
  const values = (shape: number[], purpose: number): tf.Tensor =>
    tf.tensor(
      normalArray(
        randomFrom(seed(purpose)),
        shape.reduce((product, size) => product * size, 1),
        1,
      ),
      shape,
    );
  tf.tidy(() => {
    const [A, B] = [values(a, 1), values(b, 2)];
    const found = tf.matMul(A, B);
    // The same sum as an element-wise product, broadcast by tfjs.
    const expected = tf.sum(tf.mul(tf.expandDims(A, -1), tf.expandDims(B, -3)), -2);
    expect(found.shape).toEqual(expected.shape);
    expect(largestDifference(found.dataSync(), expected.dataSync())).toBeLessThan(1e-5);
  });
});
