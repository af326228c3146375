// The optimizer's step in one pass over value, gradient and moments, in place, where the active backend
// has our kernels; elsewhere `update` of ../optimizer composes it from tfjs's operations.
import * as tf from '@tensorflow/tfjs-core';
import type { OptimizerConfig } from '../../training/recipe';
import { offsetOf, sizeOf } from '../wasm/heap';
import { replaceKernel, type WasmCall } from '../wasm/register';
import type { Kernels } from './instance';

const KERNEL = 'OptimizerStep';

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

/** Registers the kernel. */
export function registerOptimizer(kernels: Kernels): void {
  replaceKernel(KERNEL, ({ inputs, attrs: { config, learningRate, decays, step }, backend }: WasmCall<Attributes>) => {
    const { value, gradient, first, second } = inputs;
    // Memory that another tensor shares must not change under it.
    for (const tensor of [value, first]) if (backend.refCount(tensor.dataId as object) > 1) throw new Error('a parameter is shared');
    const [x, g, m, v] = [value, gradient, first, second].map((tensor) => offsetOf(backend, tensor));
    const decay = decays ? config.weightDecay : 0;
    const n = sizeOf(value.shape);
    if (config.kind === 'sgd') kernels.sgd(x, g, m, n, learningRate, config.momentum, decay, config.nesterov);
    else {
      const { beta1, beta2, epsilon } = config;
      const [size, root] = [learningRate / (1 - beta1 ** step), Math.sqrt(1 - beta2 ** step)];
      kernels.adamw(x, g, m, v, n, beta1, beta2, 1 - beta1, 1 - beta2, epsilon, 1 - learningRate * decay, size, root);
    }
    return [];
  });
}
