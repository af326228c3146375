// MaxPoolGrad by our own WebAssembly, maps shared between the threads. Of equal largest values the first
// in row-major order takes the gradient, as in PyTorch.
import * as tf from '@tensorflow/tfjs-core';
import { floatsOf, offsetOf } from '../wasm/heap';
import type { PoolAttributes } from '../wasm/max-pool-grad';
import type { WasmCall } from '../wasm/register';
import { ranges, type Kernels } from './instance';

/** dy, input -> the gradient of the input. */
export function maxPoolGradient(kernels: Kernels, { inputs: { dy, input }, attrs, backend }: WasmCall<PoolAttributes>): tf.TensorInfo {
  const shape = input.shape as [number, number, number, number];
  const pool = tf.backend_util.computePool2DInfo(shape, attrs.filterSize, attrs.strides, 1, attrs.pad, attrs.dimRoundingMode);
  const { inHeight, inWidth, inChannels, outHeight, outWidth, padInfo } = pool;
  const output = backend.makeOutput(input.shape, 'float32');
  floatsOf(backend, output).fill(0);
  const tensors = [input, dy, output].map((tensor) => offsetOf(backend, tensor));
  const window = [pool.effectiveFilterHeight, pool.effectiveFilterWidth, pool.strideHeight, pool.strideWidth, padInfo.top, padInfo.left];
  const sizes = [inHeight, inWidth, inChannels, outHeight, outWidth];
  const calls = ranges(pool.batchSize, kernels.threads, 1).map((maps) => [...tensors, ...sizes, ...window, ...maps]);
  kernels.share('maxPoolGradient', calls);
  return output;
}
