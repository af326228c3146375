// Layers with rounded weights, by hand: a 1x1 convolution, whose outputs are sums that can be written down.
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { openForTest } from '../../tests/engine';
import { conv2d, relu } from '../model/layers';
import { initialWeights } from '../model/initialise';
import type { NetworkSpec } from '../model/spec';
import { buildModel } from '../model/zoo';
import { seededInput } from '../proof/seeded-inputs';
import { seed } from '../tensor/random';
import { throughInt8 } from '../tensor/int8';
import { floatTensor, type Tensor } from '../tensor/tensor';
import { roundedLayers } from './rounded-layers';

const spec: NetworkSpec = {
  format: 'repmlp-network',
  version: 1,
  name: 'two layers',
  task: 'segmentation',
  form: 'train',
  input: { channels: 2, height: 3, width: 3 },
  layers: [conv2d('a', 2, 2, 1, { bias: false }), relu('r'), conv2d('b', 2, 1, 1, { bias: false })],
};
const a = floatTensor([2, 2, 1, 1], Float32Array.of(1, -0.3, 0.013, 0.4));
const b = floatTensor([1, 2, 1, 1], Float32Array.of(0.7, 0.2));
const weights = new Map<string, Tensor>([
  ['a.weight', a],
  ['b.weight', b],
]);

beforeAll(() => openForTest('wasm'));

describe('a layer with rounded weights', () => {
  test('is run on the inputs it has with all others as they are; its noise and moved outputs are those summed by hand', async () => {
    const input = seededInput(spec, 5, seed(1));
    const rounded = [
      new Map([
        ['a.weight', throughInt8(a, 'tensor')],
        ['b.weight', throughInt8(b, 'tensor')],
      ]),
    ];
    const [first, second] = await roundedLayers({ spec, weights, rounded, input, backend: 'wasm' }, 'wasm');
    const pixels = Array.from({ length: 45 }, (_, at) => [0, 1].map((c) => input.data[(Math.floor(at / 9) * 2 + c) * 9 + (at % 9)]));
    const through = (w: ArrayLike<number>, x: readonly number[], o: number): number => w[2 * o] * x[0] + w[2 * o + 1] * x[1];
    const hidden = pixels.map((x) => [0, 1].map((o) => Math.max(0, through(a.data, x, o))));
    const outputsOf = (w: Tensor, own: readonly number[][], O: number): number[] =>
      own.flatMap((x) => Array.from({ length: O }, (_, o) => through(w.data as Float32Array, x, o)));
    const expected = (w: Tensor, r: Tensor, own: readonly number[][], O: number) => {
      const [y, z] = [outputsOf(w, own, O), outputsOf(r, own, O)];
      const step = (Math.max(0, ...y) - Math.min(0, ...y)) / 255;
      const noise = y.reduce((sum, value, i) => sum + (value - z[i]) ** 2, 0);
      return {
        signal: y.reduce((sum, value) => sum + value ** 2, 0),
        noise,
        changed: y.filter((value, i) => Math.abs(value - z[i]) > step / 2).length,
      };
    };
    for (const [layer, sums] of [
      [first, expected(a, throughInt8(a, 'tensor'), pixels, 2)],
      [second, expected(b, throughInt8(b, 'tensor'), hidden, 1)],
    ] as const) {
      expect(layer.signal / sums.signal).toBeCloseTo(1, 4);
      expect(layer.rounded[0].noise / sums.noise).toBeCloseTo(1, 2);
      expect(layer.rounded[0].changed).toBe(sums.changed);
    }
    expect([first.path, first.outputs, second.path, second.outputs]).toEqual(['a', 90, 'b', 45]);
    expect(first.rounded[0].changed).toBeGreaterThan(0);
  });

  test('of a network leaves nothing on the backend, and is silent where rounding changes nothing', async () => {
    const own = buildModel('pure-mlp-small');
    const fresh = initialWeights(own, seed(1));
    const before = tf.memory().numTensors;
    const layers = await roundedLayers(
      { spec: own, weights: fresh, rounded: [fresh, fresh], input: seededInput(own, 2, seed(1)), backend: 'wasm' },
      'wasm',
    );
    expect(tf.memory().numTensors).toBe(before);
    expect(layers).toEqual([]);
  });
});
