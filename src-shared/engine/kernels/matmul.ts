// BatchMatMul on our own GEMM: every combination of transposes, batches equal or broadcast.
import * as tf from '@tensorflow/tfjs-core';
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import { offsetOf, sizeOf } from '../wasm/heap';
import type { WasmCall } from '../wasm/register';
import { ranges, type Kernels } from './instance';

interface Attributes {
  readonly transposeA: boolean;
  readonly transposeB: boolean;
}

/** Operations below which waking other threads costs more than it saves. */
const WORTH_SHARING = 2e6;

/** A (..., m, k) times B (..., k, n), each stored transposed where the attributes say so. */
export function matMul(kernels: Kernels, { inputs: { a, b }, attrs, backend }: WasmCall<Attributes>): tf.TensorInfo {
  const [outerA, outerB] = [a.shape.slice(0, -2), b.shape.slice(0, -2)];
  const outer = tf.broadcast_util.assertAndGetBroadcastShape(outerA, outerB);
  const [A, B] = [matrixOf(a, attrs.transposeA), matrixOf(b, attrs.transposeB)];
  const [m, k, n] = [A.rows, A.columns, B.columns];
  const output = backend.makeOutput([...outer, m, n], 'float32');
  const [atA, atB, atOutput] = [a, b, output].map((tensor) => offsetOf(backend, tensor));
  const count = sizeOf(outer);
  const isUniform = [outerA, outerB].every((own) => sizeOf(own) === 1 || sizeOf(own) === count);
  if (isUniform) {
    const strides = [strideOf(A, outerA), strideOf(B, outerB)];
    multiply(kernels, { ...A, at: atA, stride: strides[0] }, { ...B, at: atB, stride: strides[1] }, atOutput, { count, m, n, k });
  } else {
    const [indexA, indexB] = [batchIndices(outerA, outer), batchIndices(outerB, outer)];
    for (let i = 0; i < count; i++) {
      const one = { ...A, at: atA + indexA[i] * m * k * 4, stride: 0 };
      multiply(kernels, one, { ...B, at: atB + indexB[i] * k * n * 4, stride: 0 }, atOutput + i * m * n * 4, { count: 1, m, n, k });
    }
  }
  return output;
}

/** A matrix as it is used and as it is stored: `width` elements per stored row. */
interface Matrix {
  readonly rows: number;
  readonly columns: number;
  readonly width: number;
  readonly transposed: boolean;
}

function matrixOf({ shape }: tf.TensorInfo, transposed: boolean): Matrix {
  const [height, width] = shape.slice(-2);
  return { rows: transposed ? width : height, columns: transposed ? height : width, width, transposed };
}

/** Elements between the matrices of a batch; 0 where there is one for all. */
function strideOf({ rows, columns }: Matrix, outer: readonly number[]): number {
  return sizeOf(outer) === 1 ? 0 : rows * columns;
}

type Operand = Matrix & { readonly at: number; readonly stride: number };

/** A batch of products, its rows shared between the threads. */
function multiply(
  kernels: Kernels,
  A: Operand,
  B: Operand,
  output: number,
  { count, m, n, k }: Record<'count' | 'm' | 'n' | 'k', number>,
): void {
  const parts = 2 * count * m * n * k < WORTH_SHARING ? 1 : kernels.threads;
  const bytes = kernels.gemmScratch();
  const scratch = kernels.scratch(bytes * parts);
  const operand = ({ at, width, transposed, stride }: Operand): number[] => [at, width, Number(transposed), stride];
  const calls = ranges(count * m, parts, 4).map(([first, last], thread) => [
    ...operand(A),
    ...operand(B),
    ...[output, m, n, k, first, last, scratch + thread * bytes],
  ]);
  kernels.share('gemmRows', calls);
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
