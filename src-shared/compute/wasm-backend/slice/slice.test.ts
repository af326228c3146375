// Pieces of tensors, against the plain backend.
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

  test.each([
    { shape: [7], begin: [2], size: [3] },
    { shape: [4, 5], begin: [1, 0], size: [2, 5] },
    { shape: [4, 5], begin: [0, 2], size: [4, 2] },
    { shape: [3, 4, 5, 6], begin: [1, 1, 0, 2], size: [2, 2, 5, 3] },
    { shape: [2, 3, 50], begin: [0, 1, 5], size: [2, 1, 40] },
    { shape: [2, 3], begin: [0, 0], size: [2, 3] },
  ])('a slice of $shape at $begin of size $size is the right piece', ({ shape, begin, size }) =>
    expectSameOnBackends(() => [tf.slice(normal(shape), begin, size)]),
  );

  test('splits, unstacked rows and clones are the right pieces', () =>
    expectSameOnBackends(() => [
      ...tf.split(normal([2, 3, 8]), 4, 2),
      ...tf.split(normal([6, 2]), [1, 2, 3], 0),
      ...tf.unstack(normal([3, 4, 2]), 1),
      tf.clone(normal([3])),
    ]));
});
