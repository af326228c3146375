import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, test } from 'vitest';
import { expectSameOnBackends, normalTensor, openForTest } from '../../../../tests/engine';

beforeAll(async () => {
  await openForTest('cpu');
  await openForTest('wasm');
});

const permutations = [
  { shape: [64, 64, 2, 8], perm: [2, 0, 3, 1] },
  { shape: [2, 64, 8, 64], perm: [1, 3, 0, 2] },
  { shape: [12, 4, 8, 32], perm: [0, 2, 1, 3] },
  { shape: [300, 3, 1, 7], perm: [0, 2, 3, 1] },
  { shape: [5, 7], perm: [1, 0] },
  { shape: [3, 4, 5, 6, 7], perm: [4, 2, 0, 3, 1] },
  { shape: [2, 3, 2, 3, 2, 3], perm: [5, 3, 1, 4, 2, 0] },
  { shape: [6], perm: [0] },
  { shape: [1, 9, 1], perm: [2, 0, 1] },
];

test.each(permutations)('$shape with its axes in the order $perm is that of the plain backend', ({ shape, perm }) => {
  expectSameOnBackends(() => [tf.transpose(normalTensor(shape), perm)]);
});
