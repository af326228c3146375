// MaxPoolGrad for the WASM backend. The stock kernel starts its search at the smallest positive float,
// so a window without a positive value loses its gradient; here the maximum is found from -infinity.
import * as tf from '@tensorflow/tfjs-core';
import { floatsOf } from './heap';
import { replaceKernel, type WasmCall } from './register';

/** Attributes of a pooling kernel. */
export interface PoolAttributes {
  filterSize: [number, number] | number;
  strides: [number, number] | number;
  pad: number | 'valid' | 'same';
  dimRoundingMode?: 'floor';
}

/** Registers the kernel. */
export function registerMaxPoolGrad(): void {
  replaceKernel('MaxPoolGrad', ({ inputs: { dy, input }, attrs, backend }: WasmCall<PoolAttributes>) => {
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
  for (let n = 0, out = 0; n < N; n++) {
    for (let i = 0; i < outHeight; i++) {
      const top = i * pool.strideHeight - padInfo.top;
      for (let j = 0; j < outWidth; j++, out += C) {
        const left = j * pool.strideWidth - padInfo.left;
        const rows = clip(top, pool.effectiveFilterHeight, inHeight);
        const columns = clip(left, pool.effectiveFilterWidth, inWidth);
        scatterWindow(x, dy, dx, { image: n * inHeight * inWidth, inWidth, C, rows, columns, out });
      }
    }
  }
}

function clip(start: number, length: number, limit: number): readonly [number, number] {
  return [Math.max(0, start), Math.min(limit, start + length)];
}

interface Window {
  readonly image: number;
  readonly inWidth: number;
  readonly C: number;
  readonly rows: readonly [number, number];
  readonly columns: readonly [number, number];
  readonly out: number;
}

function scatterWindow(x: Float32Array, dy: Float32Array, dx: Float32Array, window: Window): void {
  const { image, inWidth, C, rows, columns, out } = window;
  for (let c = 0; c < C; c++) {
    let best = -Infinity;
    let at = -1;
    for (let a = rows[0]; a < rows[1]; a++) {
      for (let b = columns[0]; b < columns[1]; b++) {
        const position = (image + a * inWidth + b) * C + c;
        if (x[position] > best) {
          best = x[position];
          at = position;
        }
      }
    }
    if (at >= 0) dx[at] += dy[out + c];
  }
}
