import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { largestDifference, NODE_BACKENDS, openForTest } from '../../../tests/engine';
import { initialWeights } from '../../model/initialise';
import type { LayerSpec, NetworkSpec, Task } from '../../model/spec';
import { normalArray, randomFrom, seed } from '../../tensor/random';
import type { NamedTensors } from '../../tensor/tensor';
import type { OptimizerConfig } from '../../training/recipe/optimizers';
import type { Recipe } from '../../training/recipe/recipe';
import { recipe } from '../../training/recipe/recipes';
import { useBackend } from '../backend/choose';
import { createSession } from './create-session';
import { createPredictor } from './predictor';
import type { Batch, TrainingSession } from '../../training/loop/session';

const CLASSES = 3;
const SIZE = 4;

function network(layers: readonly LayerSpec[], task: Task = 'classification'): NetworkSpec {
  const input = { channels: 2, height: SIZE, width: SIZE };
  return { format: 'repmlp-network', version: 1, name: 'test', task, form: 'train', input, layers };
}

const bias = network([
  { kind: 'flatten', name: '' },
  { kind: 'linear', name: 'head', in: 2 * SIZE * SIZE, out: CLASSES, bias: true },
]);
const block = network([
  { kind: 'repmlp', name: 'block', C: 2, O: 2, H: 4, W: 4, h: 2, w: 2, kernels: [1], reduction: 1, groups: 1, form: 'train' },
  { kind: 'dropout', name: 'dropout', rate: 0.3 },
  ...bias.layers,
]);

function batch(step: number, count = 8): Batch {
  const random = randomFrom(seed(100 + step));
  const targets = new Float32Array(count * CLASSES);
  for (let n = 0; n < count; n++) targets[n * CLASSES + random.integer(CLASSES)] = 1;
  return { images: normalArray(random, count * 2 * SIZE * SIZE, 1), shape: [count, 2, SIZE, SIZE], targets };
}

function plainRecipe(changes: Partial<Recipe>): Recipe {
  return { ...recipe('cifar-paper'), clipNorm: null, ema: null, decayMatricesOnly: false, ...changes };
}

function valuesOf(tensors: NamedTensors, name: string): number[] {
  return Array.from(tensors.get(name)?.data as Float32Array);
}

/** Softmax regression's gradient in doubles, for weight (3, 32) and bias (3). */
function gradientInDoubles(weights: NamedTensors, { images, targets, shape }: Batch): { weight: number[]; bias: number[] } {
  const [W, b, D] = [valuesOf(weights, 'head.weight'), valuesOf(weights, 'head.bias'), 2 * SIZE * SIZE];
  const gradient = { weight: new Array<number>(W.length).fill(0), bias: new Array<number>(CLASSES).fill(0) };
  for (let n = 0; n < shape[0]; n++) {
    const logits = b.map((offset, k) => offset + W.slice(k * D, (k + 1) * D).reduce((sum, w, i) => sum + w * images[n * D + i], 0));
    const total = logits.reduce((sum, logit) => sum + Math.exp(logit), 0);
    logits.forEach((logit, k) => {
      const error = (Math.exp(logit) / total - targets[n * CLASSES + k]) / shape[0];
      gradient.bias[k] += error;
      for (let i = 0; i < D; i++) gradient.weight[k * D + i] += error * images[n * D + i];
    });
  }
  return gradient;
}

/** One parameter list through PyTorch's update rule, in doubles. */
function updated(config: OptimizerConfig, values: number[], gradients: number[][], rate: number): number[] {
  const [m, v] = [values.map(() => 0), values.map(() => 0)];
  return gradients.reduce(
    (current, gradient, step) =>
      current.map((value, i) => {
        if (config.kind === 'sgd') {
          const decayed = gradient[i] + config.weightDecay * value;
          m[i] = config.momentum * m[i] + decayed;
          return value - rate * (config.nesterov ? decayed + config.momentum * m[i] : m[i]);
        }
        m[i] = config.beta1 * m[i] + (1 - config.beta1) * gradient[i];
        v[i] = config.beta2 * v[i] + (1 - config.beta2) * gradient[i] ** 2;
        const deviation = Math.sqrt(v[i] / (1 - config.beta2 ** (step + 1))) + config.epsilon;
        return value * (1 - rate * config.weightDecay) - (rate * m[i]) / (1 - config.beta1 ** (step + 1)) / deviation;
      }),
    values,
  );
}

const OPTIMIZERS: readonly OptimizerConfig[] = [
  { kind: 'sgd', momentum: 0.9, nesterov: false, weightDecay: 0.1 },
  { kind: 'sgd', momentum: 0.9, nesterov: true, weightDecay: 0.1 },
  { kind: 'adamw', beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0.1 },
];

describe.each(NODE_BACKENDS)('on the %s backend', (backend) => {
  beforeAll(() => openForTest(backend));
  const open = (spec: NetworkSpec, changes: Partial<Recipe>, from?: { weights: NamedTensors; state: NamedTensors }): TrainingSession => {
    useBackend(backend);
    return createSession({
      spec,
      backend,
      seed: seed(5),
      recipe: plainRecipe(changes),
      weights: from?.weights ?? initialWeights(spec, seed(5)),
      state: from?.state,
    });
  };

  test.each(OPTIMIZERS)("three steps of $kind (nesterov: $nesterov) follow PyTorch's rule", async (optimizer) => {
    const session = open(bias, { optimizer });
    const before = await session.weights();
    const gradients: { weight: number[]; bias: number[] }[] = [];
    for (let step = 0; step < 3; step++) {
      gradients.push(gradientInDoubles(await session.weights(), batch(step)));
      await session.step(batch(step), 0.05).read();
    }
    const after = await session.weights();
    for (const name of ['weight', 'bias'] as const) {
      const list = gradients.map((gradient) => gradient[name]);
      const expected = updated(optimizer, valuesOf(before, `head.${name}`), list, 0.05);
      // Weights are about 0.1; three float32 updates round to some 1e-8, AdamW's division by small deviations to 1e-6.
      expect(largestDifference(valuesOf(after, `head.${name}`), expected)).toBeLessThan(1e-6);
    }
    session.dispose();
  });

  test('weight decay leaves biases and 1-D parameters alone where the recipe says so', async () => {
    const optimizer: OptimizerConfig = { kind: 'sgd', momentum: 0, nesterov: false, weightDecay: 0.5 };
    const [all, matrices] = [open(bias, { optimizer }), open(bias, { optimizer, decayMatricesOnly: true })];
    const start = valuesOf(await all.weights(), 'head.bias');
    for (const session of [all, matrices]) await session.step(batch(0), 0.1).read();
    const [decayed, kept] = [await all.weights(), await matrices.weights()];
    expect(valuesOf(decayed, 'head.weight')).toEqual(valuesOf(kept, 'head.weight'));
    const difference = valuesOf(kept, 'head.bias').map((value, k) => value - valuesOf(decayed, 'head.bias')[k]);
    // bias * rate * decay, to float32 rounding of values below 0.3.
    start.forEach((value, k) => expect(difference[k]).toBeCloseTo(value * 0.05, 7));
    all.dispose();
    matrices.dispose();
  });

  test('a clipped step moves the weights by no more than rate times the norm', async () => {
    const optimizer: OptimizerConfig = { kind: 'sgd', momentum: 0, nesterov: false, weightDecay: 0 };
    const session = open(bias, { optimizer, clipNorm: 0.01 });
    const before = await session.weights();
    await session.step(batch(0), 1).read();
    const after = await session.weights();
    const squares = ['head.weight', 'head.bias'].flatMap((name) =>
      valuesOf(after, name).map((v, i) => (v - valuesOf(before, name)[i]) ** 2),
    );
    const moved = Math.sqrt(squares.reduce((sum, square) => sum + square, 0));
    // The division by (norm + 1e-6) and float32 rounding of the differences keep it a little off 0.01.
    expect(moved).toBeGreaterThan(0.0099);
    expect(moved).toBeLessThan(0.0101);
    session.dispose();
  });

  test('the moving average is what evaluation and checkpoints see', async () => {
    const session = open(block, { ema: 0.5 });
    const start = valuesOf(await session.weights(), 'head.bias');
    await session.step(batch(0), 0.1).read();
    const [averaged, state] = [valuesOf(await session.weights(), 'head.bias'), await session.state()];
    const trained = valuesOf(state, 'trained.head.bias');
    expect(trained).not.toEqual(start);
    averaged.forEach((value, k) => expect(value).toBeCloseTo((start[k] + trained[k]) / 2, 6));
    session.dispose();
  });

  test('a stored session goes on as if it had never stopped, dropout, moments and average included', async () => {
    const optimizer: OptimizerConfig = { kind: 'adamw', beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0.1 };
    const whole = open(block, { optimizer, ema: 0.9 });
    for (let step = 0; step < 4; step++) await whole.step(batch(step), 0.01).read();
    const first = open(block, { optimizer, ema: 0.9 });
    for (let step = 0; step < 2; step++) await first.step(batch(step), 0.01).read();
    const second = open(block, { optimizer, ema: 0.9 }, { weights: await first.weights(), state: await first.state() });
    for (let step = 2; step < 4; step++) await second.step(batch(step), 0.01).read();
    expect(await second.weights()).toEqual(await whole.weights());
    expect(await second.state()).toEqual(await whole.state());
    for (const session of [whole, first, second]) session.dispose();
  });

  test('embeddings are what a face network says without its cosine classifier', async () => {
    const embedding: LayerSpec = { kind: 'linear', name: 'embedding', in: 2 * SIZE * SIZE, out: 5, bias: true };
    const layers = [{ kind: 'flatten', name: '' }, embedding] satisfies LayerSpec[];
    const faces = network([...layers, { kind: 'cosineLinear', name: 'identities', in: 5, out: CLASSES }], 'face');
    const weights = initialWeights(faces, seed(1));
    const { images, shape } = batch(0);
    const started = createSession({ spec: faces, weights, recipe: plainRecipe({}), seed: seed(1), backend });
    const predictor = createPredictor(
      network(layers, 'face'),
      new Map([...weights].filter(([name]) => name.startsWith('embedding'))),
      backend,
    );
    expect(await started.embed(images, shape)).toEqual(await predictor.predict(images, shape));
    expect(await started.predict(images, shape)).toHaveLength(shape[0] * CLASSES);
    for (const owner of [started, predictor]) owner.dispose();
  });

  test('steps and predictions leave no tensor behind, and dispose frees the rest', async () => {
    useBackend(backend);
    const empty = tf.memory().numTensors;
    const session = open(block, { ema: 0.9, clipNorm: 1 });
    const run = async (steps: number): Promise<void> => {
      for (let step = 0; step < steps; step++) await session.step(batch(step), 0.01 / (step + 1)).read();
      expect((await session.predict(batch(0).images, batch(0).shape)).length).toBe(8 * CLASSES);
    };
    // The first step makes the constants that stay.
    await run(1);
    const started = session.memory().tensors;
    await run(5);
    expect(session.memory().tensors).toBe(started);
    session.dispose();
    expect(tf.memory().numTensors).toBe(empty);
  });

  test('a step that fails leaves no tensor behind, as one does that needs more memory than there is', async () => {
    useBackend(backend);
    const session = open(block, {});
    const { images, shape } = batch(0);
    // The first step makes the constants that stay.
    await session.step(batch(0), 0.1).read();
    const before = tf.memory().numTensors;
    // As many targets as for four classes, of which the network has three: found out after its forward pass.
    expect(() => session.step({ images, shape, targets: new Float32Array(8 * 4) }, 0.1)).toThrow('the network');
    expect(tf.memory().numTensors).toBe(before);
    session.dispose();
  });
});
