import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { largestDifference, NODE_BACKENDS, openForTest } from '../../../tests/engine';
import { useBackend } from '../../compute/backend/choose';
import { downloadActivation, uploadImages, uploadParameters } from '../../compute/session/upload';
import { normalArray, randomFrom, seed } from '../../tensor/random';
import { floatTensor, type FloatTensor, type NamedTensors, type Tensor } from '../../tensor/tensor';
import { initialWeights } from '../initialise';
import { parametersOf } from '../parameters';
import { referenceForward } from '../../../testing/reference64/forward';
import type { ConvGeometry, LayerSpec, NetworkSpec } from '../spec';
import { forward } from './forward';

const SIZE = 7;
const CHANNELS = 4;

/** A network on (N, 4, 7, 7). */
function network(...layers: LayerSpec[]): NetworkSpec {
  const input = { channels: CHANNELS, height: SIZE, width: SIZE };
  return { format: 'repmlp-network', version: 1, name: 'test', task: 'classification', form: 'train', input, layers };
}

function conv(changes: Partial<ConvGeometry>, bias = true): LayerSpec {
  const geometry: ConvGeometry = {
    in: CHANNELS,
    out: CHANNELS,
    kernel: [3, 3],
    stride: [1, 1],
    padding: [1, 1],
    dilation: [1, 1],
    groups: 1,
  };
  return { kind: 'conv2d', name: 'conv', bias, ...geometry, ...changes };
}

const pool = (changes: object): LayerSpec =>
  ({ kind: 'pool', name: '', function: 'max', kernel: [3, 3], stride: [2, 2], padding: [0, 0], ...changes }) as LayerSpec;
const activation = (name: 'relu' | 'gelu' | 'sigmoid' | 'prelu'): LayerSpec => ({
  kind: 'activation',
  name: 'act',
  function: name,
  channels: CHANNELS,
});

const NETWORKS: Record<string, NetworkSpec> = {
  'a 3x3 convolution with bias': network(conv({})),
  'a 1x1 convolution': network(conv({ kernel: [1, 1], padding: [0, 0], out: 6 })),
  'a 1x1 convolution of stride 2': network(conv({ kernel: [1, 1], padding: [0, 0], stride: [2, 2] })),
  'a convolution of stride 2 that leaves a row over': network(conv({ stride: [2, 2], padding: [0, 0], kernel: [2, 2] })),
  'a 7x7 convolution of stride 2 and padding 3': network(conv({ kernel: [7, 7], stride: [2, 2], padding: [3, 3] })),
  'a dilated convolution': network(conv({ dilation: [2, 2], padding: [2, 2] })),
  'a rectangular convolution padded in one axis': network(conv({ kernel: [1, 3], padding: [0, 1] })),
  'a convolution padded beyond its reach': network(conv({ kernel: [1, 1], padding: [1, 1] })),
  'a grouped convolution': network(conv({ groups: 2, out: 6 })),
  'a depthwise convolution with two outputs per channel': network(conv({ groups: CHANNELS, out: 2 * CHANNELS })),
  'a dilated depthwise convolution': network(conv({ groups: CHANNELS, dilation: [2, 2], padding: [2, 2] })),
  'conv, BN and PReLU': network({
    ...conv({}, false),
    kind: 'convBn',
    name: 'unit',
    activation: 'prelu',
    fusedByMerge: true,
    form: 'train',
  } as LayerSpec),
  ReLU: network(activation('relu')),
  GELU: network(activation('gelu')),
  sigmoid: network(activation('sigmoid')),
  PReLU: network(activation('prelu')),
  'max pooling with padding': network(pool({ padding: [1, 1] })),
  'average pooling with padding that does not count': network(pool({ function: 'average', padding: [1, 1] })),
  'adaptive pooling into uneven bins': network({ kind: 'adaptiveAveragePool', name: '', bins: [3, 2] }),
  'global average': network({ kind: 'adaptiveAveragePool', name: '', bins: [1, 1] }),
  'resizing up': network({ kind: 'resize', name: '', size: [10, 13] }),
  'resizing down': network({ kind: 'resize', name: '', size: [3, 5] }),
  'batch norm': network({ kind: 'batchNorm', name: 'bn', channels: CHANNELS }),
  'a linear layer after flattening': network(
    { kind: 'flatten', name: '' },
    { kind: 'linear', name: 'fc', in: CHANNELS * SIZE * SIZE, out: 5, bias: true },
  ),
  'a cosine classifier': network({ kind: 'flatten', name: '' }, { kind: 'cosineLinear', name: 'fc', in: CHANNELS * SIZE * SIZE, out: 5 }),
  'a residual with a shortcut': network({
    kind: 'residual',
    name: 'r',
    body: [conv({})],
    shortcut: [conv({ kernel: [1, 1], padding: [0, 0] })].map((l) => ({ ...l, name: 's' })),
    activation: 'relu',
  }),
  'a residual with the identity': network({ kind: 'residual', name: 'r', body: [conv({})], shortcut: [], activation: 'none' }),
  'branches side by side': network({ kind: 'concat', name: 'c', branches: [[], [conv({ out: 3 })]] }),
  'a side head, unheard in evaluation': network({ kind: 'sideHead', name: 'aux', layers: [conv({ out: 2 })] }, conv({})),
  'dropout, idle in evaluation': network({ kind: 'dropout', name: 'd', rate: 0.5 }, conv({})),
  'a Global Perceptron alone': network({
    kind: 'globalPerceptron',
    name: 'gp',
    C: CHANNELS,
    H: SIZE,
    W: SIZE,
    h: 7,
    w: 1,
    reduction: 2,
    form: 'train',
  }),
  'a block without its Global Perceptron': network({
    kind: 'repmlp',
    name: 'b',
    C: CHANNELS,
    O: CHANNELS,
    H: SIZE,
    W: SIZE,
    h: 7,
    w: 1,
    kernels: [1],
    reduction: 1,
    groups: 2,
    withoutGlobal: true,
    form: 'train',
  }),
};

/** Random weights, with batch-norm statistics that are not 0 and 1. */
function randomWeights(spec: NetworkSpec): NamedTensors {
  const random = randomFrom(seed(11));
  const initial = initialWeights(spec, seed(3));
  const varied = parametersOf(spec).filter(({ role }) => role !== 'counter' && role !== 'weight');
  const changed = varied.map(({ name, shape }): [string, Tensor] => {
    const { data } = initial.get(name) as FloatTensor;
    return [
      name,
      floatTensor(
        shape,
        data.map((value) => value + 0.5 * random.uniform()),
      ),
    ];
  });
  return new Map([...initial, ...changed]);
}

/** Normal values kept away from 0, where ReLU bends. */
const input = floatTensor(
  [2, CHANNELS, SIZE, SIZE],
  normalArray(randomFrom(seed(7)), 2 * CHANNELS * SIZE * SIZE, 1).map((value) => value + 0.05 * Math.sign(value)),
);
const largest = (values: ArrayLike<number>): number => Array.from(values).reduce((max, value) => Math.max(max, Math.abs(value)), 0);

describe.each(NODE_BACKENDS)('on the %s backend', (backend) => {
  beforeAll(() => openForTest(backend));

  test.each(Object.entries(NETWORKS))('%s equals double precision', async (_, spec) => {
    useBackend(backend);
    const before = tf.memory().numTensors;
    const weights = randomWeights(spec);
    const device = uploadParameters(spec, weights);
    const y = tf.tidy(() => forward(spec, device.parameter, uploadImages(input.data, input.shape), { training: false }));
    const { data, shape } = await downloadActivation(y);
    tf.dispose(y);
    device.dispose();
    const truth = referenceForward(spec, weights, input);
    expect(shape).toEqual(truth.shape);
    // A few hundred float32 products per value: some 1e-7 of the largest, 2e-6 leaves a margin for the approximated erf.
    expect(largestDifference(data, truth.output)).toBeLessThan(2e-6 * largest(truth.output));
    expect(tf.memory().numTensors).toBe(before);
  });

  test.each(Object.entries(NETWORKS))('the gradient through %s is the slope of the double-precision network', async (_, spec) => {
    useBackend(backend);
    const weights = randomWeights(spec);
    const device = uploadParameters(spec, weights);
    const direction = floatTensor(input.shape, normalArray(randomFrom(seed(8)), input.data.length, 1));
    const weighting = normalArray(randomFrom(seed(9)), referenceForward(spec, weights, input).output.length, 1);
    const slope = tf.tidy(() => {
      const x = uploadImages(input.data, input.shape);
      const gradient = tf.grad((images: tf.Tensor) => {
        const y = forward(spec, device.parameter, images as tf.Tensor4D, { training: false });
        return tf.sum(tf.mul(tf.reshape(y.rank === 4 ? tf.transpose(y, [0, 3, 1, 2]) : y, [-1]), tf.tensor1d(weighting)));
      })(x);
      return tf.sum(tf.mul(gradient, uploadImages(direction.data, direction.shape)));
    });
    const found = (await slope.data())[0];
    slope.dispose();
    device.dispose();
    // The reference's input is float32, so that a step of 1e-3 is good to about 1e-4; maxima that change within it cost more.
    const expected = differenceQuotient(spec, weights, direction, weighting, 2 ** -10);
    expect(Math.abs(found - expected)).toBeLessThan(5e-3 * Math.max(1, Math.abs(expected)));
  });
});

describe('dropout in training', () => {
  beforeAll(() => openForTest('cpu'));

  /** The mask of a seed over ones: (2, C, 7, 7), or (2, C * 49) behind a flattening. */
  async function mask(dropoutSeed: number, ...before: LayerSpec[]): Promise<number[]> {
    const spec = network(...before, { kind: 'dropout', name: 'd', rate: 0.25 });
    const ones = tf.ones([20, SIZE, SIZE, CHANNELS]) as tf.Tensor4D;
    const noWeights = (name: string): never => expect.unreachable(name);
    const y = tf.tidy(() => forward(spec, noWeights, ones, { training: true, dropoutSeed }));
    const { data } = await downloadActivation(y);
    tf.dispose([ones, y]);
    return Array.from(data);
  }

  test('takes whole channels out of a map, a quarter of them, and scales the others', async () => {
    const values = await mask(1);
    const channels = Array.from({ length: 20 * CHANNELS }, (_, i) => new Set(values.slice(i * SIZE * SIZE, (i + 1) * SIZE * SIZE)));
    expect(channels.every(({ size }) => size === 1)).toBe(true);
    const dropped = channels.filter((channel) => channel.has(0)).length;
    // 20 of 80 expected, with a deviation of 4.
    expect(Math.abs(dropped - 20)).toBeLessThan(12);
    expect(Math.max(...values)).toBeCloseTo(4 / 3, 6);
  });

  test('takes single features out of rows', async () => {
    const values = await mask(1, { kind: 'flatten', name: '' });
    const dropped = values.filter((value) => value === 0).length;
    // A quarter of 3,920, with a deviation of 27.
    expect(Math.abs(dropped - 980)).toBeLessThan(110);
    expect(new Set(values.slice(0, SIZE * SIZE)).size).toBe(2);
  });

  test('is the same for the same seed and another for another', async () => {
    expect(await mask(1)).toEqual(await mask(1));
    expect(await mask(2)).not.toEqual(await mask(1));
  });
});

/** d/dt of sum(weighting * f(x + t * direction)) at 0, by central differences. */
function differenceQuotient(
  spec: NetworkSpec,
  weights: NamedTensors,
  direction: FloatTensor,
  weighting: Float32Array,
  step: number,
): number {
  const at = (t: number): number => {
    const x = floatTensor(
      input.shape,
      input.data.map((value, i) => value + t * direction.data[i]),
    );
    return referenceForward(spec, weights, x).output.reduce((sum, value, i) => sum + value * weighting[i], 0);
  };
  return (at(step) - at(-step)) / (2 * step);
}
