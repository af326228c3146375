// Grouped convolutions and their gradients by our own WebAssembly (assembly/convolution.ts), described to it
// as passes: the forward ones, and the backward ones, which correlate dy with the turned weights.
import type * as tf from '@tensorflow/tfjs-core';
import {
  CONVOLUTION_FILTER_KERNEL,
  CONVOLUTION_INPUT_KERNEL,
  CONVOLUTION_KERNEL,
  type ConvolutionAttributes,
} from '../../../model/forward/kernels/own-convolution';
import { offsetOf } from '../heap';
import { ranges, type Kernels } from '../instance';
import { wasmKernel, type Operation, type WasmCall } from '../operation';
import { backwardPass, FIELDS, forwardPass, outputShape, weightShape, writePasses, type Geometry, type Pass } from './convolution-pass';
import { depthwise, depthwiseFilter, isDepthwise } from './depthwise';
import { isProduct, pointwise, pointwiseFilterGradient, pointwiseInputGradient } from './pointwise';

type Call = WasmCall<ConvolutionAttributes>;

export const convolution: Operation = {
  own: (kernels) => [
    wasmKernel(CONVOLUTION_KERNEL, (call: Call) => forward(kernels, call)),
    wasmKernel(CONVOLUTION_INPUT_KERNEL, (call: Call) => inputGradient(kernels, call)),
    wasmKernel(CONVOLUTION_FILTER_KERNEL, (call: Call) => filterGradient(kernels, call)),
  ],
};

/** Maps (or bands of maps) that the assembly computes side by side. */
const MAPS = 4;
/** Bytes of placed maps that leave room in the second-level cache. */
const PLACED_BYTES = 2 ** 19;
/** A tile that is computed apart. */
const SPARE_BYTES = 160;

const padTo = (value: number, multiple: number): number => Math.ceil(value / multiple) * multiple;
const panelBytes = ({ groups, outputs, kh, kw, inputs }: Geometry): number => groups * padTo(outputs, 8) * kh * kw * inputs * 4;
const mapRows = ({ sourceH, spacingY }: Geometry): number => (sourceH - 1) * spacingY + 1;
const placedRow = ({ sourceW, spacingX, dw, inputs }: Geometry): number => padTo((sourceW - 1) * spacingX + 1, dw) * inputs * MAPS * 4;
/** Rows that `count` output rows look at. */
const rowsSeen = ({ sh, dh, kh }: Geometry, count: number): number => (count - 1) * sh + dh * (kh - 1) + 1;

/** Output rows computed together: all, where there are maps enough and four of them are small; else few enough for four bands a map. */
function bandRowsOf(pass: Geometry, N: number): number {
  const row = placedRow(pass);
  if (N >= MAPS && mapRows(pass) * row <= PLACED_BYTES) return pass.outH;
  const fit = Math.floor((PLACED_BYTES / row - rowsSeen(pass, 1)) / pass.sh) + 1;
  return Math.max(1, Math.min(fit, Math.ceil(pass.outH / Math.ceil(MAPS / N)), pass.outH));
}

/** x and per convolution its weight -> per convolution its output. */
function forward(kernels: Kernels, call: Call): tf.TensorInfo[] {
  const { geometries, size } = call.attrs;
  if (isProduct(call)) return [pointwise(kernels, call)];
  const passes = geometries.map((geometry) => forwardPass(geometry, size));
  const N = call.inputs.x.shape[0];
  const outputs = passes.map((pass) => call.backend.makeOutput(outputShape(pass, N), 'float32'));
  correlate(
    kernels,
    call,
    passes,
    passes.map(() => call.inputs.x),
    outputs,
    false,
  ); // prettier-ignore
  return outputs;
}

/** Per convolution dy and weight -> the gradient of x. */
function inputGradient(kernels: Kernels, call: Call): tf.TensorInfo {
  const { geometries, size } = call.attrs;
  if (isProduct(call)) return pointwiseInputGradient(kernels, call);
  const passes = geometries.map((geometry) => backwardPass(geometry, size));
  const sources = passes.map((_, i) => call.inputs[`dy${i}`]);
  const output = call.backend.makeOutput([sources[0].shape[0], ...size, geometries[0].in], 'float32');
  correlate(
    kernels,
    call,
    passes,
    sources,
    passes.map(() => output),
    true,
  ); // prettier-ignore
  return output;
}

/** Passes on as many maps each; backward ones are turned and add up. */
function correlate(
  kernels: Kernels,
  call: Call,
  passes: readonly Geometry[],
  sources: readonly tf.TensorInfo[],
  outputs: readonly tf.TensorInfo[],
  isBackward: boolean,
): void {
  if (isDepthwise(passes)) {
    depthwise(kernels, call, passes, sources, outputs, isBackward);
    return;
  }
  const [N, { groups, outH, outW }] = [sources[0].shape[0], passes[0]];
  const bandRows = Math.min(...passes.map((pass) => bandRowsOf(pass, N)));
  const isBanded = bandRows < outH;
  const placed = passes.map((pass) => (isBanded ? rowsSeen(pass, bandRows) : mapRows(pass)) * placedRow(pass));
  const own = padTo(SPARE_BYTES + passes.length * (bandRows + outW) * 12 + Math.max(...placed), 16);
  const parts = ranges(Math.ceil((N * Math.ceil(outH / bandRows)) / MAPS) * groups, kernels.threads, 1);
  const head = padTo(passes.length * FIELDS.length * 4, 16);
  const panels = passes.map(panelBytes);
  const room = panels.reduce((sum, bytes) => sum + bytes, head);
  const table = kernels.scratch(room + own * parts.length);
  let weights = table + head;
  const records = passes.map((pass, i): Pass => {
    packPanels(kernels, call, i, pass, weights, isBackward);
    const places = { source: offsetOf(call.backend, sources[i]), weights, out: offsetOf(call.backend, outputs[i]) };
    weights += panels[i];
    const isPlaced = i > 0 && !isBackward && !isBanded && pass.dw === passes[i - 1].dw;
    return { ...pass, ...places, bandRows, isPlaced: Number(isPlaced), adds: Number(isBackward && i > 0) };
  });
  writePasses(call.backend, records, table);
  kernels.share(
    'correlate',
    parts.map(([first, last], thread) => [table, passes.length, N, first, last, table + room + thread * own]),
  );
}

/** Packs the weights of the i-th convolution. */
function packPanels(kernels: Kernels, { backend, inputs }: Call, i: number, pass: Geometry, panels: number, isBackward: boolean): void {
  const taps = pass.kh * pass.kw;
  const strides = isBackward ? [taps, pass.outputs * taps] : [pass.inputs * taps, taps];
  const weight = offsetOf(backend, inputs[`weight${i}`]);
  kernels.packWeights(weight, panels, pass.groups, pass.outputs, pass.inputs, taps, strides[0], strides[1], Number(isBackward));
}

/** x and per convolution dy -> per convolution the gradient of the weight. */
function filterGradient(kernels: Kernels, call: Call): tf.TensorInfo[] {
  const { inputs, backend, attrs } = call;
  if (isProduct(call)) return [pointwiseFilterGradient(kernels, call)];
  const passes = attrs.geometries.map((geometry) => forwardPass(geometry, attrs.size));
  const outputs = passes.map((pass) => backend.makeOutput(weightShape(pass), 'float32'));
  if (isDepthwise(passes)) {
    depthwiseFilter(kernels, call, passes, outputs);
    return outputs;
  }
  const parts = ranges(passes[0].groups * Math.ceil(passes[0].outputs / 8), kernels.threads, 1);
  const own = SPARE_BYTES + Math.max(...passes.map(({ kh, kw, inputs: I }) => kh * kw * padTo(I, 4) * 32));
  const head = padTo(passes.length * FIELDS.length * 4, 16);
  const table = kernels.scratch(head + own * parts.length);
  const records = passes.map((pass, i): Pass => {
    const [source, weights, out] = [inputs.x, outputs[i], inputs[`dy${i}`]].map((tensor) => offsetOf(backend, tensor));
    return { ...pass, source, weights, out, bandRows: pass.outH, isPlaced: 0, adds: 0 };
  });
  writePasses(call.backend, records, table);
  const N = inputs.x.shape[0];
  kernels.share(
    'filterGradient',
    parts.map(([first, last], thread) => [table, passes.length, N, first, last, table + head + thread * own]),
  );
  return outputs;
}
