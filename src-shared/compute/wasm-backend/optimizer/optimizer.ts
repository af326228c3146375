// The optimizer's step for all parameters in one call, in place, and the moving of averages likewise, where
// the active backend has our kernels; elsewhere they are composed from tfjs's operations.
import * as tf from '@tensorflow/tfjs-core';
import { constant } from '../../../model/forward/constants';
import { hasKernel, numbered, runKernel } from '../../../model/forward/kernels/own-kernels';
import type { OptimizerConfig } from '../../../training/recipe/recipe';
import { integersAt, offsetOf, sizeOf } from '../heap';
import { replaceKernel, type WasmCall } from '../replace-kernel';
import { partsFor } from '../elementwise/elementwise';
import { ranges, type Kernels } from '../instance';

const KERNEL = 'OptimizerStep';
const BLEND_KERNEL = 'Blend';

/** A parameter to be stepped. */
interface Stepped {
  readonly value: tf.Variable;
  /** SGD: momentum; AdamW: first and second moment. */
  readonly moments: readonly tf.Variable[];
  readonly decays: boolean;
  readonly gradient: tf.Tensor;
}

/** What a step is by, beside the gradients; `step` counts from 1. */
export interface StepSize {
  readonly config: OptimizerConfig;
  readonly learningRate: number;
  readonly step: number;
}

/** Steps values and moments by the gradients; false where the backend has no kernel for it and nothing was done. */
export function updateInPlace(parameters: readonly Stepped[], size: StepSize): boolean {
  if (!hasKernel(KERNEL)) return false;
  const inputs = parameters.flatMap(({ value, gradient, moments }) => [value, gradient, moments[0], moments[moments.length - 1]]);
  runKernel(KERNEL, numbered(inputs, NAMES), { ...size, decays: parameters.map(({ decays }) => decays) });
  return true;
}

/** value = value * (1 - share) + batch * share, for each pair. */
export function blend(pairs: readonly { readonly value: tf.Variable; readonly batch: tf.Tensor }[], share: number): void {
  const inputs = pairs.flatMap(({ value, batch }) => [value, batch]);
  if (hasKernel(BLEND_KERNEL)) runKernel(BLEND_KERNEL, numbered(inputs, NAMES.slice(0, 2)), { count: pairs.length, share });
  else
    for (const { value, batch } of pairs)
      tf.tidy(() => value.assign(tf.add(tf.mul(value, constant(1 - share)), tf.mul(batch, constant(share)))));
}

/** Inputs per array, as in assembly/optimizer.ts's Moved. */
const NAMES = ['value', 'towards', 'first', 'second'] as const;
/** Integers of a Moved. */
const FIELDS = 6;
/** Kinds of a step, in the assembly's order. */
const [SGD, ADAMW, BLEND] = [0, 1, 2];

type StepAttributes = StepSize & { readonly decays: readonly boolean[] };

/** Registers the kernels. */
export function registerOptimizer(kernels: Kernels): void {
  replaceKernel(KERNEL, (call: WasmCall<StepAttributes>) => {
    const { decays, config } = call.attrs;
    move(kernels, call, decays, config.kind === 'sgd' ? SGD : ADAMW, scalarsOf(call.attrs));
    return [];
  });
  replaceKernel(BLEND_KERNEL, (call: WasmCall<{ count: number; share: number }>) => {
    const { count, share } = call.attrs;
    move(kernels, call, Array<boolean>(count).fill(false), BLEND, [1 - share, share]);
    return [];
  });
}

/** In the order of assembly/optimizer.ts. */
function scalarsOf({ config, learningRate, step }: StepSize): number[] {
  if (config.kind === 'sgd') return [learningRate, config.momentum, config.weightDecay, Number(config.nesterov)];
  const { beta1, beta2, epsilon, weightDecay } = config;
  const [size, root] = [learningRate / (1 - beta1 ** step), Math.sqrt(1 - beta2 ** step)];
  return [beta1, beta2, 1 - beta1, 1 - beta2, epsilon, 1 - learningRate * weightDecay, size, root];
}

/** Moves as many arrays as `decays` has entries; the values of all are counted through and cut between the threads. */
function move(
  kernels: Kernels,
  { inputs, backend }: WasmCall<object>,
  decays: readonly boolean[],
  kind: number,
  scalars: readonly number[],
): void {
  const records = decays.map((isDecaying, i) => {
    const tensors = NAMES.map((name) => inputs[`${name}${i}`]);
    // Memory that another tensor shares must not change under it.
    for (const tensor of [tensors[0], tensors[2]])
      if (tensor && backend.refCount(tensor.dataId as object) > 1) throw new Error('a moved tensor is shared');
    return [...tensors.map((tensor) => (tensor ? offsetOf(backend, tensor) : 0)), sizeOf(tensors[0].shape), Number(isDecaying)];
  });
  const table = kernels.scratch(records.length * FIELDS * 4);
  integersAt(backend, table, records.length * FIELDS).set(records.flat());
  const total = records.reduce((sum, record) => sum + record[4], 0);
  const rest = [kind, ...scalars, ...Array<number>(8 - scalars.length).fill(0)];
  const calls = ranges(total, partsFor(kernels, total), 64).map((range) => [table, records.length, ...range, ...rest]);
  if (total > 0) kernels.share('move', calls);
}
