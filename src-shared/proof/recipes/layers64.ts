// Layers in double precision for running the training form of a block: convolution, batch norm, channel factors. Maps are
// (N, C, H, W) or (N, I). Invariants: groups follow from the channels that arrive and those a kernel reads; what takes long is a
// sequence that gives way in between, so that whoever runs it stays awake.
import { rowLength, type AffineMap } from '../../merge/recipes/algebra/affine-map';
import { elementCount, shapeText } from '../../tensor/tensor';

/** A dense array of doubles, batch first. */
export interface Array64 {
  readonly shape: readonly number[];
  readonly data: Float64Array;
}

/** How a kernel meets its map: dilation, and whether zeros are padded so that the size stays (half the kernel, also where it is even). */
export interface Window {
  readonly dilation: number;
  readonly padded: boolean;
}

export const SAME: Window = { dilation: 1, padded: true };

/** Something that is being computed: it gives way by yielding, and comes to an array. */
export type Running = Generator<undefined, Array64>;

/** Multiply-accumulates, or values, between two yields: some ten milliseconds. */
const WORK_AT_ONCE = 2 ** 23;

/** All values of a map. */
export function* rowsOfMap(map: AffineMap): Generator<undefined, Float64Array> {
  const [outputs, length] = [map.shape[0], Math.max(1, rowLength(map))];
  const values = new Float64Array(outputs * length);
  const step = Math.max(1, Math.floor(WORK_AT_ONCE / length));
  for (let from = 0; from < outputs; from += step) {
    if (from > 0) yield;
    const to = Math.min(outputs, from + step);
    map.fill(values.subarray(from * length, to * length), from, to);
  }
  return values;
}

/** y = K * x + b at stride 1. Throws RangeError where the channels do not fit. */
export function* convolve(
  x: Array64,
  weight: Float64Array,
  shape: readonly number[],
  bias: Float64Array | null,
  { dilation, padded }: Window,
): Running {
  const [N, inputs, H, W] = asMap(x).shape;
  const [O, C] = shape;
  const [K, L] = shape.length === 4 ? [shape[2], shape[3]] : [1, 1];
  const groups = inputs / C;
  if (!Number.isInteger(groups) || O % groups !== 0)
    throw new RangeError(`a kernel of shape ${shapeText(shape)} does not read ${inputs} channels`);
  const [spanH, spanW] = [dilation * (K - 1), dilation * (L - 1)];
  const [top, left] = padded ? [Math.floor(spanH / 2), Math.floor(spanW / 2)] : [0, 0];
  const [outH, outW] = padded ? [H, W] : [H - spanH, W - spanW];
  const data = new Float64Array(N * O * outH * outW);
  const workOfOutput = C * K * L * outH * outW;
  for (let n = 0, work = 0; n < N; n++) {
    for (let o = 0; o < O; o++) {
      work += workOfOutput;
      if (work > WORK_AT_ONCE) {
        yield;
        work = 0;
      }
      const plane = data.subarray((n * O + o) * outH * outW, (n * O + o + 1) * outH * outW);
      if (bias) plane.fill(bias[o]);
      for (let c = 0; c < C; c++) {
        const channel = n * inputs + Math.floor(o / (O / groups)) * C + c;
        const input = x.data.subarray(channel * H * W, (channel + 1) * H * W);
        const kernel = weight.subarray((o * C + c) * K * L, (o * C + c + 1) * K * L);
        addTaps(plane, input, kernel, { H, W, outH, outW, K, L, dilation, top, left });
      }
    }
  }
  return { shape: x.shape.length === 4 ? [N, O, outH, outW] : [N, O], data };
}

interface Taps {
  readonly H: number;
  readonly W: number;
  readonly outH: number;
  readonly outW: number;
  readonly K: number;
  readonly L: number;
  readonly dilation: number;
  readonly top: number;
  readonly left: number;
}

function addTaps(
  plane: Float64Array,
  input: Float64Array,
  kernel: Float64Array,
  { H, W, outH, outW, K, L, dilation, top, left }: Taps,
): void {
  for (let u = 0; u < K; u++) {
    for (let v = 0; v < L; v++) {
      const factor = kernel[u * L + v];
      const [dy, dx] = [u * dilation - top, v * dilation - left];
      const [firstJ, endJ] = [Math.max(0, -dx), Math.min(outW, W - dx)];
      for (let i = Math.max(0, -dy); i < Math.min(outH, H - dy); i++) {
        for (let j = firstJ; j < endJ; j++) plane[i * outW + j] += factor * input[(i + dy) * W + j + dx];
      }
    }
  }
}

function asMap(x: Array64): Array64 {
  return x.shape.length === 4 ? x : { shape: [x.shape[0], x.shape[1], 1, 1], data: x.data };
}

/** scale x + shift, channel by channel; shift may be null. */
export function affine(x: Array64, scale: Float64Array | null, shift: Float64Array | null): Array64 {
  const [N, C] = x.shape;
  const area = elementCount(x.shape.slice(2));
  const data = new Float64Array(x.data.length);
  for (let plane = 0, at = 0; plane < N * C; plane++) {
    const [t, b] = [scale ? scale[plane % C] : 1, shift ? shift[plane % C] : 0];
    for (const end = at + area; at < end; at++) data[at] = t * x.data[at] + b;
  }
  return { shape: x.shape, data };
}

/** a + factor b. */
export function combined(a: Array64, b: Array64, factor = 1): Array64 {
  return { shape: a.shape, data: a.data.map((value, i) => value + factor * b.data[i]) };
}

/** x with `margin` zeros around every map. */
export function zeroPadded(x: Array64, [top, left]: readonly [number, number]): Array64 {
  const [N, C, H, W] = x.shape;
  const [outH, outW] = [H + 2 * top, W + 2 * left];
  const data = new Float64Array(N * C * outH * outW);
  for (let plane = 0; plane < N * C; plane++) {
    for (let i = 0; i < H; i++)
      data.set(x.data.subarray((plane * H + i) * W, (plane * H + i + 1) * W), (plane * outH + i + top) * outW + left);
  }
  return { shape: [N, C, outH, outW], data };
}

/** Channels from..to-1. */
export function channels(x: Array64, from: number, to: number): Array64 {
  const [N, C] = x.shape;
  const area = elementCount(x.shape.slice(2));
  const data = new Float64Array(N * (to - from) * area);
  for (let n = 0; n < N; n++) data.set(x.data.subarray((n * C + from) * area, (n * C + to) * area), n * (to - from) * area);
  return { shape: [N, to - from, ...x.shape.slice(2)], data };
}

/** x as channels from.. of `count`, zeros in the others. */
export function placedAmong(x: Array64, from: number, count: number): Array64 {
  const [N, C] = x.shape;
  const area = elementCount(x.shape.slice(2));
  const data = new Float64Array(N * count * area);
  for (let n = 0; n < N; n++) data.set(x.data.subarray(n * C * area, (n + 1) * C * area), (n * count + from) * area);
  return { shape: [N, count, ...x.shape.slice(2)], data };
}
