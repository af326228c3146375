// Slice, SplitV, Unpack and Identity for the WASM backend. The stock Slice copies its whole input out of
// the heap for every slice, which makes splitting quadratic in the number of groups; Identity copies.
import * as tf from '@tensorflow/tfjs-core';
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import { wasmKernel, type Operation, type WasmCall } from '../operation';

export const slicing: Operation = {
  plain: () => [
    wasmKernel('Identity', identity),
    wasmKernel('Slice', ({ inputs: { x }, attrs, backend }: WasmCall<{ begin: number[]; size: number[] }>) => {
      const [begin, size] = tf.slice_util.parseSliceParams(x as tf.Tensor, attrs.begin, attrs.size);
      return slice(backend, x, begin, size);
    }),
    wasmKernel('SplitV', splitV),
    wasmKernel('Unpack', unpack),
  ],
};

function identity({ inputs: { x }, backend }: WasmCall<object>): tf.TensorInfo {
  backend.incRef(x.dataId as object);
  return { dataId: x.dataId, shape: x.shape, dtype: x.dtype };
}

function splitV({ inputs: { x }, attrs, backend }: WasmCall<{ numOrSizeSplits: number[] | number; axis: number }>): tf.TensorInfo[] {
  const axis = tf.util.parseAxisParam(attrs.axis, x.shape)[0];
  const lengths = tf.backend_util.prepareSplitSize(x as tf.Tensor, attrs.numOrSizeSplits, axis);
  let start = 0;
  return lengths.map((length) => {
    const begin = x.shape.map((_, i) => (i === axis ? start : 0));
    const size = x.shape.map((full, i) => (i === axis ? length : full));
    start += length;
    return slice(backend, x, begin, size);
  });
}

function unpack({ inputs: { value }, attrs, backend }: WasmCall<{ axis: number }>): tf.TensorInfo[] {
  const axis = attrs.axis < 0 ? attrs.axis + value.shape.length : attrs.axis;
  const shape = value.shape.filter((_, i) => i !== axis);
  const size = value.shape.map((full, i) => (i === axis ? 1 : full));
  return Array.from({ length: value.shape[axis] }, (_, index) => {
    const begin = value.shape.map((_, i) => (i === axis ? index : 0));
    const { dataId, dtype } = slice(backend, value, begin, size);
    return { dataId, dtype, shape };
  });
}

/** Copies runs of consecutive elements straight from heap to heap. */
function slice(backend: BackendWasm, x: tf.TensorInfo, begin: number[], size: number[]): tf.TensorInfo {
  const output = backend.makeOutput(size, x.dtype);
  const source = backend.typedArrayFromHeap(x);
  const target = backend.typedArrayFromHeap(output);
  const { run, base, outer, strides } = consecutive(x.shape, begin, size);
  const index = outer.map(() => 0);
  for (let written = 0; written < target.length; written += run) {
    const from = index.reduce((offset, position, axis) => offset + position * strides[axis], base);
    copyRun(source, target, from, written, run);
    advance(index, outer);
  }
  return output;
}

/** Elements that lie in a row (`run`), where the first is, and the axes that are counted outside of it. */
function consecutive(shape: readonly number[], begin: number[], size: number[]) {
  const strides = shape.map((_, axis) => shape.slice(axis + 1).reduce((product, length) => product * length, 1));
  let axis = shape.length - 1;
  while (axis > 0 && size[axis] === shape[axis]) axis--;
  const run = shape.length === 0 ? 1 : size[axis] * strides[axis];
  const base = begin.reduce((offset, position, i) => offset + position * strides[i], 0);
  return { run, base, outer: size.slice(0, Math.max(0, axis)), strides };
}

/** Below 32 elements a loop beats making a subarray. */
function copyRun(source: tf.TypedArray, target: tf.TypedArray, from: number, to: number, length: number): void {
  if (length > 32) target.set(source.subarray(from, from + length), to);
  else for (let i = 0; i < length; i++) target[to + i] = source[from + i];
}

function advance(index: number[], lengths: readonly number[]): void {
  for (let axis = lengths.length - 1; axis >= 0; axis--) {
    if (++index[axis] < lengths[axis]) return;
    index[axis] = 0;
  }
}
