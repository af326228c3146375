import { inScope } from '../../../../testing/compute/in-scope';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, test } from 'vitest';
import { largestDifference, openForTest } from '../../../../tests/engine';
import { rectifiedBatchNorm, sumOfBatchNorms } from '../../../model/forward/batch-norm';
import { BATCH_NORM_GRADIENT_KERNEL, BATCH_NORM_KERNEL } from '../../../model/forward/kernels/own-batch-norm';
import type { ForwardContext } from '../../../model/forward/context';
import { normalArray, randomFrom, seed } from '../../../tensor/random';

beforeAll(() => openForTest('wasm'));

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
  const found = inScope(() => {
    const [x0, gamma0, beta0] = [tf.tensor2d(x, [M, C]), tf.tensor1d(gamma), tf.tensor1d(beta)];
    const alone = { count: 1, relu: false, epsilons: [1e-5] };
    const [y, mean, variance] = tf.engine().runKernel<tf.Tensor[]>(BATCH_NORM_KERNEL, { x0, gamma0, beta0 }, alone);
    const back = { dy: tf.tensor2d(dy, [M, C]), x0, gamma0, mean0: mean, variance0: variance };
    const [dx, dgamma, dbeta] = tf.engine().runKernel<tf.Tensor[]>(BATCH_NORM_GRADIENT_KERNEL, back, alone);
    return Object.entries({ y, mean, variance, dx, dgamma, dbeta }).map(
      ([name, tensor]) => [name, tensor.dataSync<'float32'>().slice()] as const,
    );
  });
  expect(tf.memory().numTensors).toBe(before);
  for (const [name, values] of found) {
    const scale = truth[name].reduce((max, value) => Math.max(max, Math.abs(value)), 0);
    // The stored mean is a float32 near 20, off by up to 1e-6, which deviations around 0.5 and the cancellation within dx magnify some ten times.
    expect(largestDifference(values, truth[name]), name).toBeLessThan(2e-5 * scale);
  }
});

/** Gradients of sum(f * d) with respect to all inputs, and f's value. */
function differentiated(f: (...inputs: tf.Tensor[]) => tf.Tensor, inputs: tf.Tensor[], d: tf.Tensor): Float32Array[] {
  const { value, grads } = tf.valueAndGrads((...given: tf.Tensor[]) => tf.sum(tf.mul(f(...given), d)) as tf.Scalar)(inputs);
  return [value, ...grads].map((tensor) => tensor.dataSync<'float32'>().slice());
}

const CONTEXT = (vectors: Record<string, tf.Tensor>): ForwardContext => ({ training: true, parameter: (name) => vectors[name] });

test.each([
  { rows: 48, branches: [16, 4], relu: false },
  { rows: 40, branches: [30, 5, 3], relu: false },
  { rows: 33, branches: [7], relu: true },
])(
  'batch norms of $branches channels, added in one pass (ReLU: $relu), and their gradients are those of plain operations',
  ({ rows, branches, relu }) => {
    const random = randomFrom(seed(rows));
    const size = rows * branches[0];
    const numbers = (n: number): tf.Tensor => tf.tensor1d(normalArray(random, n, 1));
    const results = tf.tidy(() => {
      const inputs = branches.flatMap((C) => [tf.reshape(numbers(size), [rows, branches[0]]), numbers(C), numbers(C)]);
      const d = tf.reshape(numbers(size), [rows, branches[0]]);
      const own = (...given: tf.Tensor[]): tf.Tensor => {
        const vectors = Object.fromEntries(
          branches.flatMap((_, i) => [
            [`${i}.weight`, given[3 * i + 1]],
            [`${i}.bias`, given[3 * i + 2]],
          ]),
        ); // prettier-ignore
        if (relu) return rectifiedBatchNorm(given[0], '0', 1e-5, CONTEXT(vectors));
        return sumOfBatchNorms(
          branches.map((_, i) => ({ x: given[3 * i], path: String(i), eps: 1e-5 })),
          CONTEXT(vectors),
        ); // prettier-ignore
      };
      const plain = (...given: tf.Tensor[]): tf.Tensor => {
        const terms = branches.map((C, i) => {
          const x = tf.reshape(given[3 * i], [size / C, C]);
          const { mean, variance } = tf.moments(x, 0);
          const normal = tf.div(tf.sub(x, mean), tf.sqrt(tf.add(variance, 1e-5)));
          return tf.reshape(tf.add(tf.mul(normal, given[3 * i + 1]), given[3 * i + 2]), [rows, branches[0]]);
        });
        const sum = terms.reduce((total, term) => tf.add(total, term));
        return relu ? tf.relu(sum) : sum;
      };
      return [own, plain].map((f) => differentiated(f, inputs, d));
    });
    // Sums of some hundred float32 products of values around 1.
    results[1].forEach((expected, i) => expect(largestDifference(results[0][i], expected), `result ${i}`).toBeLessThan(1e-4));
  },
);
