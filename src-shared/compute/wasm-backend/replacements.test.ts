import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, test } from 'vitest';
import { largestDifference, openForTest } from '../../../tests/engine';
import { normalArray, randomFrom, seed } from '../../tensor/random';
import { useBackend } from '../backend/choose';

beforeAll(async () => {
  await openForTest('cpu');
  await openForTest('wasm');
});

function normal(shape: number[], purpose = 1): tf.Tensor {
  const count = shape.reduce((product, size) => product * size, 1);
  return tf.tensor(normalArray(randomFrom(seed(purpose)), count, 1), shape);
}

/** Runs on both backends, compares values and shapes, and expects no tensor left. */
async function expectSame(operation: () => tf.Tensor[]): Promise<void> {
  const run = async (backend: 'cpu' | 'wasm'): Promise<{ shape: number[]; values: Float32Array }[]> => {
    useBackend(backend);
    const before = tf.memory().numTensors;
    const outputs = tf.tidy(operation);
    const results = outputs.map((output) => ({ shape: output.shape, values: output.dataSync<'float32'>().slice() }));
    tf.dispose(outputs);
    expect(tf.memory().numTensors).toBe(before);
    return Promise.resolve(results);
  };
  const [cpu, wasm] = [await run('cpu'), await run('wasm')];
  expect(wasm.map(({ shape }) => shape)).toEqual(cpu.map(({ shape }) => shape));
  // Sums of at most 40 products of normal values, in float32: below 1e-5 of values around 10.
  wasm.forEach(({ values }, i) => expect(largestDifference(values, cpu[i].values)).toBeLessThan(1e-5));
}

test.each([
  { shape: [7], begin: [2], size: [3] },
  { shape: [4, 5], begin: [1, 0], size: [2, 5] },
  { shape: [4, 5], begin: [0, 2], size: [4, 2] },
  { shape: [3, 4, 5, 6], begin: [1, 1, 0, 2], size: [2, 2, 5, 3] },
  { shape: [2, 3, 50], begin: [0, 1, 5], size: [2, 1, 40] },
  { shape: [2, 3], begin: [0, 0], size: [2, 3] },
])('a slice of $shape at $begin of size $size is the right piece', ({ shape, begin, size }) =>
  expectSame(() => [tf.slice(normal(shape), begin, size)]),
);

test('splits, unstacked rows and clones are the right pieces', () =>
  expectSame(() => [
    ...tf.split(normal([2, 3, 8]), 4, 2),
    ...tf.split(normal([6, 2]), [1, 2, 3], 0),
    ...tf.unstack(normal([3, 4, 2]), 1),
    tf.clone(normal([3])),
  ]));

test.each([
  { a: [5, 7], b: [7, 4], transposeA: false, transposeB: false },
  { a: [3, 5, 7], b: [3, 7, 4], transposeA: false, transposeB: false },
  { a: [3, 7, 5], b: [3, 7, 4], transposeA: true, transposeB: false },
  { a: [3, 5, 7], b: [3, 4, 7], transposeA: false, transposeB: true },
  { a: [2, 7, 5], b: [2, 4, 7], transposeA: true, transposeB: true },
  { a: [1, 5, 7], b: [3, 7, 4], transposeA: false, transposeB: false },
  { a: [3, 5, 7], b: [1, 7, 4], transposeA: false, transposeB: false },
  { a: [2, 3, 5, 7], b: [2, 3, 7, 1], transposeA: false, transposeB: false },
])('a product of $a and $b (transposed: $transposeA, $transposeB) is right', ({ a, b, transposeA, transposeB }) =>
  expectSame(() => [tf.matMul(normal(a), normal(b, 2), transposeA, transposeB)]),
);

test('the gradient of max pooling goes to the largest element even where none is positive', () =>
  expectSame(() => {
    const x = tf.sub(normal([2, 6, 6, 3]), 10) as tf.Tensor4D;
    const dy = normal([2, 3, 3, 3], 3);
    return [tf.grad((input: tf.Tensor) => tf.sum(tf.mul(tf.maxPool(input as tf.Tensor4D, 2, 2, 'valid'), dy)))(x)];
  }));

test.each([
  { size: 2, stride: 2 },
  { size: 3, stride: 2 },
  { size: 3, stride: 1 },
])('the gradient of average pooling, window $size, stride $stride, is spread over each window', ({ size, stride }) =>
  expectSame(() => {
    const x = normal([2, 7, 7, 3]) as tf.Tensor4D;
    const pool = (input: tf.Tensor): tf.Tensor => tf.avgPool(input as tf.Tensor4D, size, stride, 'valid');
    const dy = normal(pool(x).shape, 3);
    return [tf.grad((input: tf.Tensor) => tf.sum(tf.mul(pool(input), dy)))(x)];
  }),
);
