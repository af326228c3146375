// BatchMatMul on our own GEMM: every combination of transposes, batches equal or broadcast.
import * as tf from '@tensorflow/tfjs-core';
import { offsetOf, sizeOf } from '../heap';
import { ranges, type Kernels } from '../instance';
import { stockKernel, wasmKernel, type Operation, type WasmCall, type WasmKernel } from '../operation';
import { stockMatMul } from './stock-matmul';

interface Attributes {
  readonly transposeA: boolean;
  readonly transposeB: boolean;
}

/** Rows of assembly/tile.ts's tile. */
const TILE_ROWS = 5;
/** Operations below which waking other threads costs more than it saves. */
const WORTH_SHARING = 2e6;

export const matMul: Operation = { plain: () => [stockMatMul()], own: (kernels) => [product(kernels)] };

/** What our WebAssembly does not take goes to the kernel that was there before. */
function product(kernels: Kernels): WasmKernel {
  const stock = stockKernel('BatchMatMul');
  return wasmKernel('BatchMatMul', (call: WasmCall<Attributes>) => (canMultiply(call) ? productOf(kernels, call) : stock(call)));
}

/** A (..., m, k) times B (..., k, n), each stored transposed where the attributes say so. */
function productOf(kernels: Kernels, { inputs: { a, b }, attrs, backend }: WasmCall<Attributes>): tf.TensorInfo {
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
  return used(height, width, transposed);
}

function used(height: number, width: number, transposed: boolean): Matrix {
  return { rows: transposed ? width : height, columns: transposed ? height : width, width, transposed };
}

/** Elements between the matrices of a batch; 0 where there is one for all. */
function strideOf({ rows, columns }: Matrix, outer: readonly number[]): number {
  return sizeOf(outer) === 1 ? 0 : rows * columns;
}

/** A matrix in the backend's memory, or a batch of them. */
export type Operand = Matrix & { readonly at: number; readonly stride: number };

/** Sizes of a batch of products of (m, k) and (k, n). */
export type ProductSizes = Readonly<Record<'count' | 'm' | 'n' | 'k', number>>;

/** Products of few rows over long sums are cut into so many parts of the sum, whatever the number of threads. */
const SUM_PARTS = 16;
const [FEW_ROWS, LONG_SUM] = [128, 4096];

/** A batch of products into `output`, a place in the backend's memory. */
export function multiply(kernels: Kernels, A: Operand, B: Operand, output: number, sizes: ProductSizes): void {
  const { count, m, n, k } = sizes;
  const isLong = count === 1 && m <= FEW_ROWS && n <= FEW_ROWS && k >= LONG_SUM && k % SUM_PARTS === 0;
  if (!isLong) {
    shareRows(kernels, A, B, output, sizes, 0);
    return;
  }
  const part = k / SUM_PARTS;
  // What the products need of scratch memory lies behind the partial ones.
  const room = SUM_PARTS * m * n * 4;
  const doubles = m * n * 8 + 16;
  const at = kernels.scratch(room + doubles + kernels.gemmScratch() * kernels.threads);
  const cut = (matrix: Operand, isByRows: boolean): Operand => ({ ...matrix, stride: isByRows ? part * matrix.width : part });
  shareRows(kernels, cut(A, A.transposed), cut(B, !B.transposed), at, { count: SUM_PARTS, m, n, k: part }, room + doubles);
  kernels.share('sumOfRows', [[at, output, SUM_PARTS, m * n, 1, 0, 1, at + room]]);
}

/** The products' rows shared between the threads; `kept`: bytes at the start of scratch memory that are in use. */
function shareRows(kernels: Kernels, A: Operand, B: Operand, output: number, { count, m, n, k }: ProductSizes, kept: number): void {
  const parts = 2 * count * m * n * k < WORTH_SHARING ? 1 : kernels.threads;
  const bytes = kernels.gemmScratch();
  const scratch = kernels.scratch(kept + bytes * parts) + kept;
  const operand = ({ at, width, transposed, stride }: Operand): number[] => [at, width, Number(transposed), stride];
  // Where the batch can be cut between matrices no matrix is packed twice.
  const calls = ranges(count * m, parts, count % parts === 0 ? m : TILE_ROWS).map(([first, last], thread) => [
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

/** A matrix of `height` rows of `width` at a place in memory, used as it is or transposed. */
export function matrixAt(at: number, height: number, width: number, transposed = false): Operand {
  return { ...used(height, width, transposed), at, stride: 0 };
}

/** Whether this backend's values can be multiplied: k = 0 would leave the output unwritten. */
function canMultiply({ inputs: { a, b }, backend }: WasmCall): boolean {
  const isFloat = (tensor: tf.TensorInfo): boolean => backend.dataIdMap.get(tensor.dataId).dtype === 'float32';
  return isFloat(a) && isFloat(b) && sizeOf(a.shape) > 0 && sizeOf(b.shape) > 0;
}
