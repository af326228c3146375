// Calling a backend's own kernels by name (see compute/wasm-backend), with inputs that are numbered by branch.
import * as tf from '@tensorflow/tfjs-core';

/** Whether the active backend has a kernel of that name. */
export function hasKernel(name: string): boolean {
  return tf.getKernel(name, tf.getBackend()) !== undefined;
}

/** Runs a kernel; its results are not differentiable. */
export function runKernel<T extends tf.Tensor | tf.Tensor[]>(name: string, inputs: tf.NamedTensorMap, attributes: object = {}): T {
  return tf.engine().runKernel<T>(name, inputs, attributes as tf.NamedAttrMap);
}

/** Tensors by name and branch: with the names x and gamma x0, gamma0, x1, gamma1, ... */
export function numbered(tensors: readonly tf.Tensor[], names: readonly string[]): tf.NamedTensorMap {
  return Object.fromEntries(tensors.map((tensor, i) => [`${names[i % names.length]}${Math.floor(i / names.length)}`, tensor]));
}
