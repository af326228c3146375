import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { expect, test } from 'vitest';
import { normsOf } from './norms';

test('norms are Euclidean, of the parameters that have a gradient, and leave nothing on the backend', async () => {
  await tf.setBackend('cpu');
  const before = tf.memory().numTensors;
  const value = tf.variable(tf.tensor1d([3, 4]), true);
  const frozen = tf.variable(tf.tensor1d([1]), true);
  const parameters = [
    { name: 'fc.weight', value, decays: true, moments: [] },
    { name: 'fc.frozen', value: frozen, decays: true, moments: [] },
  ];
  const gradients = { [value.name]: tf.tensor1d([0, -2]) };
  const read = normsOf(parameters, gradients);
  expect(await read()).toEqual([{ name: 'fc.weight', weight: 5, gradient: 2 }]);
  tf.dispose([value, frozen, gradients]);
  // The two constants that the variables were made from are the test's own.
  expect(tf.memory().numTensors - before).toBe(2);
});
