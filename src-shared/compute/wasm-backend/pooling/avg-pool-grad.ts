// AvgPoolGrad for the WASM backend, windows without padding: each dy, divided by the window's size, is
// added to its window row by row. The stock kernel visits every pair of positions.
import * as tf from '@tensorflow/tfjs-core';
import { floatsOf } from '../heap';
import type { PoolAttributes } from './max-pool-grad';
import { stockKernel, wasmKernel, type WasmCall, type WasmKernel } from '../operation';

/** The kernel; padded windows keep the stock one. */
export function plainAvgPoolGrad(): WasmKernel {
  const stock = stockKernel('AvgPoolGrad');
  return wasmKernel('AvgPoolGrad', (call: WasmCall<PoolAttributes>) => {
    const { inputs, attrs, backend } = call;
    const { dy, input } = inputs;
    if (attrs.pad !== 'valid') return stock(call);
    const shape = input.shape as [number, number, number, number];
    const pool = tf.backend_util.computePool2DInfo(shape, attrs.filterSize, attrs.strides, 1, 'valid');
    const dx = backend.makeOutput(input.shape, 'float32');
    const target = floatsOf(backend, dx).fill(0);
    spreadOverWindows(floatsOf(backend, dy), target, pool);
    return dx;
  });
}

type PoolInfo = ReturnType<typeof tf.backend_util.computePool2DInfo>;

function spreadOverWindows(dy: Float32Array, dx: Float32Array, pool: PoolInfo): void {
  const { batchSize: N, outHeight, outWidth, inHeight, inWidth, inChannels: C } = pool;
  for (let n = 0, out = 0; n < N; n++) {
    for (let i = 0; i < outHeight; i++) {
      for (let j = 0; j < outWidth; j++, out += C) {
        const corner = ((n * inHeight + i * pool.strideHeight) * inWidth + j * pool.strideWidth) * C;
        addToWindow(dy, out, dx, corner, pool);
      }
    }
  }
}

/** Rows of a window are `filterWidth * C` consecutive elements. */
function addToWindow(dy: Float32Array, out: number, dx: Float32Array, corner: number, pool: PoolInfo): void {
  const { filterHeight, filterWidth, inWidth, inChannels: C } = pool;
  const share = 1 / (filterHeight * filterWidth);
  for (let a = 0; a < filterHeight; a++) {
    let at = corner + a * inWidth * C;
    for (let b = 0; b < filterWidth; b++) for (let c = 0; c < C; c++) dx[at++] += dy[out + c] * share;
  }
}
