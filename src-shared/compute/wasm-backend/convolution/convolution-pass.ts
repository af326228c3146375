// Convolutions as the passes that our WebAssembly computes: the forward one, and the backward one, which
// correlates dy with the turned weights.
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import type { ConvGeometry, Pair } from '../../../model/spec';
import { integersAt } from '../heap';

/** Fields of assembly/convolution.ts's Pass, in its order. */
export const FIELDS = [
  'source',
  'weights',
  'out',
  'groups',
  'inputs',
  'outputs',
  'kh',
  'kw',
  'dh',
  'dw',
  'sh',
  'sw',
  'top',
  'left',
  'spacingY',
  'spacingX',
  'sourceH',
  'sourceW',
  'outH',
  'outW',
  'bandRows',
  'isPlaced',
  'adds',
] as const;
export type Pass = Record<(typeof FIELDS)[number], number>;

/** What a convolution says about its pass; where the values are, and what is shared with the passes before, comes with the call. */
export type Geometry = Omit<Pass, 'source' | 'weights' | 'out' | 'bandRows' | 'isPlaced' | 'adds'>;

const kernelOf = ({ kernel: [kh, kw], dilation: [dh, dw] }: ConvGeometry) => ({ kh, kw, dh, dw });

function outputSize({ kernel, stride, padding, dilation }: ConvGeometry, size: Pair): [number, number] {
  const along = (axis: 0 | 1): number =>
    Math.floor((size[axis] + 2 * padding[axis] - dilation[axis] * (kernel[axis] - 1) - 1) / stride[axis]) + 1;
  return [along(0), along(1)];
}

export function forwardPass(conv: ConvGeometry, size: Pair): Geometry {
  const [outH, outW] = outputSize(conv, size);
  const [sh, sw] = conv.stride;
  const channels = { groups: conv.groups, inputs: conv.in / conv.groups, outputs: conv.out / conv.groups };
  const placing = { top: conv.padding[0], left: conv.padding[1], spacingY: 1, spacingX: 1, sourceH: size[0], sourceW: size[1] };
  return { ...channels, ...kernelOf(conv), sh, sw, ...placing, outH, outW };
}

export function backwardPass(conv: ConvGeometry, size: Pair): Geometry {
  const { kernel, dilation, padding, stride } = conv;
  const [sourceH, sourceW] = outputSize(conv, size);
  const channels = { groups: conv.groups, inputs: conv.out / conv.groups, outputs: conv.in / conv.groups };
  const [top, left] = [dilation[0] * (kernel[0] - 1) - padding[0], dilation[1] * (kernel[1] - 1) - padding[1]];
  const placing = { top, left, spacingY: stride[0], spacingX: stride[1], sourceH, sourceW };
  return { ...channels, ...kernelOf(conv), sh: 1, sw: 1, ...placing, outH: size[0], outW: size[1] };
}

/** Of the map that a pass computes. */
export function outputShape({ outH, outW, groups, outputs }: Geometry, N: number): number[] {
  return [N, outH, outW, groups * outputs];
}

/** Of a forward pass's weights. */
export function weightShape({ groups, outputs, inputs, kh, kw }: Geometry): number[] {
  return [groups * outputs, inputs, kh, kw];
}

/** Writes passes into the backend's memory. */
export function writePasses(backend: BackendWasm, records: readonly Pass[], offset: number): void {
  integersAt(backend, offset, records.length * FIELDS.length).set(records.flatMap((record) => FIELDS.map((field) => record[field])));
}
