// Gradients of pooling by our own WebAssembly, maps shared between the threads. Of equal largest values the
// first in row-major order takes max pooling's gradient, as in PyTorch.
import * as tf from '@tensorflow/tfjs-core';
import { offsetOf } from '../wasm/heap';
import type { PoolAttributes } from '../wasm/max-pool-grad';
import { existingKernel, replaceKernel, type WasmCall } from '../wasm/register';
import { ranges, type Kernels } from './instance';

/** Registers the kernels. Padded averages keep the one that was there before. */
export function registerPoolGradients(kernels: Kernels): void {
  replaceKernel('MaxPoolGrad', (call: WasmCall<PoolAttributes>) => maxPoolGradient(kernels, call));
  const stock = existingKernel('AvgPoolGrad');
  replaceKernel('AvgPoolGrad', (call: WasmCall<PoolAttributes>) =>
    call.attrs.pad === 'valid' ? averagePoolGradient(kernels, call) : stock(call as unknown as Parameters<typeof stock>[0]),
  );
}

function poolOf({ inputs: { input }, attrs }: WasmCall<PoolAttributes>) {
  const shape = input.shape as [number, number, number, number];
  return tf.backend_util.computePool2DInfo(shape, attrs.filterSize, attrs.strides, 1, attrs.pad, attrs.dimRoundingMode);
}

/** dy, input -> the gradient of the input. */
function maxPoolGradient(kernels: Kernels, call: WasmCall<PoolAttributes>): tf.TensorInfo {
  const { inputs, backend } = call;
  const pool = poolOf(call);
  const { inHeight, inWidth, inChannels, outHeight, outWidth, padInfo } = pool;
  const output = backend.makeOutput(inputs.input.shape, 'float32');
  const tensors = [inputs.input, inputs.dy, output].map((tensor) => offsetOf(backend, tensor));
  const window = [pool.effectiveFilterHeight, pool.effectiveFilterWidth, pool.strideHeight, pool.strideWidth, padInfo.top, padInfo.left];
  const sizes = [inHeight, inWidth, inChannels, outHeight, outWidth];
  const calls = ranges(pool.batchSize, kernels.threads, 1).map((maps) => [...tensors, ...sizes, ...window, ...maps]);
  kernels.share('maxPoolGradient', calls);
  return output;
}

/** dy, input (for its shape) -> the gradient of the input. */
function averagePoolGradient(kernels: Kernels, call: WasmCall<PoolAttributes>): tf.TensorInfo {
  const { inputs, backend } = call;
  const pool = poolOf(call);
  const { inHeight, inWidth, inChannels, outHeight, outWidth } = pool;
  const output = backend.makeOutput(inputs.input.shape, 'float32');
  const tensors = [inputs.dy, output].map((tensor) => offsetOf(backend, tensor));
  const window = [pool.filterHeight, pool.filterWidth, pool.strideHeight, pool.strideWidth];
  const sizes = [inHeight, inWidth, inChannels, outHeight, outWidth];
  const calls = ranges(pool.batchSize, kernels.threads, 1).map((maps) => [...tensors, ...sizes, ...window, ...maps]);
  kernels.share('averagePoolGradient', calls);
  return output;
}
