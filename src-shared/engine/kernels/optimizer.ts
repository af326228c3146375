// The optimizer's step in one pass over value, gradient and moments, in place, where the active backend
// has our kernels; elsewhere `update` of ../optimizer composes it from tfjs's operations.
import * as tf from '@tensorflow/tfjs-core';
import type { OptimizerConfig } from '../../training/recipe';
import { offsetOf, sizeOf } from '../wasm/heap';
import { replaceKernel, type WasmCall } from '../wasm/register';
import { flat } from './elementwise';
import type { Kernels } from './instance';

const KERNEL = 'OptimizerStep';
const BLEND_KERNEL = 'Blend';

interface Attributes {
  readonly config: OptimizerConfig;
  readonly learningRate: number;
  readonly decays: boolean;
  readonly step: number;
}

/** Steps value and moments by the gradient; false where the backend has no kernel for it and nothing was done. */
export function updateInPlace(
  { value, moments, decays }: { readonly value: tf.Variable; readonly moments: readonly tf.Variable[]; readonly decays: boolean },
  gradient: tf.Tensor,
  step: Omit<Attributes, 'decays'>,
): boolean {
  if (!tf.getKernel(KERNEL, tf.getBackend())) return false;
  const inputs = { value, gradient, first: moments[0], second: moments[moments.length - 1] };
  tf.engine().runKernel(KERNEL, inputs as unknown as tf.NamedTensorMap, { ...step, decays } as unknown as tf.NamedAttrMap);
  return true;
}

/** value = value * (1 - share) + batch * share. */
export function blend(value: tf.Variable, batch: tf.Tensor, share: number): void {
  if (tf.getKernel(BLEND_KERNEL, tf.getBackend()))
    tf.engine().runKernel(BLEND_KERNEL, { value, batch } as unknown as tf.NamedTensorMap, { share });
  else tf.tidy(() => value.assign(tf.add(tf.mul(value, 1 - share), tf.mul(batch, share))));
}

/** Registers the kernels. */
export function registerOptimizer(kernels: Kernels): void {
  replaceKernel(KERNEL, ({ inputs, attrs: { config, learningRate, decays, step }, backend }: WasmCall<Attributes>) => {
    const { value, gradient, first, second } = inputs;
    // Memory that another tensor shares must not change under it.
    for (const tensor of [value, first]) if (backend.refCount(tensor.dataId as object) > 1) throw new Error('a parameter is shared');
    const [x, g, m, v] = [value, gradient, first, second].map((tensor) => offsetOf(backend, tensor));
    const decay = decays ? config.weightDecay : 0;
    const n = sizeOf(value.shape);
    if (config.kind === 'sgd') flat(kernels, 'sgd', n, [x, g, m], [learningRate, config.momentum, decay, Number(config.nesterov)]);
    else {
      const { beta1, beta2, epsilon } = config;
      const [size, root] = [learningRate / (1 - beta1 ** step), Math.sqrt(1 - beta2 ** step)];
      flat(kernels, 'adamw', n, [x, g, m, v], [beta1, beta2, 1 - beta1, 1 - beta2, epsilon, 1 - learningRate * decay, size, root]);
    }
    return [];
  });
  replaceKernel(BLEND_KERNEL, ({ inputs: { value, batch }, attrs: { share }, backend }: WasmCall<{ share: number }>) => {
    if (backend.refCount(value.dataId as object) > 1) throw new Error('a statistic is shared');
    kernels.blend(offsetOf(backend, value), offsetOf(backend, batch), sizeOf(value.shape), 1 - share, share);
    return [];
  });
}
