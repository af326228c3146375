// SGD with momentum and AdamW by PyTorch's rules: SGD's weight decay is coupled (added to the gradient),
// AdamW's is not (it shrinks the weight). Moments stay on the backend.
import * as tf from '@tensorflow/tfjs-core';
import { assertNever } from '../../base/assert-never';
import { constant } from '../../model/forward/constants';
import type { OptimizerConfig } from '../../training/recipe/recipe';
import { updateInPlace, type StepSize } from '../wasm-backend/optimizer/optimizer';

/** One parameter with what the optimizer knows of it. */
export interface OptimizedParameter {
  readonly name: string;
  readonly value: tf.Variable;
  readonly decays: boolean;
  /** SGD: momentum; AdamW: first and second moment. Same shape as the value. */
  readonly moments: readonly tf.Variable[];
}

/** Names of the moments, as stored in a checkpoint's state. */
export function momentNames(config: OptimizerConfig): readonly string[] {
  return config.kind === 'sgd' ? ['momentum'] : ['first', 'second'];
}

/** Updates the parameters that have a gradient, which is found under their value's own name. */
export function update(parameters: readonly OptimizedParameter[], gradients: Readonly<Record<string, tf.Tensor>>, size: StepSize): void {
  const stepped = parameters.flatMap((parameter) => {
    const gradient = gradients[parameter.value.name];
    return gradient ? [{ ...parameter, gradient }] : [];
  });
  if (updateInPlace(stepped, size)) return;
  tf.tidy(() => {
    const scalars = scalarsOf(size);
    for (const { gradient, ...parameter } of stepped) tf.tidy(() => updateOne(parameter, gradient, size.config, scalars));
  });
}

/** Numbers that change from step to step, uploaded once for all parameters. */
interface StepScalars {
  /** SGD: the learning rate; AdamW: the learning rate / (1 - beta1^t). */
  readonly rate: tf.Scalar;
  /** AdamW: sqrt(1 - beta2^t), and what weight decay leaves of a value. */
  readonly root: tf.Scalar | null;
  readonly kept: tf.Scalar | null;
}

function scalarsOf({ config, learningRate, step }: StepSize): StepScalars {
  if (config.kind === 'sgd') return { rate: tf.scalar(learningRate), root: null, kept: null };
  const { beta1, beta2, weightDecay } = config;
  return {
    rate: tf.scalar(learningRate / (1 - beta1 ** step)),
    root: tf.scalar(Math.sqrt(1 - beta2 ** step)),
    kept: tf.scalar(1 - learningRate * weightDecay),
  };
}

function updateOne(parameter: OptimizedParameter, gradient: tf.Tensor, config: OptimizerConfig, scalars: StepScalars): void {
  switch (config.kind) {
    case 'sgd':
      return updateSgd(parameter, gradient, config, scalars);
    case 'adamw':
      return updateAdamW(parameter, gradient, config, scalars);
    default:
      return assertNever(config);
  }
}

type Sgd = Extract<OptimizerConfig, { kind: 'sgd' }>;
type AdamW = Extract<OptimizerConfig, { kind: 'adamw' }>;

function updateSgd(
  { value, decays, moments: [momentum] }: OptimizedParameter,
  gradient: tf.Tensor,
  config: Sgd,
  { rate }: StepScalars,
): void {
  const decayed = decays && config.weightDecay > 0 ? tf.add(gradient, tf.mul(value, constant(config.weightDecay))) : gradient;
  const velocity = tf.add(tf.mul(momentum, constant(config.momentum)), decayed);
  const direction = config.nesterov ? tf.add(decayed, tf.mul(velocity, constant(config.momentum))) : velocity;
  momentum.assign(velocity);
  value.assign(tf.sub(value, tf.mul(direction, rate)));
}

function updateAdamW({ value, decays, moments }: OptimizedParameter, gradient: tf.Tensor, config: AdamW, scalars: StepScalars): void {
  const { beta1, beta2, epsilon } = config;
  const first = tf.add(tf.mul(moments[0], constant(beta1)), tf.mul(gradient, constant(1 - beta1)));
  const second = tf.add(tf.mul(moments[1], constant(beta2)), tf.mul(tf.square(gradient), constant(1 - beta2)));
  moments[0].assign(first);
  moments[1].assign(second);
  const deviation = tf.add(tf.div(tf.sqrt(second), scalars.root ?? 1), constant(epsilon));
  const change = tf.div(tf.mul(first, scalars.rate), deviation);
  value.assign(tf.sub(decays ? tf.mul(value, scalars.kept ?? 1) : value, change));
}

/** Gradients scaled so that their common length is at most `clipNorm`; disposes the given ones. */
export function clipGradients(gradients: Record<string, tf.Tensor>, clipNorm: number): Record<string, tf.Tensor> {
  const clipped = tf.tidy(() => {
    const squares = Object.values(gradients).map((gradient) => tf.sum(tf.square(gradient)));
    const scale = tf.minimum(constant(1), tf.div(constant(clipNorm), tf.add(tf.sqrt(tf.addN(squares)), constant(1e-6))));
    return Object.fromEntries(Object.entries(gradients).map(([name, gradient]) => [name, tf.mul(gradient, scale)]));
  });
  tf.dispose(gradients);
  return clipped;
}
