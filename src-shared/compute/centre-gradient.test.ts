// Receptive fields that are known beforehand: of stacked convolutions (the kernels folded into one another), of an FC3 that is the
// Toeplitz matrix of a kernel, and of a constant.
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { largestDifference, openForTest } from '../../tests/engine';
import { conv2d, relu } from '../model/layers';
import { initialWeights } from '../model/initialise';
import type { LayerSpec, NetworkSpec } from '../model/spec';
import { buildModel } from '../model/zoo';
import { centreOf, centrePixel, measureField } from '../pattern/receptive-field';
import { seededInput } from '../proof/seeded-inputs';
import { randomFrom, normalArray, seed } from '../tensor/random';
import { floatTensor, type NamedTensors } from '../tensor/tensor';
import { centreGradient } from './centre-gradient';

function network(size: number, layers: readonly LayerSpec[], channels = 1): NetworkSpec {
  const input = { channels, height: size, width: size };
  return { format: 'repmlp-network', version: 1, name: 'known', task: 'segmentation', form: 'train', input, layers };
}

const fieldOf = (spec: NetworkSpec, weights: NamedTensors, layer: string | null = null, samples = 2) =>
  centreGradient({ spec, weights, input: seededInput(spec, samples, seed(5)), layer, backend: 'wasm' }, 'wasm');

beforeAll(() => openForTest('wasm'));

describe('the receptive field', () => {
  test('of two convolutions is their kernels folded into one, about the centre, and zero elsewhere to the bit', async () => {
    const spec = network(11, [conv2d('a', 1, 1, 3, { padding: 1 }), conv2d('b', 1, 1, 3, { padding: 1 })]);
    const random = randomFrom(seed(1));
    const [a, b] = [normalArray(random, 9, 1), normalArray(random, 9, 1)];
    const weights = new Map([
      ['a.weight', floatTensor([1, 1, 3, 3], a)],
      ['a.bias', floatTensor([1], Float32Array.of(3))],
      ['b.weight', floatTensor([1, 1, 3, 3], b)],
      ['b.bias', floatTensor([1], Float32Array.of(-1))],
    ]);
    const { data } = await fieldOf(spec, weights);
    const expected = new Float64Array(121);
    for (let i = 0; i < 9; i++)
      for (let j = 0; j < 9; j++) {
        const [dy, dx] = [Math.floor(i / 3) + Math.floor(j / 3) - 2, (i % 3) + (j % 3) - 2];
        expected[(5 + dy) * 11 + 5 + dx] += a[i] * b[j];
      }
    // Sums of at most nine products of normal values in float32.
    expect(largestDifference(data, Array.from(expected, Math.abs))).toBeLessThan(1e-5);
    expect(Array.from(data).map((value) => value === 0)).toEqual(Array.from(expected, (value) => value === 0));
  });

  test('of an FC3 that is the Toeplitz matrix of a kernel is that kernel', async () => {
    const block = {
      kind: 'repmlp',
      name: 'block',
      C: 1,
      O: 1,
      H: 5,
      W: 5,
      h: 5,
      w: 5,
      kernels: [],
      reduction: 1,
      groups: 1,
      form: 'merged',
    } as const;
    const spec = { ...network(5, [block]), form: 'merged' as const };
    const kernel = Float32Array.of(1, -2, 3, 4, 5, -6, 7, 8, 9);
    const toeplitz = new Float32Array(25 * 25);
    for (let row = 0; row < 25; row++)
      for (let tap = 0; tap < 9; tap++) {
        const [y, x] = [Math.floor(row / 5) + Math.floor(tap / 3) - 1, (row % 5) + (tap % 3) - 1];
        if (y >= 0 && y < 5 && x >= 0 && x < 5) toeplitz[row * 25 + y * 5 + x] = kernel[tap];
      }
    const weights = new Map([
      ['block.fc3.weight', floatTensor([25, 25, 1, 1], toeplitz)],
      ['block.fc3.bias', floatTensor([25], new Float32Array(25))],
    ]);
    const { data } = await fieldOf(spec, weights);
    const seen = [6, 7, 8, 11, 12, 13, 16, 17, 18].map((at) => data[at]);
    expect(seen).toEqual(Array.from(kernel, Math.abs));
    expect(data.filter((value) => value !== 0)).toHaveLength(9);
    const field = measureField('merged', data, [5, 5], centrePixel(centreOf(spec, null).shape, [5, 5]));
    expect(field.extent).toEqual({ top: 1, left: 1, bottom: 3, right: 3 });
    expect(field.squares.map(({ side }) => side)).toEqual([3, 3, 3, 3]);
    expect(field.reached).toBe(9 / 25);
  });

  test('through a ReLU is the mean over the inputs of what each lets through', async () => {
    const spec = network(1 + 2, [conv2d('a', 1, 1, 1), relu('r')]);
    const weights = new Map([
      ['a.weight', floatTensor([1, 1, 1, 1], Float32Array.of(2))],
      ['a.bias', floatTensor([1], Float32Array.of(0))],
    ]);
    const input = seededInput(spec, 64, seed(5));
    const { data } = await centreGradient({ spec, weights, input, layer: null, backend: 'wasm' }, 'wasm');
    const open = Array.from({ length: 64 }, (_, n) => input.data[n * 9 + 4] > 0).filter(Boolean).length;
    expect(data[4]).toBeCloseTo((2 * open) / 64, 6);
    expect(data.filter((value) => value !== 0)).toHaveLength(1);
  });

  test('of a whole network is looked from its last map, and leaves nothing on the backend', async () => {
    const spec = buildModel('pure-mlp-small');
    const before = tf.memory().numTensors;
    const { data, shape } = await fieldOf(spec, initialWeights(spec, seed(2)));
    expect(tf.memory().numTensors).toBe(before);
    expect(shape).toEqual([spec.input.height, spec.input.width]);
    expect(data.some((value) => value > 0)).toBe(true);
  });

  test('is refused from a layer that gives no map, naming those that do', () => {
    const spec = buildModel('pure-mlp-small');
    expect(() => centreOf(spec, 'nowhere')).toThrow(/has no layer nowhere; layers with a map: /);
  });
});
