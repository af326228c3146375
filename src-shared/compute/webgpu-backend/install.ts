// The one door of this room: tfjs's WebGPU backend with what is wrong in it mended, and watched. WebGPU tells of an operation that
// it refuses beside the program, not to the caller, and goes on with whatever lay in the memory. Invariant: nothing that was
// computed on a device that has refused an operation, or was lost, is handed out.
import * as tf from '@tensorflow/tfjs-core';
import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';

/** Mends and watches a backend that runs; `onFailed` hears once that this instance cannot be used any more. */
export function installWebgpu(backend: WebGPUBackend, onFailed: () => void): void {
  mendAddN();
  let failure: string | null = null;
  const failed = (why: string): void => {
    if (failure === null) onFailed();
    failure ??= why;
  };
  const { device } = backend;
  device.addEventListener('uncapturederror', ({ error }) => failed(`refused an operation: ${error.message}`));
  void device.lost.then(({ message }) => failed(`was lost: ${message || 'the GPU or its driver was started anew'}`));
  const read = backend.read.bind(backend);
  backend.read = async (dataId) => {
    const values = await read(dataId);
    if (failure !== null) throw new Error(`nothing computed on WebGPU can be used: its device ${failure}`);
    return values;
  };
}

/** A shader reads so many buffers on every device, less the one it writes (maxStorageBuffersPerShaderStage; tfjs asks for no more). */
const MOST_INPUTS = 7;
let isMended = false;

/** tfjs (4.22.0) gives its shader as many buffers as there are terms; those beyond the device's limit make the sum any number. */
function mendAddN(): void {
  const stock = tf.getKernel('AddN', 'webgpu');
  if (!stock || isMended) return;
  const sum = (backend: object, terms: readonly tf.TensorInfo[]): tf.TensorInfo => {
    if (terms.length > MOST_INPUTS) {
      const first = sum(backend, terms.slice(0, MOST_INPUTS));
      const whole = sum(backend, [first, ...terms.slice(MOST_INPUTS)]);
      (backend as WebGPUBackend).disposeData(first.dataId);
      return whole;
    }
    return stock.kernelFunc({ inputs: terms as readonly tf.TensorInfo[] & tf.NamedTensorInfoMap, backend, attrs: {} }) as tf.TensorInfo;
  };
  tf.unregisterKernel('AddN', 'webgpu');
  tf.registerKernel({ ...stock, kernelFunc: ({ inputs, backend }) => sum(backend, Object.values(inputs) as tf.TensorInfo[]) });
  isMended = true;
}
