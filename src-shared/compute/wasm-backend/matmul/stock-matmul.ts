// BatchMatMul for the WASM backend. The stock kernel reaches its SIMD product only for one untransposed
// matrix; batches and transposes take a naive loop ten times slower, and every gradient has a transpose.
// Here each matrix of a batch is registered as a view into the heap and transposes are made explicitly.
import * as tf from '@tensorflow/tfjs-core';
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import { moduleOf, offsetOf, sizeOf } from '../heap';
import { stockKernel, wasmKernel, type WasmCall, type WasmKernel } from '../operation';

type Product = (
  a: number,
  aShape: Uint8Array,
  aRank: number,
  b: number,
  bShape: Uint8Array,
  bRank: number,
  ta: number,
  tb: number,
  out: number,
) => void;

/** Ids of the temporary views; far above the ones the backend counts up from 0. */
const VIEW_IDS = { a: 1 << 28, b: (1 << 28) + 1, out: (1 << 28) + 2 };
const products = new WeakMap<BackendWasm, Product>();

/** The kernel. */
export function stockMatMul(): WasmKernel {
  const transpose = stockKernel('Transpose');
  return wasmKernel('BatchMatMul', ({ inputs: { a, b }, attrs, backend }: WasmCall<{ transposeA: boolean; transposeB: boolean }>) => {
    const turned = (x: tf.TensorInfo): tf.TensorInfo =>
      transpose({ inputs: { x }, attrs: { perm: swapLastAxes(x.shape.length) }, backend }) as tf.TensorInfo;
    const [A, B] = [attrs.transposeA ? turned(a) : a, attrs.transposeB ? turned(b) : b];
    const output = multiply(backend, A, B);
    if (A !== a) backend.disposeData(A.dataId as object);
    if (B !== b) backend.disposeData(B.dataId as object);
    return output;
  });
}

function swapLastAxes(rank: number): number[] {
  return Array.from({ length: rank }, (_, i) => (i === rank - 1 ? rank - 2 : i === rank - 2 ? rank - 1 : i));
}

/** A (..., m, k) times B (..., k, n), batches broadcast as tfjs allows (equal, or one of them 1). */
function multiply(backend: BackendWasm, A: tf.TensorInfo, B: tf.TensorInfo): tf.TensorInfo {
  const [outerA, outerB] = [A.shape.slice(0, -2), B.shape.slice(0, -2)];
  const [m, k] = A.shape.slice(-2);
  const n = B.shape[B.shape.length - 1];
  const outer = tf.broadcast_util.assertAndGetBroadcastShape(outerA, outerB);
  const output = backend.makeOutput([...outer, m, n], 'float32');
  const [countA, countB, count] = [sizeOf(outerA), sizeOf(outerB), sizeOf(outer)];
  const [atA, atB, atOutput] = [offsetOf(backend, A), offsetOf(backend, B), offsetOf(backend, output)];
  for (let i = 0; i < count; i++) {
    const a = { offset: atA + (i % countA) * m * k * 4, rows: m, columns: k };
    const b = { offset: atB + (i % countB) * k * n * 4, rows: k, columns: n };
    multiplyViews(backend, a, b, atOutput + i * m * n * 4);
  }
  return output;
}

interface MatrixView {
  readonly offset: number;
  readonly rows: number;
  readonly columns: number;
}

function multiplyViews(backend: BackendWasm, a: MatrixView, b: MatrixView, output: number): void {
  const { registerTensor, disposeData } = backend.wasm.tfjs;
  const ids = VIEW_IDS;
  registerTensor(ids.a, a.rows * a.columns, a.offset);
  registerTensor(ids.b, b.rows * b.columns, b.offset);
  registerTensor(ids.out, a.rows * b.columns, output);
  productOf(backend)(ids.a, shapeBytes([1, a.rows, a.columns]), 3, ids.b, shapeBytes([1, b.rows, b.columns]), 3, 0, 0, ids.out);
  for (const id of [ids.a, ids.b, ids.out]) disposeData(id);
}

function productOf(backend: BackendWasm): Product {
  const known = products.get(backend);
  if (known) return known;
  const types = ['number', 'array', 'number', 'number', 'array', 'number', 'number', 'number', 'number'];
  const product = moduleOf(backend).cwrap('BatchMatMul', null, types) as Product;
  products.set(backend, product);
  return product;
}

function shapeBytes(shape: number[]): Uint8Array {
  return new Uint8Array(new Int32Array(shape).buffer);
}
