// Products of small matrices and batches of them, against the plain backend.
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
    { a: [5, 7], b: [7, 4], transposeA: false, transposeB: false },
    { a: [3, 5, 7], b: [3, 7, 4], transposeA: false, transposeB: false },
    { a: [3, 7, 5], b: [3, 7, 4], transposeA: true, transposeB: false },
    { a: [3, 5, 7], b: [3, 4, 7], transposeA: false, transposeB: true },
    { a: [2, 7, 5], b: [2, 4, 7], transposeA: true, transposeB: true },
    { a: [1, 5, 7], b: [3, 7, 4], transposeA: false, transposeB: false },
    { a: [3, 5, 7], b: [1, 7, 4], transposeA: false, transposeB: false },
    { a: [2, 3, 5, 7], b: [2, 3, 7, 1], transposeA: false, transposeB: false },
  ])('a product of $a and $b (transposed: $transposeA, $transposeB) is right', ({ a, b, transposeA, transposeB }) =>
    expectSameOnBackends(() => [tf.matMul(normal(a), normal(b, 2), transposeA, transposeB)]),
  );
});
