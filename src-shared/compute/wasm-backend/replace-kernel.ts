// Replacing one kernel of tfjs's WASM backend, with its inputs and attributes typed.
import * as tf from '@tensorflow/tfjs-core';
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import { KernelFailure } from './kernel-failure';

/** What a kernel is called with. */
export interface WasmCall<Attributes> {
  readonly inputs: Readonly<Record<string, tf.TensorInfo>>;
  readonly attrs: Attributes;
  readonly backend: BackendWasm;
}

export type WasmKernel<Attributes> = (call: WasmCall<Attributes>) => tf.TensorInfo | tf.TensorInfo[];

/** Registers a kernel for the WASM backend in place of the one it has, if any. */
export function replaceKernel<Attributes>(kernelName: string, kernel: WasmKernel<Attributes>): void {
  if (tf.getKernel(kernelName, 'wasm')) tf.unregisterKernel(kernelName, 'wasm');
  const kernelFunc: WasmKernel<Attributes> = (call) => {
    try {
      return kernel(call);
    } catch (error) {
      throw error instanceof KernelFailure ? error.during(kernelName, call.inputs) : error;
    }
  };
  tf.registerKernel({ kernelName, backendName: 'wasm', kernelFunc: kernelFunc as unknown as tf.KernelFunc });
}

/** The kernel now registered. Throws if the backend has none of that name. */
export function existingKernel(kernelName: string): tf.KernelFunc {
  const found = tf.getKernel(kernelName, 'wasm');
  if (!found) throw new Error(`the WASM backend has no kernel ${kernelName}`);
  return found.kernelFunc;
}
