// Sums, products, ReLU and sums over axes on all threads, where the values are float32 and their shapes such
// that the memory is walked straight; everything else goes to the kernels that were there before.
import * as tf from '@tensorflow/tfjs-core';
import { GELU_GRADIENT_KERNEL, GELU_KERNEL, RELU_GRADIENT_KERNEL } from '../../../model/forward/activation';
import { offsetOf, sizeOf } from '../heap';
import { partsFor, ranges, type Kernels } from '../instance';
import type { KernelFunctions } from '../kernels.wasm';
import { stockKernel, wasmKernel, type Operation, type WasmCall, type WasmKernel } from '../operation';

export const elementwise: Operation = {
  own: (kernels) => [
    binary(kernels, 'Add', 'add', 'addToRows'),
    binary(kernels, 'Multiply', 'multiply', 'multiplyRows'),
    flatKernel(kernels, 'Relu', 'relu', ['x']),
    flatKernel(kernels, RELU_GRADIENT_KERNEL, 'reluGradient', ['dy', 'y']),
    flatKernel(kernels, GELU_KERNEL, 'gelu', ['x']),
    flatKernel(kernels, GELU_GRADIENT_KERNEL, 'geluGradient', ['dy', 'x']),
    reduction(kernels, 'Sum'),
    reduction(kernels, 'Mean'),
  ],
};

type Work = keyof KernelFunctions;

const isFloat = ({ backend }: WasmCall, tensor: tf.TensorInfo): boolean => backend.dataIdMap.get(tensor.dataId).dtype === 'float32';

/** Runs a kernel (..., n) on the `size` values at each of `places`, cut between the threads. */
function flat(kernels: Kernels, work: Work, size: number, places: readonly number[]): void {
  const calls = ranges(size, partsFor(kernels, size), 64).map(([first, last]) => [...places.map((at) => at + first * 4), last - first]);
  if (size > 0) kernels.share(work, calls);
}

/** A kernel that computes each value from those at the same place of its inputs. */
function flatKernel(kernels: Kernels, name: string, work: Work, inputNames: readonly string[]): WasmKernel {
  return wasmKernel(name, ({ inputs, backend }) => {
    const tensors = inputNames.map((input) => inputs[input]);
    const output = backend.makeOutput(tensors[0].shape, 'float32');
    const places = [...tensors, output].map((tensor) => offsetOf(backend, tensor));
    flat(kernels, work, sizeOf(output.shape), places);
    return output;
  });
}

function binary(kernels: Kernels, name: 'Add' | 'Multiply', same: Work, byRows: Work): WasmKernel {
  const stock = stockKernel(name);
  return wasmKernel(name, (call) => {
    const { a, b } = call.inputs;
    const [large, small] = sizeOf(a.shape) >= sizeOf(b.shape) ? [a, b] : [b, a];
    const rows = isFloat(call, a) && isFloat(call, b) ? rowsOf(large.shape, small.shape) : null;
    if (!rows) return stock(call);
    const output = call.backend.makeOutput(large.shape, 'float32');
    const places = [large, small, output].map((tensor) => offsetOf(call.backend, tensor));
    if (rows.length === 1) flat(kernels, same, sizeOf(large.shape), places);
    else shareRows(kernels, byRows, rows, places);
    return output;
  });
}

interface Rows {
  readonly outer: number;
  readonly length: number;
  readonly C: number;
}

/** `large` as (outer, length, C) of which `small` has (outer, 1, C); null where it is not so. */
function rowsOf(large: readonly number[], small: readonly number[]): Rows | null {
  const aligned = [...Array<number>(Math.max(0, large.length - small.length)).fill(1), ...small];
  if (sizeOf(large) === 0 || aligned.length > large.length) return null;
  let last = large.length;
  while (last > 0 && aligned[last - 1] === large[last - 1]) last--;
  let first = last;
  while (first > 0 && aligned[first - 1] === 1) first--;
  if (!aligned.slice(0, first).every((size, axis) => size === large[axis])) return null;
  const C = sizeOf(large.slice(last));
  // Short rows, scalars among them, are not worth a loop of their own.
  if (last > 0 && C < 4) return null;
  return { outer: sizeOf(large.slice(0, first)), length: sizeOf(large.slice(first, last)), C };
}

function shareRows(kernels: Kernels, work: Work, { outer, length, C }: Rows, [a, b, y]: readonly number[]): void {
  const parts = partsFor(kernels, outer * length * C);
  const calls =
    outer > 1
      ? ranges(outer, parts, 1).map(([first, last]) => {
          const skipped = first * length * C * 4;
          return [a + skipped, b + first * C * 4, y + skipped, last - first, length, C];
        })
      : ranges(length, parts, 1).map(([first, last]) => [a + first * C * 4, b, y + first * C * 4, 1, last - first, C]);
  kernels.share(work, calls);
}

/** Sums or means over neighbouring axes before the last one; their float32 parts are added in double precision. */
function reduction(kernels: Kernels, name: 'Sum' | 'Mean'): WasmKernel {
  const stock = stockKernel(name);
  return wasmKernel(name, (call: WasmCall<{ axis: number | number[]; keepDims: boolean }>) => {
    const { x } = call.inputs;
    const axes = tf.util.parseAxisParam(call.attrs.axis, x.shape);
    const [first, last] = [Math.min(...axes), Math.max(...axes) + 1];
    const C = sizeOf(x.shape.slice(last));
    const isMiddle = axes.length > 0 && axes.length === last - first && C >= 4 && sizeOf(x.shape) > 0;
    if (!isMiddle || !isFloat(call, x)) return stock(call);
    const shape = call.attrs.keepDims
      ? x.shape.map((size, axis) => (axes.includes(axis) ? 1 : size))
      : x.shape.filter((_, axis) => !axes.includes(axis));
    const output = call.backend.makeOutput(shape, 'float32');
    const [outer, length] = [sizeOf(x.shape.slice(0, first)), sizeOf(x.shape.slice(first, last))];
    const parts = ranges(outer, partsFor(kernels, sizeOf(x.shape)), 1);
    const room = Math.ceil(C / 2) * 16;
    const scratch = kernels.scratch(parts.length * room);
    const [from, to] = [offsetOf(call.backend, x), offsetOf(call.backend, output)];
    kernels.share(
      'sumOfRows',
      parts.map((range, thread) => [from, to, length, C, name === 'Sum' ? 1 : 1 / length, ...range, scratch + thread * room]),
    );
    return output;
  });
}
