import * as tf from '@tensorflow/tfjs-core';
import { readFileSync } from 'node:fs';
import { beforeAll, expect, test } from 'vitest';
import { largestDifference, openForTest } from '../../../tests/engine';
import { BATCH_NORM_GRADIENT_KERNEL, BATCH_NORM_KERNEL } from '../../model/forward/batch-norm';
import { normalArray, randomFrom, seed } from '../../tensor/random';
import { compiledModule } from './assembly/build.mjs';

beforeAll(() => openForTest('wasm'));

test('the WebAssembly in the repository is that of its source', async () => {
  expect(readFileSync(new URL('./columns.wasm.ts', import.meta.url), 'utf8')).toBe(await compiledModule());
});

/** Mean, biased variance, y and the three gradients in doubles. */
function inDoubles(x: Float32Array, dy: Float32Array, gamma: Float32Array, beta: Float32Array): Record<string, Float64Array> {
  const C = gamma.length;
  const M = x.length / C;
  const column = (values: ArrayLike<number>, c: number): number[] => Array.from({ length: M }, (_, m) => values[m * C + c]);
  const mean = (values: number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
  const result = {
    y: new Float64Array(M * C),
    mean: new Float64Array(C),
    variance: new Float64Array(C),
    dx: new Float64Array(M * C),
    dgamma: new Float64Array(C),
    dbeta: new Float64Array(C),
  };
  for (let c = 0; c < C; c++) {
    const [xs, ds] = [column(x, c), column(dy, c)];
    result.mean[c] = mean(xs);
    result.variance[c] = mean(xs.map((value) => (value - result.mean[c]) ** 2));
    const inverse = 1 / Math.sqrt(result.variance[c] + 1e-5);
    const normal = xs.map((value) => (value - result.mean[c]) * inverse);
    const correlation = mean(ds.map((d, m) => d * normal[m]));
    result.dgamma[c] = correlation * M;
    result.dbeta[c] = mean(ds) * M;
    normal.forEach((value, m) => {
      result.y[m * C + c] = gamma[c] * value + beta[c];
      result.dx[m * C + c] = gamma[c] * inverse * (ds[m] - mean(ds) - value * correlation);
    });
  }
  return result;
}

test.each([
  { M: 64, C: 8 },
  { M: 129, C: 5 },
  { M: 12, C: 130 },
  { M: 70, C: 3 },
])('batch norm of $M rows of $C channels and its gradient equal double precision', ({ M, C }) => {
  const random = randomFrom(seed(M));
  // A mean far from 0 beside a small variance: sums of squares would cancel here.
  const x = normalArray(random, M * C, 0.5).map((value) => value + 20);
  const [dy, gamma, beta] = [normalArray(random, M * C, 1), normalArray(random, C, 1), normalArray(random, C, 1)];
  const truth = inDoubles(x, dy, gamma, beta);
  const before = tf.memory().numTensors;
  const found = tf.tidy(() => {
    const inputs = { x: tf.tensor2d(x, [M, C]), gamma: tf.tensor1d(gamma), beta: tf.tensor1d(beta) };
    const [y, mean, variance] = tf.engine().runKernel<tf.Tensor[]>(BATCH_NORM_KERNEL, inputs);
    const back = { dy: tf.tensor2d(dy, [M, C]), x: inputs.x, gamma: inputs.gamma, mean, variance };
    const [dx, dgamma, dbeta] = tf.engine().runKernel<tf.Tensor[]>(BATCH_NORM_GRADIENT_KERNEL, back);
    const values = Object.entries({ y, mean, variance, dx, dgamma, dbeta }).map(([name, tensor]) => [name, tensor.dataSync().slice()]);
    return values as unknown as tf.TensorContainer;
  }) as unknown as [string, Float32Array][];
  expect(tf.memory().numTensors).toBe(before);
  for (const [name, values] of found) {
    const scale = truth[name].reduce((max, value) => Math.max(max, Math.abs(value)), 0);
    // The stored mean is a float32 near 20, off by up to 1e-6, which deviations around 0.5 and the cancellation within dx magnify some ten times.
    expect(largestDifference(values, truth[name]), name).toBeLessThan(2e-5 * scale);
  }
});

test.each([
  [64, 48],
  [9, 13],
  [3, 4],
  [16, 1],
])('a product with a transposed %i x %i matrix is that with the matrix turned by hand', (R, C) => {
  const values = normalArray(randomFrom(seed(1)), R * C, 1);
  const turned = Float32Array.from({ length: R * C }, (_, i) => values[(i % R) * C + Math.floor(i / R)]);
  const [found, expected] = tf.tidy(() => {
    const [A, byHand, identity] = [tf.tensor2d(values, [R, C]), tf.tensor2d(turned, [C, R]), tf.eye(R) as tf.Tensor2D];
    return [tf.matMul(A, identity, true, false), tf.matMul(byHand, identity)].map((t) => t.dataSync().slice()) as unknown as tf.Tensor[];
  }) as unknown as Float32Array[];
  expect(found).toEqual(expected);
  expect(found).toEqual(turned);
});
