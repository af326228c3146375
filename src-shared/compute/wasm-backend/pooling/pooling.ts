// Gradients of pooling by our own WebAssembly, maps shared between the threads. Of equal largest values the
// first in row-major order takes max pooling's gradient, as in PyTorch.
import * as tf from '@tensorflow/tfjs-core';
import { offsetOf } from '../heap';
import { ranges, type Kernels } from '../instance';
import { stockKernel, wasmKernel, type Operation, type WasmCall, type WasmKernel } from '../operation';
import { plainAvgPoolGrad } from './avg-pool-grad';
import { plainMaxPoolGrad, type PoolAttributes } from './max-pool-grad';

export const pooling: Operation = {
  plain: () => [plainMaxPoolGrad(), plainAvgPoolGrad()],
  own: (kernels) => [
    wasmKernel('MaxPoolGrad', (call: WasmCall<PoolAttributes>) => maxPoolGradient(kernels, call)),
    ofUnpadded((call) => averagePoolGradient(kernels, call)),
  ],
};

/** Padded averages keep the kernel that was there before. */
function ofUnpadded(run: (call: WasmCall<PoolAttributes>) => tf.TensorInfo): WasmKernel {
  const stock = stockKernel('AvgPoolGrad');
  return wasmKernel('AvgPoolGrad', (call: WasmCall<PoolAttributes>) => (call.attrs.pad === 'valid' ? run(call) : stock(call)));
}

function poolOf({ inputs: { input }, attrs }: WasmCall<PoolAttributes>) {
  const shape = input.shape as [number, number, number, number];
  return tf.backend_util.computePool2DInfo(shape, attrs.filterSize, attrs.strides, 1, attrs.pad, attrs.dimRoundingMode);
}

type Pool = ReturnType<typeof poolOf>;

/** dy, input -> the gradient of the input. */
function maxPoolGradient(kernels: Kernels, call: WasmCall<PoolAttributes>): tf.TensorInfo {
  const pool = poolOf(call);
  const { effectiveFilterHeight, effectiveFilterWidth, strideHeight, strideWidth, padInfo } = pool;
  const window = [effectiveFilterHeight, effectiveFilterWidth, strideHeight, strideWidth, padInfo.top, padInfo.left];
  return shareMaps(kernels, call, 'maxPoolGradient', pool, [call.inputs.input, call.inputs.dy], window);
}

/** dy, input (for its shape) -> the gradient of the input. */
function averagePoolGradient(kernels: Kernels, call: WasmCall<PoolAttributes>): tf.TensorInfo {
  const pool = poolOf(call);
  const window = [pool.filterHeight, pool.filterWidth, pool.strideHeight, pool.strideWidth];
  return shareMaps(kernels, call, 'averagePoolGradient', pool, [call.inputs.dy], window);
}

/** Runs a kernel (...tensors, output, sizes, window, maps) with the maps shared between the threads. */
function shareMaps(
  kernels: Kernels,
  { inputs, backend }: WasmCall<PoolAttributes>,
  work: 'maxPoolGradient' | 'averagePoolGradient',
  { batchSize, inHeight, inWidth, inChannels, outHeight, outWidth }: Pool,
  tensors: readonly tf.TensorInfo[],
  window: readonly number[],
): tf.TensorInfo {
  const output = backend.makeOutput(inputs.input.shape, 'float32');
  const places = [...tensors, output].map((tensor) => offsetOf(backend, tensor));
  const sizes = [inHeight, inWidth, inChannels, outHeight, outWidth];
  const calls = ranges(batchSize, kernels.threads, 1).map((maps) => [...places, ...sizes, ...window, ...maps]);
  kernels.share(work, calls);
  return output;
}
