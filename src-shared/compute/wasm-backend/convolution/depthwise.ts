// Depthwise convolutions, one channel a group, and their gradients by our own WebAssembly
// (assembly/depthwise.ts); output rows, or channels of a filter gradient, are shared between the threads.
import type * as tf from '@tensorflow/tfjs-core';
import type { ConvolutionAttributes } from '../../../model/forward/kernels/own-convolution';
import { offsetOf, sizeOf } from '../heap';
import { partsFor, ranges, type Kernels } from '../instance';
import type { WasmCall } from '../operation';
import { FIELDS, outputShape, writePasses, type Geometry, type Pass } from './convolution-pass';

type Call = WasmCall<ConvolutionAttributes>;

/** Whether every pass is depthwise. */
export function isDepthwise(passes: readonly Geometry[]): boolean {
  return passes.every(({ inputs, outputs }) => inputs === 1 && outputs === 1);
}

const padTo16 = (bytes: number): number => Math.ceil(bytes / 16) * 16;
const tableBytes = (passes: readonly Geometry[]): number => padTo16(passes.length * FIELDS.length * 4);
const taps = ({ kh, kw }: Geometry): number => kh * kw;
const mostTaps = (passes: readonly Geometry[]): number => Math.max(...passes.map(taps));

/** Passes on as many maps each; backward ones are turned and add up. */
export function depthwise(
  kernels: Kernels,
  { backend, inputs }: Call,
  passes: readonly Geometry[],
  sources: readonly tf.TensorInfo[],
  outputs: readonly tf.TensorInfo[],
  isBackward: boolean,
): void {
  const N = sources[0].shape[0];
  const rows = N * passes[0].outH;
  const parts = ranges(rows, partsFor(kernels, sizeOf(outputShape(passes[0], N))), 1);
  const own = padTo16(mostTaps(passes) * 8);
  const head = tableBytes(passes);
  const packed = passes.map((pass) => padTo16(taps(pass) * pass.groups * 4));
  const table = kernels.scratch(head + packed.reduce((sum, bytes) => sum + bytes, 0) + own * parts.length);
  let at = table + head;
  const records = passes.map((pass, i): Pass => {
    kernels.packDepthwise(offsetOf(backend, inputs[`weight${i}`]), at, pass.groups, taps(pass), Number(isBackward));
    const places = { source: offsetOf(backend, sources[i]), weights: at, out: offsetOf(backend, outputs[i]) };
    at += packed[i];
    return { ...pass, ...places, bandRows: pass.outH, isPlaced: 0, adds: Number(isBackward && i > 0) };
  });
  writePasses(backend, records, table);
  kernels.share(
    'depthwise',
    parts.map(([first, last], thread) => [table, passes.length, first, last, at + thread * own]),
  );
}

/** Channels that the assembly computes together. */
const BLOCK = 16;

/** x and per convolution dy -> the gradients of the weights. */
export function depthwiseFilter(
  kernels: Kernels,
  { backend, inputs }: Call,
  passes: readonly Geometry[],
  outputs: readonly tf.TensorInfo[],
): void {
  const parts = ranges(Math.ceil(passes[0].groups / BLOCK), partsFor(kernels, sizeOf(inputs.x.shape)), 1);
  const own = mostTaps(passes) * BLOCK * 4;
  const head = tableBytes(passes);
  const table = kernels.scratch(head + own * parts.length);
  const records = passes.map((pass, i): Pass => {
    const [source, weights, out] = [inputs.x, outputs[i], inputs[`dy${i}`]].map((tensor) => offsetOf(backend, tensor));
    return { ...pass, source, weights, out, bandRows: pass.outH, isPlaced: 0, adds: 0 };
  });
  writePasses(backend, records, table);
  const N = inputs.x.shape[0];
  kernels.share(
    'depthwiseFilter',
    parts.map(([first, last], thread) => [table, passes.length, N, first, last, table + head + thread * own]),
  );
}
