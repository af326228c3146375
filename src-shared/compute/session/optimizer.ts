// The optimizers' steps by PyTorch's rules: SGD's weight decay is coupled (added to the gradient), AdamW's is not (it
// shrinks the weight). Where the active backend has a kernel, all parameters are stepped by one call, in place; elsewhere by
// tfjs's operations. Moments stay on the backend.
import * as tf from '@tensorflow/tfjs-core';
import { constant } from '../../model/forward/constants';
import { hasKernel, numbered, runKernel } from '../../model/forward/kernels/own-kernels';
import type { OptimizerConfig, OptimizerKind } from '../../training/recipe/optimizers';

/** A backend's own kernel: per parameter its `MOVED` -> nothing, where value and moments are changed in place; else per parameter its new value and moments. */
export const STEP_KERNEL = 'OptimizerStep';
/** A backend's own kernel: per pair value and towards -> nothing, where the value is changed in place; else per pair its new value. */
export const BLEND_KERNEL = 'Blend';
/** Names of the inputs, each followed by the parameter's number; an optimizer with one moment has it twice. */
export const MOVED = ['value', 'towards', 'first', 'second'] as const;

/** `scalars`: of the optimizer's rule, the fixed ones first; `decays`: per parameter. */
export interface StepAttributes {
  readonly kind: OptimizerKind;
  readonly scalars: readonly number[];
  readonly decays: readonly boolean[];
}

export interface BlendAttributes {
  readonly count: number;
  readonly share: number;
}

/** One parameter with what the optimizer knows of it. */
export interface OptimizedParameter {
  readonly name: string;
  readonly value: tf.Variable;
  readonly decays: boolean;
  /** In the order of their names in training/recipe/optimizers.ts. Same shape as the value. */
  readonly moments: readonly tf.Variable[];
}

/** What a step is by, beside the gradients; `step` counts from 1. */
export interface StepSize {
  readonly config: OptimizerConfig;
  readonly learningRate: number;
  readonly step: number;
}

type ConfigOf<K extends OptimizerKind> = Extract<OptimizerConfig, { kind: K }>;
type Stepped = Omit<OptimizedParameter, 'name'> & { readonly gradient: tf.Tensor };

/** One optimizer. A kernel takes its scalars in this order, `fixed` first. */
interface Rule<Config> {
  /** Numbers that are the same in every step. */
  fixed(config: Config): readonly number[];
  /** Numbers that change from step to step. */
  changing(config: Config, learningRate: number, step: number): readonly number[];
  /** The step of one parameter by tfjs's operations, `changing` uploaded once for all. */
  update(parameter: Stepped, config: Config, changing: readonly tf.Scalar[]): void;
}

const sgd: Rule<ConfigOf<'sgd'>> = {
  fixed: ({ momentum, weightDecay, nesterov }) => [momentum, weightDecay, Number(nesterov)],
  changing: (_config, learningRate) => [learningRate],
  update({ value, decays, gradient, moments: [momentum] }, config, [rate]) {
    const decayed = decays && config.weightDecay > 0 ? tf.add(gradient, tf.mul(value, constant(config.weightDecay))) : gradient;
    const velocity = tf.add(tf.mul(momentum, constant(config.momentum)), decayed);
    const direction = config.nesterov ? tf.add(decayed, tf.mul(velocity, constant(config.momentum))) : velocity;
    momentum.assign(velocity);
    value.assign(tf.sub(value, tf.mul(direction, rate)));
  },
};

const adamw: Rule<ConfigOf<'adamw'>> = {
  fixed: ({ beta1, beta2, epsilon }) => [beta1, beta2, 1 - beta1, 1 - beta2, epsilon],
  /** Rate / (1 - beta1^t), sqrt(1 - beta2^t), and what weight decay leaves of a value. */
  changing: ({ beta1, beta2, weightDecay }, learningRate, step) => [
    learningRate / (1 - beta1 ** step),
    Math.sqrt(1 - beta2 ** step),
    1 - learningRate * weightDecay,
  ],
  update({ value, decays, gradient, moments }, { beta1, beta2, epsilon }, [rate, root, kept]) {
    const first = tf.add(tf.mul(moments[0], constant(beta1)), tf.mul(gradient, constant(1 - beta1)));
    const second = tf.add(tf.mul(moments[1], constant(beta2)), tf.mul(tf.square(gradient), constant(1 - beta2)));
    moments[0].assign(first);
    moments[1].assign(second);
    const deviation = tf.add(tf.div(tf.sqrt(second), root), constant(epsilon));
    const change = tf.div(tf.mul(first, rate), deviation);
    value.assign(tf.sub(decays ? tf.mul(value, kept) : value, change));
  },
};

const RULES: { readonly [K in OptimizerKind]: Rule<ConfigOf<K>> } = { sgd, adamw };

/** Updates the parameters that have a gradient, which is found under their value's own name. */
export function update(parameters: readonly OptimizedParameter[], gradients: Readonly<Record<string, tf.Tensor>>, size: StepSize): void {
  const stepped = parameters.flatMap((parameter) => {
    const gradient = gradients[parameter.value.name];
    return gradient ? [{ ...parameter, gradient }] : [];
  });
  stepParameters(stepped, size);
}

/** Steps values and moments by the gradients. */
export function stepParameters(stepped: readonly Stepped[], { config, learningRate, step }: StepSize): void {
  const rule: Rule<OptimizerConfig> = RULES[config.kind];
  const changing = rule.changing(config, learningRate, step);
  if (hasKernel(STEP_KERNEL)) {
    const inputs = stepped.flatMap(({ value, gradient, moments }) => [value, gradient, moments[0], moments[moments.length - 1]]);
    const scalars = [...rule.fixed(config), ...changing];
    const attributes: StepAttributes = { kind: config.kind, scalars, decays: stepped.map(({ decays }) => decays) };
    const moved = stepped.flatMap(({ value, moments }) => [value, ...moments]);
    assign(moved, runKernel<tf.Tensor[]>(STEP_KERNEL, numbered(inputs, MOVED), attributes));
  } else {
    tf.tidy(() => {
      const uploaded = changing.map((number) => tf.scalar(number));
      for (const parameter of stepped) tf.tidy(() => rule.update(parameter, config, uploaded));
    });
  }
}

/** Gives each variable its new tensor; none are there where a kernel changed them in place. */
function assign(variables: readonly tf.Variable[], moved: readonly tf.Tensor[]): void {
  for (const [i, tensor] of moved.entries()) variables[i].assign(tensor);
  tf.dispose([...moved]);
}

/** value = value * (1 - share) + batch * share, for each pair. */
export function blend(pairs: readonly { readonly value: tf.Variable; readonly batch: tf.Tensor }[], share: number): void {
  if (hasKernel(BLEND_KERNEL)) {
    const inputs = pairs.flatMap(({ value, batch }) => [value, batch]);
    const attributes: BlendAttributes = { count: pairs.length, share };
    assign(
      pairs.map(({ value }) => value),
      runKernel<tf.Tensor[]>(BLEND_KERNEL, numbered(inputs, MOVED.slice(0, 2)), attributes),
    );
  } else {
    for (const { value, batch } of pairs)
      tf.tidy(() => value.assign(tf.add(tf.mul(value, constant(1 - share)), tf.mul(batch, constant(share)))));
  }
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
