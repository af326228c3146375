import * as tf from '@tensorflow/tfjs-core';
import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import { largestDifference, NODE_BACKENDS, openForTest } from '../../../tests/engine';
import { referencePath } from '../../../tests/reference';
import type { LayerSpec, NetworkSpec } from '../../model/spec';
import { floatTensor, type NamedTensors } from '../../tensor/tensor';
import type { Recipe } from '../../training/recipe/recipe';
import { recipe } from '../../training/recipe/recipes';
import { gradientsOf } from './gradients';
import { lossOf, recipeLoss, shareRight, type Targets } from './loss';
import { SessionTensors } from './session-tensors';

interface PixelCase {
  readonly shape: readonly [number, number, number, number];
  readonly size: readonly [number, number];
  readonly logits: readonly number[];
  readonly targets: readonly number[];
  readonly loss: number;
  readonly right: number;
  readonly grad: readonly number[];
}

/** Numbers of PyTorch (tests/reference/losses/README.md). */
const reference = JSON.parse(readFileSync(referencePath('losses/losses.json'), 'utf8')) as {
  readonly scale: number;
  readonly margin: number;
  readonly auxiliary_weight: number;
  readonly am_softmax: Record<'x' | 'weight' | 'targets' | 'grad_x' | 'grad_weight', number[]> & { shape: number[]; loss: number };
  readonly pixel: Record<'same' | 'enlarged', PixelCase>;
  readonly auxiliary: Record<'x' | 'main' | 'side' | 'targets' | 'grad_main' | 'grad_side', number[]> & { shape: number[]; loss: number };
};

/** Of the largest value: sums of at most 70 float32 terms, each a few roundings of 6e-8 off; AM-Softmax's exponents are scaled by 30. */
const TOLERANCE = 5e-6;

function expectClose(found: ArrayLike<number>, truth: readonly number[]): void {
  const scale = truth.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  expect(largestDifference(found, truth)).toBeLessThan(TOLERANCE * scale);
}

function network(task: NetworkSpec['task'], input: NetworkSpec['input'], layers: readonly LayerSpec[]): NetworkSpec {
  return { format: 'repmlp-network', version: 1, name: 'loss', task, form: 'train', input, layers };
}

/** Loss and gradients of a network by parameter name, and of its input (N, H, W, C) under `x`. */
function differentiated(spec: NetworkSpec, weights: NamedTensors, images: tf.Tensor4D, targets: Targets, asked: Recipe) {
  const session = new SessionTensors(spec, weights, asked);
  const x = tf.variable(images) as tf.Variable<tf.Rank.R4>;
  const { loss, gradients } = gradientsOf({
    spec,
    x,
    parameter: (name) => session.parameter(name),
    variables: [x, ...session.optimized.map(({ value }) => value)],
    dropoutSeed: 0,
    loss: (output, sides) => recipeLoss(output, sides, targets, asked),
  });
  const named = session.optimized.map(({ name, value }) => [name, gradients[value.name].dataSync()] as const);
  return { loss: loss.dataSync()[0], gradients: new Map([...named, ['x', gradients[x.name].dataSync()] as const]) };
}

/** NCHW values as a tensor (N, H, W, C). */
function nhwc(values: readonly number[], shape: readonly number[]): tf.Tensor4D {
  return tf.transpose(tf.tensor4d([...values], shape as [number, number, number, number]), [0, 2, 3, 1]);
}

describe.each(NODE_BACKENDS)('on the %s backend', (backend) => {
  beforeAll(() => openForTest(backend));

  test('AM-Softmax and its gradients, through the cosine classifier, are those of PyTorch', () => {
    const { shape, x, weight, targets, loss, grad_x, grad_weight } = reference.am_softmax;
    const [N, D, K] = shape;
    const spec = network('face', { channels: D, height: 1, width: 1 }, [
      { kind: 'flatten', name: 'flatten' },
      { kind: 'cosineLinear', name: 'identities', in: D, out: K },
    ]);
    const oneHot = tf.cast(tf.oneHot(tf.tensor1d(targets, 'int32'), K), 'float32') as tf.Tensor2D;
    const weights = new Map([['identities.weight', floatTensor([K, D], Float32Array.from(weight))]]);
    const { scale, margin } = reference;
    const found = differentiated(spec, weights, nhwc(x, [N, D, 1, 1]), oneHot, { ...recipe('face-paper'), margin: { scale, margin } });
    expectClose([found.loss], [loss]);
    expectClose(found.gradients.get('x') ?? [], grad_x);
    expectClose(found.gradients.get('identities.weight') ?? [], grad_weight);
  });

  test.each(['same', 'enlarged'] as const)('the loss per pixel leaves out label 255, value and gradient (output %s)', (which) => {
    const { shape, size, logits, targets, loss, right, grad } = reference.pixel[which];
    const labels = tf.tensor3d([...targets], [shape[0], ...size], 'int32');
    const asked = recipe('cityscapes-paper');
    const { value, grad: gradient } = tf.valueAndGrad((output) => lossOf(output, labels, asked))(nhwc(logits, shape));
    expectClose(value.dataSync(), [loss]);
    expectClose(tf.transpose(gradient, [0, 3, 1, 2]).dataSync(), grad);
    expectClose(shareRight(nhwc(logits, shape), labels).dataSync(), [right]);
  });

  test('a batch without a pixel that counts has loss and gradient 0', () => {
    const labels = tf.fill([1, 2, 2], 255, 'int32') as tf.Tensor3D;
    const { value, grad } = tf.valueAndGrad((output) => lossOf(output, labels, recipe('cityscapes-paper')))(tf.ones([1, 2, 2, 3]));
    expect([...value.dataSync(), ...grad.dataSync()]).toEqual(new Array(13).fill(expect.closeTo(0, 12)));
  });

  test('the auxiliary loss weighs 0.4 and reaches the side head alone', () => {
    const { shape, x, main, side, targets, loss, grad_main, grad_side } = reference.auxiliary;
    const asked = recipe('cityscapes-paper');
    expect(asked.auxiliaryWeight).toBe(reference.auxiliary_weight);
    const conv = (name: string): LayerSpec => ({
      kind: 'conv2d',
      name,
      in: 3,
      out: 4,
      kernel: [1, 1],
      stride: [1, 1],
      padding: [0, 0],
      dilation: [1, 1],
      groups: 1,
      bias: false,
    });
    const spec = network('segmentation', { channels: 3, height: 4, width: 5 }, [
      { kind: 'sideHead', name: 'aux', layers: [conv('0')] },
      conv('main'),
    ]);
    const weights = new Map([
      ['aux.0.weight', floatTensor([4, 3, 1, 1], Float32Array.from(side))],
      ['main.weight', floatTensor([4, 3, 1, 1], Float32Array.from(main))],
    ]);
    const labels = tf.tensor3d(targets, [2, 4, 5], 'int32');
    const found = differentiated(spec, weights, nhwc(x, shape), labels, asked);
    expectClose([found.loss], [loss]);
    expectClose(found.gradients.get('main.weight') ?? [], grad_main);
    expectClose(found.gradients.get('aux.0.weight') ?? [], grad_side);
  });
});
