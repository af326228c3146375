// BatchMatMul on our own GEMM: every combination of transposes, batches equal or broadcast.
import * as tf from '@tensorflow/tfjs-core';
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import { offsetOf, sizeOf } from '../wasm/heap';
import type { WasmCall } from '../wasm/register';
import type { Kernels } from './instance';

interface Attributes {
  readonly transposeA: boolean;
  readonly transposeB: boolean;
}

/** A (..., m, k) times B (..., k, n), each stored transposed where the attributes say so. */
export function matMul(kernels: Kernels, { inputs: { a, b }, attrs, backend }: WasmCall<Attributes>): tf.TensorInfo {
  const { transposeA, transposeB } = attrs;
  const [outerA, outerB] = [a.shape.slice(0, -2), b.shape.slice(0, -2)];
  const [rowsA, lda] = a.shape.slice(-2);
  const [rowsB, ldb] = b.shape.slice(-2);
  const [m, k, n] = [transposeA ? lda : rowsA, transposeA ? rowsA : lda, transposeB ? rowsB : ldb];
  const outer = tf.broadcast_util.assertAndGetBroadcastShape(outerA, outerB);
  const output = backend.makeOutput([...outer, m, n], 'float32');
  const scratch = kernels.scratch(kernels.gemmScratch());
  const [startA, startB, startOutput] = [a, b, output].map((tensor) => offsetOf(backend, tensor));
  const [indexA, indexB] = [batchIndices(outerA, outer), batchIndices(outerB, outer)];
  for (let i = 0; i < sizeOf(outer); i++) {
    const [atA, atB] = [startA + indexA[i] * rowsA * lda * 4, startB + indexB[i] * rowsB * ldb * 4];
    kernels.gemm(atA, lda, transposeA, atB, ldb, transposeB, startOutput + i * m * n * 4, n, m, n, k, scratch);
  }
  return output;
}

/** Which matrix of a batch of shape `own` stands at each place of the broadcast batch. */
function batchIndices(own: readonly number[], outer: readonly number[]): number[] {
  const padded = [...Array<number>(outer.length - own.length).fill(1), ...own];
  return outer.reduce<number[]>(
    (indices, size, axis) =>
      indices.flatMap((index) => Array.from({ length: size }, (_, i) => index * padded[axis] + (padded[axis] === 1 ? 0 : i))),
    [0],
  );
}

/** Whether this backend's values can be multiplied: k = 0 would leave the output unwritten. */
export function canMultiply(a: tf.TensorInfo, b: tf.TensorInfo, backend: BackendWasm): boolean {
  const isFloat = (tensor: tf.TensorInfo): boolean => backend.dataIdMap.get(tensor.dataId).dtype === 'float32';
  return isFloat(a) && isFloat(b) && sizeOf(a.shape) > 0 && sizeOf(b.shape) > 0;
}
