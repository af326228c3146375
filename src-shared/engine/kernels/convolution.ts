// Grouped convolution and its gradients by our own WebAssembly (assembly/convolution.ts), described to it
// as passes: the forward one, and the backward one, which correlates dy with the turned weights.
import type * as tf from '@tensorflow/tfjs-core';
import type { ConvolutionAttributes } from '../../model/forward/own-convolution';
import { integersAt, offsetOf, sizeOf } from '../wasm/heap';
import type { WasmCall } from '../wasm/register';
import { ranges, type Kernels } from './instance';

type Call = WasmCall<ConvolutionAttributes>;

/** Fields of assembly/convolution.ts's Pass, in its order. */
const FIELDS = [
  'groups',
  'inputs',
  'outputs',
  'kh',
  'kw',
  'dh',
  'dw',
  'sh',
  'sw',
  'rows',
  'columns',
  'top',
  'left',
  'spacingY',
  'spacingX',
  'sourceH',
  'sourceW',
  'outH',
  'outW',
] as const;
type Pass = Record<(typeof FIELDS)[number], number>;

/** Room for a Pass at the start of scratch memory, and for a spare tile after it. */
const PASS_BYTES = 128;
const SPARE_BYTES = 128;

const kernelOf = ({ kernel: [kh, kw], dilation: [dh, dw] }: ConvolutionAttributes) => ({ kh, kw, dh, dw });

function outputSize({ kernel, stride, padding, dilation, size }: ConvolutionAttributes): [number, number] {
  const along = (axis: 0 | 1): number =>
    Math.floor((size[axis] + 2 * padding[axis] - dilation[axis] * (kernel[axis] - 1) - 1) / stride[axis]) + 1;
  return [along(0), along(1)];
}

/** The padded map that `out` pixels, `stride` apart, look at. */
function mapSize({ kernel, dilation }: ConvolutionAttributes, [outH, outW]: readonly number[], [sh, sw]: readonly number[]) {
  return { rows: (outH - 1) * sh + dilation[0] * (kernel[0] - 1) + 1, columns: (outW - 1) * sw + dilation[1] * (kernel[1] - 1) + 1 };
}

function forwardPass(conv: ConvolutionAttributes): Pass {
  const [outH, outW] = outputSize(conv);
  const [sh, sw] = conv.stride;
  const channels = { groups: conv.groups, inputs: conv.in / conv.groups, outputs: conv.out / conv.groups };
  const placing = { top: conv.padding[0], left: conv.padding[1], spacingY: 1, spacingX: 1, sourceH: conv.size[0], sourceW: conv.size[1] };
  return { ...channels, ...kernelOf(conv), sh, sw, ...mapSize(conv, [outH, outW], conv.stride), ...placing, outH, outW };
}

function backwardPass(conv: ConvolutionAttributes): Pass {
  const { kernel, dilation, padding, stride } = conv;
  const [sourceH, sourceW] = outputSize(conv);
  const [outH, outW] = conv.size;
  const channels = { groups: conv.groups, inputs: conv.out / conv.groups, outputs: conv.in / conv.groups };
  const [top, left] = [dilation[0] * (kernel[0] - 1) - padding[0], dilation[1] * (kernel[1] - 1) - padding[1]];
  const placing = { top, left, spacingY: stride[0], spacingX: stride[1], sourceH, sourceW };
  return { ...channels, ...kernelOf(conv), sh: 1, sw: 1, ...mapSize(conv, conv.size, [1, 1]), ...placing, outH, outW };
}

const padTo = (value: number, multiple: number): number => Math.ceil(value / multiple) * multiple;
const mapBytes = ({ rows, columns, inputs }: Pass): number => padTo((rows * columns * inputs + 8) * 4, 16);
const panelBytes = ({ groups, outputs, kh, kw, inputs }: Pass): number => groups * padTo(outputs, 8) * kh * kw * inputs * 4;

/** Sums of the filter gradient for `width` outputs: four rows at a time over each run of a window's values. */
function sumBytes({ kh, kw, dw, inputs }: Pass, width: number): number {
  const [runs, length] = dw === 1 ? [1, kw * inputs] : [kw, inputs];
  return kh * runs * padTo(length, 4) * width * 4;
}

/** Writes a pass into the backend's memory. */
function writePass({ backend }: Call, pass: Pass, offset: number): void {
  integersAt(backend, offset, FIELDS.length).set(FIELDS.map((field) => pass[field]));
}

/** x (N, H, W, C), weight -> (N, H', W', O). */
export function convolution(kernels: Kernels, call: Call): tf.TensorInfo {
  const pass = forwardPass(call.attrs);
  const taps = pass.kh * pass.kw;
  return correlate(kernels, call, call.inputs.x, pass, [pass.inputs * taps, taps], false);
}

/** dy, weight -> the gradient of x. */
export function inputGradient(kernels: Kernels, call: Call): tf.TensorInfo {
  const pass = backwardPass(call.attrs);
  const taps = pass.kh * pass.kw;
  return correlate(kernels, call, call.inputs.dy, pass, [taps, pass.outputs * taps], true);
}

/** `strides`: of an output and of an input channel in the stored weights. */
function correlate(kernels: Kernels, call: Call, source: tf.TensorInfo, pass: Pass, strides: number[], turned: boolean): tf.TensorInfo {
  const { backend, inputs } = call;
  const N = source.shape[0];
  const { groups, outputs, kh, kw } = pass;
  const output = backend.makeOutput([N, pass.outH, pass.outW, groups * outputs], 'float32');
  const own = SPARE_BYTES + mapBytes(pass);
  const parts = ranges(N, kernels.threads, 1);
  const at = kernels.scratch(PASS_BYTES + panelBytes(pass) + own * parts.length);
  const [panels, scratch] = [at + PASS_BYTES, at + PASS_BYTES + panelBytes(pass)];
  writePass(call, pass, at);
  kernels.packWeights(offsetOf(backend, inputs.weight), panels, groups, outputs, pass.inputs, kh * kw, strides[0], strides[1], turned);
  const [from, to] = [offsetOf(backend, source), offsetOf(backend, output)];
  kernels.share(
    'correlate',
    parts.map(([first, last], thread) => [at, from, panels, to, first, last, scratch + thread * own]),
  );
  return output;
}

/** dy, x -> the gradient of the weight. */
export function filterGradient(kernels: Kernels, call: Call): tf.TensorInfo {
  const { inputs, backend, attrs } = call;
  const pass = forwardPass(attrs);
  const { groups, outputs, kh, kw, outH, outW } = pass;
  const output = backend.makeOutput([attrs.out, pass.inputs, kh, kw], 'float32');
  const blocks = Math.ceil(outputs / 8);
  const parts = ranges(groups * blocks, kernels.threads, 1);
  const width = 8 * Math.min(blocks, parts[0][1]);
  const own = mapBytes(pass) + sizeOf([outH, outW, width]) * 4 + sumBytes(pass, width);
  const at = kernels.scratch(PASS_BYTES + own * parts.length);
  writePass(call, pass, at);
  const [x, dy, dw] = [inputs.x, inputs.dy, output].map((tensor) => offsetOf(backend, tensor));
  const N = inputs.x.shape[0];
  kernels.share(
    'filterGradient',
    parts.map(([first, last], thread) => [at, x, dy, dw, N, first, last, at + PASS_BYTES + thread * own]),
  );
  return output;
}
