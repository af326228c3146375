// Training-mode batch norm of one or several branches, their results added, and its gradient, by our own
// WebAssembly (assembly/batch-norm.ts). Sums are taken over chunks of rows whatever the number of threads.
import type * as tf from '@tensorflow/tfjs-core';
import { BATCH_NORM_GRADIENT_KERNEL, BATCH_NORM_KERNEL, type BatchNormAttributes } from '../../../model/forward/kernels/own-batch-norm';
import { integersAt, offsetOf, sizeOf } from '../heap';
import { partsFor, ranges, type Kernels } from '../instance';
import { wasmKernel, type Operation, type WasmCall } from '../operation';

type Call = WasmCall<BatchNormAttributes>;

/** Chunks of rows that have their own sums. */
const CHUNKS = 16;
/** Fields of assembly/batch-norm.ts's Branch, in its order. */
const FIELDS = [
  'x',
  'gamma',
  'beta',
  'mean',
  'variance',
  'scale',
  'scaleX',
  'shift',
  'partials',
  'dx',
  'dgamma',
  'dbeta',
  'C',
  'rows',
] as const;
type Branch = Record<(typeof FIELDS)[number], number>;

export const batchNorm: Operation = {
  own: (kernels) => [
    wasmKernel(BATCH_NORM_KERNEL, (call: Call) => forward(kernels, call)),
    wasmKernel(BATCH_NORM_GRADIENT_KERNEL, (call: Call) => backward(kernels, call)),
  ],
};

/** How the branches' values are cut. */
interface Cut {
  /** Values of a branch. */
  readonly size: number;
  /** Values of a unit, a row of the branch with most channels. */
  readonly unit: number;
  readonly units: number;
  /** Units per chunk. */
  readonly length: number;
  readonly chunks: number;
}

function cutOf({ inputs, attrs }: Call): Cut {
  const size = sizeOf(inputs.x0.shape);
  const unit = Math.max(...Array.from({ length: attrs.count }, (_, i) => sizeOf(inputs[`gamma${i}`].shape)));
  const units = size / unit;
  const length = Math.ceil(units / CHUNKS);
  return { size, unit, units, length, chunks: Math.ceil(units / length) };
}

/** Writes the branches into scratch memory, with their vectors behind them. Returns the table's place. */
function writeTable(kernels: Kernels, { backend, attrs }: Call, cut: Cut, tensorsOf: (i: number) => Record<string, tf.TensorInfo>): number {
  const tensors = Array.from({ length: attrs.count }, (_, i) => tensorsOf(i));
  const channels = tensors.map(({ gamma }) => sizeOf(gamma.shape));
  const head = Math.ceil((attrs.count * FIELDS.length * 4) / 16) * 16;
  const bytes = (C: number): number => Math.ceil(C / 4) * 48 + cut.chunks * C * 16;
  const table = kernels.scratch(head + channels.reduce((sum, C) => sum + bytes(C), 0));
  let at = table + head;
  const records = tensors.map((own, i): Branch => {
    const C = channels[i];
    const vector = Math.ceil(C / 4) * 16;
    const places = Object.fromEntries(Object.entries(own).map(([name, tensor]) => [name, offsetOf(backend, tensor)]));
    const none = { beta: 0, mean: 0, variance: 0, dx: 0, dgamma: 0, dbeta: 0 };
    const room = { scale: at, scaleX: at + vector, shift: at + 2 * vector, partials: at + 3 * vector };
    at += bytes(C);
    return { ...none, ...room, C, rows: cut.unit / C, ...places } as Branch;
  });
  integersAt(backend, table, attrs.count * FIELDS.length).set(records.flatMap((record) => FIELDS.map((field) => record[field])));
  return table;
}

/** Per branch i: x, gamma, beta -> the sum y, then per branch its mean and biased variance. */
function forward(kernels: Kernels, call: Call): tf.TensorInfo[] {
  const { inputs, attrs, backend } = call;
  const cut = cutOf(call);
  const y = backend.makeOutput(inputs.x0.shape, 'float32');
  const statistics = Array.from({ length: attrs.count }, (_, i) => {
    const shape = inputs[`gamma${i}`].shape;
    return { mean: backend.makeOutput(shape, 'float32'), variance: backend.makeOutput(shape, 'float32') };
  });
  const named = (i: number) => ({ x: inputs[`x${i}`], gamma: inputs[`gamma${i}`], beta: inputs[`beta${i}`], ...statistics[i] });
  const table = writeTable(kernels, call, cut, named);
  const parts = partsFor(kernels, cut.size);
  const chunks = ranges(cut.chunks, parts, 1);
  kernels.share(
    'momentsOfBranches',
    chunks.map((range) => [table, attrs.count, cut.units, cut.length, ...range]),
  );
  for (let i = 0; i < attrs.count; i++)
    kernels.finishMoments(table, i, cut.chunks, cut.size / sizeOf(named(i).gamma.shape), attrs.epsilons[i]);
  const to = offsetOf(backend, y);
  kernels.share(
    'normaliseBranches',
    ranges(cut.units, parts, 1).map((range) => [table, attrs.count, to, Number(attrs.relu), ...range]),
  );
  return [y, ...statistics.flatMap(({ mean, variance }) => [mean, variance])];
}

/** dy, with a ReLU its output y, and per branch x, gamma, mean, variance -> per branch dx, dgamma, dbeta. */
function backward(kernels: Kernels, call: Call): tf.TensorInfo[] {
  const { inputs, attrs, backend } = call;
  const cut = cutOf(call);
  const outputs = Array.from({ length: attrs.count }, (_, i) => {
    const [rows, vector] = [inputs[`x${i}`].shape, inputs[`gamma${i}`].shape];
    const make = (shape: number[]): tf.TensorInfo => backend.makeOutput(shape, 'float32');
    return { dx: make(rows), dgamma: make(vector), dbeta: make(vector) };
  });
  const own = (i: number) => ({
    x: inputs[`x${i}`],
    gamma: inputs[`gamma${i}`],
    mean: inputs[`mean${i}`],
    variance: inputs[`variance${i}`],
  });
  const table = writeTable(kernels, call, cut, (i) => ({ ...own(i), ...outputs[i] }));
  const [dy, y] = [offsetOf(backend, inputs.dy), attrs.relu ? offsetOf(backend, inputs.y) : 0];
  const parts = partsFor(kernels, cut.size);
  const chunks = ranges(cut.chunks, parts, 1);
  kernels.share(
    'gradientSums',
    chunks.map((range) => [table, attrs.count, dy, y, cut.units, cut.length, ...range]),
  );
  for (let i = 0; i < attrs.count; i++)
    kernels.finishGradient(table, i, cut.chunks, cut.size / sizeOf(own(i).gamma.shape), attrs.epsilons[i]);
  kernels.share(
    'gradientBranches',
    ranges(cut.units, parts, 1).map((range) => [table, attrs.count, dy, y, ...range]),
  );
  return outputs.flatMap(({ dx, dgamma, dbeta }) => [dx, dgamma, dbeta]);
}
