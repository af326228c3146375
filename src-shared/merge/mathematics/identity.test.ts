import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { group, readReferenceTensors, referenceCases } from '../../../tests/reference';
import { blockSpec } from '../../model/block-families';
import { leafParameters } from '../../model/parameters';
import type { RepBlock } from '../../model/spec';
import { normalArray, randomFrom, seed } from '../../tensor/random';
import { floatTensor, type FloatTensor, type NamedTensors, type Tensor } from '../../tensor/tensor';
import { convToFc } from './fc-matrix';
import { convToFcByIdentity, mergeBlockByIdentity, type BlockParameter } from './identity';
import type { Kernel } from './kernels';
import { mergeBlock } from '../merge-layer';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

const blocks = referenceCases.filter(({ family }) => family === 'repmlp_v1' || family === 'repmlpnet_block');

describe('the identity form, the index form and the reference agree', () => {
  test.each(blocks)('$id', (reference) => {
    const tensors = readReferenceTensors(reference.file);
    const weights = group(tensors, 'train');
    const block = blockSpec(reference.family, reference.config).layers[0] as RepBlock;
    const truth = group(tensors, reference.official_conversion_equivalent ? 'deploy' : 'fixed');
    const byIndex = mergeBlock(block, weights);
    const before = tf.memory().numTensors;
    const byIdentity = tf.tidy(() =>
      Object.entries(mergeBlockByIdentity(block, tensorsOf(weights))).map(([name, t]) => [name, t.dataSync(), t.shape] as const),
    );
    expect(byIdentity.map(([name]) => name).sort()).toEqual([...byIndex.keys()].sort());
    for (const [name, values, shape] of byIdentity) {
      expect(shape).toEqual(byIndex.get(name)?.shape);
      expectClose(values as Float32Array, (byIndex.get(name) as FloatTensor).data, name);
      expectClose(values as Float32Array, (truth.get(name) as FloatTensor).data, name);
    }
    expect(tf.memory().numTensors).toBe(before);
  });
});

/** Float32 in both: about eight roundings of 2^-24 of the largest value (four of them in the batch norm's scale). */
function expectClose(actual: Float32Array, expected: Float32Array, name: string): void {
  const scale = expected.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0);
  const difference = expected.reduce((largest, value, i) => Math.max(largest, Math.abs(value - actual[i])), 0);
  expect(difference, name).toBeLessThanOrEqual(8 * 2 ** -24 * scale);
}

function tensorsOf(weights: NamedTensors): BlockParameter {
  return (suffix) => {
    const { data, shape } = weights.get(suffix) as FloatTensor;
    return tf.tensor(data, [...shape]);
  };
}

test('one convolution: its matrix is the band, exactly', () => {
  const [O, channels, K, h, w, groups] = [4, 2, 3, 4, 5, 2];
  const values = normalArray(randomFrom(seed(1)), O * channels * K * K, 1);
  const kernel: Kernel = { O, channels, K, weight: Float64Array.from(values), bias: new Float64Array(O) };
  const matrix = tf.tidy(() => convToFcByIdentity(tf.tensor4d(values, [O, channels, K, K]), h, w, groups).dataSync());
  expect(matrix).toEqual(convToFc(kernel, { O, channels, h, w }));
});

describe('gradients flow through the merge', () => {
  const block: RepBlock = {
    kind: 'repmlp',
    name: '',
    C: 4,
    O: 4,
    H: 6,
    W: 4,
    h: 3,
    w: 4,
    kernels: [1, 3],
    reduction: 1,
    groups: 2,
    form: 'train',
  };
  const random = randomFrom(seed(4));
  const weights = new Map<string, Tensor>(
    leafParameters(block, '')
      .filter(({ role }) => role !== 'counter')
      .map(({ name, shape, role }) => {
        const values = normalArray(
          random,
          shape.reduce((product, size) => product * size, 1),
          1,
        );
        return [name, floatTensor(shape, role === 'runningVariance' ? values.map((value) => 0.5 + value * value) : values)];
      }),
  );
  const merged = mergeBlock(block, weights);
  const directions = new Map([...merged].map(([name, { data }]) => [name, normalArray(random, data.length, 1)]));

  /** Sum of all merged values, each times a fixed random number: by the index form, in double precision. */
  function lossByIndex(changed: NamedTensors): number {
    let loss = 0;
    for (const [name, { data }] of mergeBlock(block, changed)) {
      const direction = directions.get(name) as Float32Array;
      (data as Float32Array).forEach((value, i) => (loss += value * direction[i]));
    }
    return loss;
  }

  function gradientByIdentity(name: string): Float32Array {
    const variable = (weights.get(name) as FloatTensor).data;
    const gradient = tf.grad((x: tf.Tensor) => {
      const read: BlockParameter = (suffix) => (suffix === name ? x : tensorsOf(weights)(suffix));
      const products = Object.entries(mergeBlockByIdentity(block, read)).map(([suffix, t]) =>
        tf.sum(tf.mul(tf.reshape(t, [-1]), tf.tensor1d(directions.get(suffix) as Float32Array))),
      );
      return tf.addN(products);
    });
    return tf.tidy(() => gradient(tf.tensor(variable, [...(weights.get(name) as FloatTensor).shape])).dataSync() as Float32Array);
  }

  test.each([...weights.keys()].filter((name) => !name.includes('fc2')))('to %s', (name) => {
    const gradient = gradientByIdentity(name);
    const { shape, data } = weights.get(name) as FloatTensor;
    const scale = gradient.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0);
    expect(scale).toBeGreaterThan(0);
    for (let i = 0; i < data.length; i += Math.ceil(data.length / 12)) {
      const at = (step: number): number =>
        lossByIndex(
          new Map(weights).set(
            name,
            floatTensor(
              shape,
              data.map((value, k) => (k === i ? value + step : value)),
            ),
          ),
        );
      // The loss is linear in all but the variances; there a central difference of 2^-6 is off by some 1e-4 of the gradient.
      const difference = (at(2 ** -6) - at(-(2 ** -6))) / 2 ** -5;
      expect(Math.abs(difference - gradient[i])).toBeLessThan(2e-3 * scale);
    }
  });
});
