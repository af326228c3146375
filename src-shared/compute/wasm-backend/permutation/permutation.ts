// Transpose on all threads (assembly/permutation.ts): axes that stay neighbours are joined first; what then
// still has more than three outer axes goes to the kernel that was there before.
import type * as tf from '@tensorflow/tfjs-core';
import { integersAt, offsetOf, sizeOf } from '../heap';
import { partsFor, ranges, type Kernels } from '../instance';
import { stockKernel, wasmKernel, type Operation, type WasmCall, type WasmKernel } from '../operation';

export const permutation: Operation = { own: (kernels) => [transpose(kernels)] };

function transpose(kernels: Kernels): WasmKernel {
  const stock = stockKernel('Transpose');
  return wasmKernel('Transpose', (call: WasmCall<{ perm: number[] }>) => {
    const { x } = call.inputs;
    const joined = joinAxes(x.shape, call.attrs.perm);
    const plan = sizeOf(x.shape) > 0 && x.dtype !== 'bool' && x.dtype !== 'string' ? planOf(joined.shape, joined.perm) : null;
    if (!plan) return stock(call);
    const output = call.backend.makeOutput(
      call.attrs.perm.map((axis) => x.shape[axis]),
      x.dtype as 'float32',
    );
    run(kernels, call, plan, output);
    return output;
  });
}

function run(kernels: Kernels, { inputs: { x }, backend }: WasmCall<object>, plan: Plan, output: tf.TensorInfo): void {
  const outer = kernels.scratch(64);
  integersAt(backend, outer, 9).set(plan.outer.flat());
  const blocks = plan.outer.reduce((product, [size]) => product * size, 1);
  const places = [outer, offsetOf(backend, x), offsetOf(backend, output)];
  const calls = ranges(blocks, partsFor(kernels, sizeOf(x.shape)), 1).map((range) => [...places, ...plan.block, ...range]);
  kernels.share('permute', calls);
}

/** Axes that the permutation leaves neighbours become one; axes of size 1 go. */
function joinAxes(shape: readonly number[], perm: readonly number[]): { shape: number[]; perm: number[] } {
  const order = perm.filter((axis) => shape[axis] > 1);
  const groups: number[][] = [];
  for (const axis of order) {
    const last = groups.at(-1)?.at(-1);
    const follows = last !== undefined && axis > last && shape.slice(last + 1, axis).every((size) => size === 1);
    if (follows) groups.at(-1)?.push(axis);
    else groups.push([axis]);
  }
  const sorted = [...groups].sort((a, b) => a[0] - b[0]);
  return { shape: sorted.map((axes) => sizeOf(axes.map((axis) => shape[axis]))), perm: groups.map((group) => sorted.indexOf(group)) };
}

interface Plan {
  /** Three outer axes: size, input stride, output stride. */
  readonly outer: readonly (readonly [number, number, number])[];
  /** R, C, row, outRow, turned, of assembly/permutation.ts. */
  readonly block: readonly number[];
}

/** Elements between neighbours along each axis. */
const stridesOf = (shape: readonly number[]): number[] => shape.map((_, axis) => sizeOf(shape.slice(axis + 1)));

/** An outer axis that is not there. */
const ONCE = [1, 0, 0] as const;

/** null where there are too many axes. */
function planOf(shape: readonly number[], perm: readonly number[]): Plan | null {
  const rank = shape.length;
  const size = sizeOf(shape);
  if (rank < 2) return { outer: [ONCE, ONCE, ONCE], block: [1, size, size, size, 0] };
  const input = stridesOf(shape);
  const permuted = stridesOf(perm.map((axis) => shape[axis]));
  const output = shape.map((_, axis) => permuted[perm.indexOf(axis)]);
  const last = rank - 1;
  const turned = perm[last] !== last;
  const other = turned ? perm[last] : perm[last - 1];
  const rest = shape.map((_, axis) => axis).filter((axis) => axis !== last && axis !== other);
  if (rest.length > 3) return null;
  const outer = rest.map((axis) => [shape[axis], input[axis], output[axis]] as const);
  while (outer.length < 3) outer.unshift(ONCE);
  return { outer, block: [shape[other], shape[last], input[other], turned ? output[last] : output[other], Number(turned)] };
}
