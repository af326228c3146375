import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, test } from 'vitest';
import { largestDifference, openForTest } from '../../../../tests/engine';
import { normalArray, randomFrom, seed } from '../../../tensor/random';
import { OPTIMIZERS, type OptimizerConfig } from '../../../training/recipe/optimizers';
import { hasKernel } from '../../../model/forward/kernels/own-kernels';
import { blend, BLEND_KERNEL, STEP_KERNEL, stepParameters } from '../../session/optimizer';

beforeAll(() => openForTest('wasm'));

test('the backend steps and blends by kernels of its own', () => expect([STEP_KERNEL, BLEND_KERNEL].map(hasKernel)).toEqual([true, true]));

type State = { value: number; moments: number[] };

/** PyTorch's rule for one number, in doubles. */
function inDoubles(config: OptimizerConfig, { value, moments }: State, g: number, rate: number, step: number): State {
  if (config.kind === 'sgd') {
    const gradient = g + config.weightDecay * value;
    const velocity = config.momentum * moments[0] + gradient;
    return { value: value - rate * (config.nesterov ? gradient + config.momentum * velocity : velocity), moments: [velocity] };
  }
  const { beta1, beta2, epsilon, weightDecay } = config;
  const [first, second] = [beta1 * moments[0] + (1 - beta1) * g, beta2 * moments[1] + (1 - beta2) * g * g];
  const change = first / (1 - beta1 ** step) / (Math.sqrt(second / (1 - beta2 ** step)) + epsilon);
  return { value: value * (1 - rate * weightDecay) - rate * change, moments: [first, second] };
}

const configs: OptimizerConfig[] = [
  { kind: 'sgd', momentum: 0.9, nesterov: false, weightDecay: 0.01 },
  { kind: 'sgd', momentum: 0.9, nesterov: true, weightDecay: 0.01 },
  { kind: 'adamw', beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0.1 },
];

test.each(configs.flatMap((config) => [1, 4, 7, 17].map((n) => ({ config, n }))))(
  'two steps of $config over $n values in one pass equal double precision',
  ({ config, n }) => {
    const random = randomFrom(seed(n));
    const start = normalArray(random, n, 1);
    const value = tf.tidy(() => tf.variable(tf.tensor1d(start)));
    const moments = OPTIMIZERS[config.kind].moments.map(() => tf.tidy(() => tf.variable(tf.zeros([n]))));
    let expected = Array.from(start, (x): State => ({ value: x, moments: moments.map(() => 0) }));
    for (const step of [1, 2]) {
      const gradient = normalArray(random, n, 1);
      const onBackend = tf.tensor1d(gradient);
      const size = { config, learningRate: 0.1, step };
      stepParameters([{ value, moments, decays: true, gradient: onBackend }], size);
      onBackend.dispose();
      expected = expected.map((state, i) => inDoubles(config, state, gradient[i], 0.1, step));
    }
    // A few roundings of values around 1.
    const values = expected.map((state) => state.value);
    expect(largestDifference(value.dataSync(), values)).toBeLessThan(1e-6);
    moments.forEach((moment, i) => {
      const ith = expected.map((state) => state.moments[i]);
      expect(largestDifference(moment.dataSync(), ith)).toBeLessThan(1e-6);
    });
    tf.dispose([value, ...moments]);
  },
);

test('a parameter whose memory another tensor shares is refused, not changed under it', () => {
  tf.tidy(() => {
    const value = tf.variable(tf.tensor1d([1, 2]));
    const shared = value.clone();
    const step = { config: configs[0], learningRate: 1, step: 1 };
    const moments = [tf.variable(tf.zeros([2]))];
    const gradient = tf.tensor1d([1, 1]);
    expect(() => stepParameters([{ value, moments, decays: false, gradient }], step)).toThrow('shared');
    expect(Array.from(shared.dataSync())).toEqual([1, 2]);
    tf.dispose([value, ...moments]);
  });
});

test.each(configs)('a step of $config over many parameters has the bits of as many steps over one each', (config) => {
  const sizes = [3, 40000, 1, 30011, 64];
  const parametersAt = (start: number) => {
    const random = randomFrom(seed(start));
    return sizes.map((n, i) => ({
      value: tf.tidy(() => tf.variable(tf.tensor1d(normalArray(random, n, 1)))),
      moments: OPTIMIZERS[config.kind].moments.map(() => tf.tidy(() => tf.variable(tf.zeros([n])))),
      decays: i % 2 === 0,
      gradient: tf.tensor1d(normalArray(random, n, 1)),
    }));
  };
  const [together, alone] = [parametersAt(3), parametersAt(3)];
  const size = { config, learningRate: 0.1, step: 3 };
  stepParameters(together, size);
  for (const parameter of alone) stepParameters([parameter], size);
  together.forEach(({ value, moments }, i) => {
    expect(value.dataSync()).toEqual(alone[i].value.dataSync());
    moments.forEach((moment, j) => {
      expect(moment.dataSync()).toEqual(alone[i].moments[j].dataSync());
    });
  });
  for (const { value, moments, gradient } of [...together, ...alone]) tf.dispose([value, ...moments, gradient]);
});

test('a blend moves each value by its share towards the other', () => {
  const pairs = [3, 50001].map((n) => ({
    value: tf.tidy(() => tf.variable(tf.fill([n], 2))),
    batch: tf.tidy(() => tf.fill([n], 4)),
  }));
  blend(pairs, 0.25);
  for (const { value } of pairs) expect(value.dataSync().every((x) => x === 2.5)).toBe(true);
  for (const { value, batch } of pairs) tf.dispose([value, batch]);
});
