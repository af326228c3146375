// Gradients of pooling, against the plain backend.
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, test } from 'vitest';
import { expectSameOnBackends, normalTensor as normal, openForTest } from '../../../../tests/engine';
import { registerPlain } from '../install';

beforeAll(async () => {
  await openForTest('cpu');
  await openForTest('wasm');
});

// Hosts on which our WebAssembly does not run have the plain kernels.
describe.each([
  { host: 'with our WebAssembly', prepare: () => undefined },
  { host: 'without our WebAssembly', prepare: registerPlain },
])('$host', ({ prepare }) => {
  beforeAll(prepare);

  test('the gradient of max pooling goes to the largest element even where none is positive', () =>
    expectSameOnBackends(() => {
      const x = tf.sub(normal([2, 6, 6, 3]), 10) as tf.Tensor4D;
      const dy = normal([2, 3, 3, 3], 3);
      return [tf.grad((input: tf.Tensor) => tf.sum(tf.mul(tf.maxPool(input as tf.Tensor4D, 2, 2, 'valid'), dy)))(x)];
    }));

  test.each([
    { size: 2, stride: 2 },
    { size: 3, stride: 2 },
    { size: 3, stride: 1 },
  ])('the gradient of average pooling, window $size, stride $stride, is spread over each window', ({ size, stride }) =>
    expectSameOnBackends(() => {
      const x = normal([2, 7, 7, 3]) as tf.Tensor4D;
      const pool = (input: tf.Tensor): tf.Tensor => tf.avgPool(input as tf.Tensor4D, size, stride, 'valid');
      const dy = normal(pool(x).shape, 3);
      return [tf.grad((input: tf.Tensor) => tf.sum(tf.mul(pool(input), dy)))(x)];
    }),
  );

  test('the gradient of average pooling over padded windows counts what is in the picture only', () =>
    expectSameOnBackends(() => {
      const x = normal([2, 7, 7, 3]) as tf.Tensor4D;
      const pool = (input: tf.Tensor): tf.Tensor => tf.avgPool(input as tf.Tensor4D, 3, 2, 'same');
      const dy = normal(pool(x).shape, 3);
      return [tf.grad((input: tf.Tensor) => tf.sum(tf.mul(pool(input), dy)))(x)];
    }));
});
