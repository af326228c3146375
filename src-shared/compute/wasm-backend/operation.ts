// An operation of this room: one folder with its kernels, the WebAssembly they call (assembly/), its gradients and its
// test; operations.ts lists them. A kernel is what tfjs calls by name; several are tfjs's own names, replaced, the others
// those of model/forward/kernels and compute/session.
import * as tf from '@tensorflow/tfjs-core';
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import { KernelFailure } from '../kernel-failure';
import type { Kernels } from './instance';

/** What a kernel is called with. */
export interface WasmCall<Attributes = object> {
  readonly inputs: Readonly<Record<string, tf.TensorInfo>>;
  readonly attrs: Attributes;
  readonly backend: BackendWasm;
}

/** A kernel for the WASM backend, as tfjs registers it. */
export type WasmKernel = tf.KernelConfig;

/** What an operation registers. */
export interface Operation {
  /** In place of stock kernels that are wrong or slow, without WebAssembly of ours: for every host. */
  plain?(): WasmKernel[];
  /** On our WebAssembly, where it runs; registered after all plain ones. */
  own?(kernels: Kernels): WasmKernel[];
}

/** A kernel by the name that tfjs calls it by. A failure of WebAssembly in it is told with its name and its inputs' shapes. */
export function wasmKernel<Attributes = object>(
  kernelName: string,
  run: (call: WasmCall<Attributes>) => tf.TensorInfo | tf.TensorInfo[],
): WasmKernel {
  const kernelFunc: tf.KernelFunc = (call) => {
    const inputs = call.inputs as WasmCall['inputs'];
    try {
      return run({ inputs, attrs: call.attrs as Attributes, backend: call.backend as BackendWasm });
    } catch (error) {
      throw error instanceof KernelFailure ? error.during(kernelName, inputs) : error;
    }
  };
  return { kernelName, backendName: 'wasm', kernelFunc };
}

/** The kernel that is registered now, for what the new one does not take. Throws if the backend has none of that name. */
export function stockKernel(kernelName: string): (call: WasmCall) => tf.TensorInfo | tf.TensorInfo[] {
  const found = tf.getKernel(kernelName, 'wasm');
  if (!found) throw new Error(`the WASM backend has no kernel ${kernelName}`);
  return ({ inputs, attrs, backend }) => found.kernelFunc({ inputs, attrs: attrs as tf.NamedAttrMap, backend });
}

/** Registers kernels in place of those of their names, if there are any. */
export function register(kernels: readonly WasmKernel[]): void {
  for (const kernel of kernels) {
    if (tf.getKernel(kernel.kernelName, 'wasm')) tf.unregisterKernel(kernel.kernelName, 'wasm');
    tf.registerKernel(kernel);
  }
}
