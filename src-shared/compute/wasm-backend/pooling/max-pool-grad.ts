// MaxPoolGrad for the WASM backend. The stock kernel starts its search at the smallest positive float,
// so a window without a positive value loses its gradient; here the maximum is found from -infinity.
import * as tf from '@tensorflow/tfjs-core';
import { floatsOf } from '../heap';
import { wasmKernel, type WasmCall, type WasmKernel } from '../operation';

/** Attributes of a pooling kernel. */
export interface PoolAttributes {
  filterSize: [number, number] | number;
  strides: [number, number] | number;
  pad: number | 'valid' | 'same';
  dimRoundingMode?: 'floor';
}

/** The kernel. */
export function plainMaxPoolGrad(): WasmKernel {
  return wasmKernel('MaxPoolGrad', ({ inputs: { dy, input }, attrs, backend }: WasmCall<PoolAttributes>) => {
    const shape = input.shape as [number, number, number, number];
    const pool = tf.backend_util.computePool2DInfo(shape, attrs.filterSize, attrs.strides, 1, attrs.pad, attrs.dimRoundingMode);
    const dx = backend.makeOutput(input.shape, 'float32');
    const gradient = floatsOf(backend, dx);
    gradient.fill(0);
    scatterToMaxima(floatsOf(backend, input), floatsOf(backend, dy), gradient, pool);
    return dx;
  });
}

type PoolInfo = ReturnType<typeof tf.backend_util.computePool2DInfo>;

/** Adds each dy to the first largest element of its window (row-major order, as PyTorch does). */
function scatterToMaxima(x: Float32Array, dy: Float32Array, dx: Float32Array, pool: PoolInfo): void {
  const { batchSize: N, outHeight, outWidth, inHeight, inWidth, inChannels: C, padInfo } = pool;
  const window = new Int32Array(pool.effectiveFilterHeight * pool.effectiveFilterWidth);
  for (let n = 0, out = 0; n < N; n++) {
    for (let i = 0; i < outHeight; i++) {
      const rows = clip(i * pool.strideHeight - padInfo.top, pool.effectiveFilterHeight, inHeight);
      for (let j = 0; j < outWidth; j++, out += C) {
        const columns = clip(j * pool.strideWidth - padInfo.left, pool.effectiveFilterWidth, inWidth);
        let count = 0;
        for (let a = rows[0]; a < rows[1]; a++)
          for (let b = columns[0]; b < columns[1]; b++) window[count++] = ((n * inHeight + a) * inWidth + b) * C;
        scatterWindow(x, dy, dx, { window, count, out, C });
      }
    }
  }
}

function clip(start: number, length: number, limit: number): readonly [number, number] {
  return [Math.max(0, start), Math.min(limit, start + length)];
}

interface Window {
  /** Where each position's channels begin in x; the first `count` hold. */
  readonly window: Int32Array;
  readonly count: number;
  /** Where the window's channels begin in dy. */
  readonly out: number;
  readonly C: number;
}

function scatterWindow(x: Float32Array, dy: Float32Array, dx: Float32Array, { window, count, out, C }: Window): void {
  for (let c = 0; c < C; c++) {
    let at = window[0] + c;
    for (let k = 1; k < count; k++) if (x[window[k] + c] > x[at]) at = window[k] + c;
    dx[at] += dy[out + c];
  }
}
