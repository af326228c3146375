import { inScope } from '../../../../testing/compute/in-scope';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, test } from 'vitest';
import { largestDifference, openForTest } from '../../../../tests/engine';
import { normalArray, randomFrom, seed } from '../../../tensor/random';
import { GELU_GRADIENT_KERNEL, GELU_KERNEL } from '../../../model/forward/activation';
import { useBackend } from '../../backend/choose';

beforeAll(async () => {
  await openForTest('cpu');
  await openForTest('wasm');
});

const values = (shape: number[], from = 1): Float32Array => normalArray(randomFrom(seed(from)), tf.util.sizeFromShape(shape), 1);

/** What a computation gives on the WASM backend, and on the plain one. */
function onBoth(compute: () => tf.Tensor): Float32Array[] {
  return ['wasm', 'cpu'].map((backend) => {
    useBackend(backend as 'wasm');
    return inScope(() => compute().dataSync<'float32'>().slice());
  });
}

const broadcasts = [
  { a: [70000], b: [70000] },
  { a: [6, 5, 7], b: [6, 5, 7] },
  { a: [300, 8, 8, 16], b: [300, 1, 1, 16] },
  { a: [16], b: [3000, 16] },
  { a: [5, 4, 6], b: [1, 4, 6] },
  { a: [5, 4, 6], b: [5, 4, 1] },
  { a: [4, 1, 6], b: [1, 5, 6] },
  { a: [5, 4], b: [] },
  { a: [2, 3, 4], b: [4] },
];

test.each(broadcasts)('sum and product of $a and $b are those of the plain backend', ({ a, b }) => {
  for (const operation of [tf.add, tf.mul]) {
    const [found, expected] = onBoth(() => operation(tf.tensor(values(a), a), tf.tensor(values(b, 2), b)));
    expect(found).toEqual(expected);
  }
});

test('GELU and its slope equal double precision, far out as well', () => {
  const x = Float32Array.from([...values([200]), -40, -13, -9, -5, -3, 0, 3, 5, 9, 40, 0.1]);
  useBackend('wasm');
  const [y, slope] = inScope(() => {
    const run = (kernel: string, inputs: tf.NamedTensorMap): tf.Tensor => tf.engine().runKernel<tf.Tensor>(kernel, inputs);
    const found = [run(GELU_KERNEL, { x: tf.tensor1d(x) }), run(GELU_GRADIENT_KERNEL, { dy: tf.onesLike(x), x: tf.tensor1d(x) })];
    return found.map((tensor) => tensor.dataSync<'float32'>().slice());
  });
  const density = (z: number): number => Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI);
  // Simpson's rule from 0: its error here is below 1e-12.
  const below = (z: number): number => {
    const [end, n] = [Math.min(9, Math.abs(z)), 2000];
    let sum = density(0) + density(end);
    for (let i = 1; i < n; i++) sum += (i % 2 === 1 ? 4 : 2) * density((i * end) / n);
    return 0.5 + (Math.sign(z) * sum * end) / n / 3;
  };
  x.forEach((z, i) => {
    // The approximation of Phi is off by 0.75e-7, the product and its operands are rounded.
    expect(Math.abs(y[i] - z * below(z))).toBeLessThan(3e-7 * Math.max(1, Math.abs(z)));
    expect(Math.abs(slope[i] - below(z) - z * density(z))).toBeLessThan(5e-7);
  });
});

test.each([
  { shape: [300, 8, 8, 16], axes: [1, 2] },
  { shape: [7, 5, 6], axes: [0] },
  { shape: [5000, 16], axes: [0] },
  { shape: [7, 5, 6], axes: [2] },
  { shape: [7, 5, 6], axes: [0, 2] },
])('sums and means of $shape over the axes $axes are those of the plain backend', ({ shape, axes }) => {
  for (const reduce of [tf.sum, tf.mean]) {
    const [found, expected] = onBoth(() => reduce(tf.tensor(values(shape), shape), axes));
    // 5000 values of size 1: their rounded partial sums reach some hundred.
    expect(largestDifference(found, expected)).toBeLessThan(1e-4);
  }
});
