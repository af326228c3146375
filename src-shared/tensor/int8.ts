// Weights as int8 holds them: symmetric, 127 steps to either side of zero, one scale for the whole tensor or one per output channel
// (first axis), ties to even, as ONNX's QuantizeLinear rounds. Invariant: what is returned are the values that int8 stands for.
import { toFloat32 } from './convert';
import { elementCount, floatTensor, type FloatTensor, type Tensor } from './tensor';

/** One scale for all values, or one per output channel. */
export const INT8_SCALES = ['tensor', 'channel'] as const;
export type Int8Scales = (typeof INT8_SCALES)[number];

/** Largest step to either side: -128 is left out, so that signs are treated alike. */
const MOST = 127;

/** The values rounded to int8 and back. Values that are not finite stay as they are. */
export function throughInt8(tensor: Tensor, scales: Int8Scales): FloatTensor {
  const { shape, data } = toFloat32(tensor);
  const rows = scales === 'tensor' || shape.length < 2 ? 1 : shape[0];
  const length = elementCount(shape) / rows;
  const rounded = new Float32Array(data.length);
  for (let row = 0; row < rows; row++) roundRow(data, rounded, row * length, (row + 1) * length);
  return floatTensor(shape, rounded);
}

function roundRow(values: Float32Array, rounded: Float32Array, from: number, end: number): void {
  const scale = Math.fround(largestMagnitude(values, from, end) / MOST);
  for (let i = from; i < end; i++) {
    const step = Math.fround(values[i] / scale);
    rounded[i] = scale === 0 || !Number.isFinite(step) ? values[i] : Math.max(-MOST, Math.min(MOST, roundedToEven(step))) * scale;
  }
}

/** Largest |value| between two places, of the finite ones. */
export function largestMagnitude(values: Float32Array, from = 0, end = values.length): number {
  let largest = 0;
  for (let i = from; i < end; i++) {
    const size = Math.abs(values[i]);
    if (size > largest && size < Infinity) largest = size;
  }
  return largest;
}

function roundedToEven(value: number): number {
  const floor = Math.floor(value);
  const rest = value - floor;
  if (rest !== 0.5) return rest < 0.5 ? floor : floor + 1;
  return floor % 2 === 0 ? floor : floor + 1;
}

/** Signal to noise in dB: 10 log10(signal / noise); Infinity without noise. */
export function decibels(signal: number, noise: number): number {
  return noise === 0 ? Infinity : 10 * Math.log10(signal / noise);
}
