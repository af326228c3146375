// What someone who saves weights should know about the file: values that are no numbers, and finite values
// that the type they are stored in turns into infinities. Looked at while the tensors pass on their way out.
import { isFloating } from '../tensor/convert';
import type { Tensor } from '../tensor/tensor';
import type { FloatType, TensorEntry } from './entries';

/** From this magnitude on a value rounds to infinity: the largest finite value plus half of its spacing. */
const INFINITE_FROM: Readonly<Record<FloatType, number>> = {
  float64: Infinity,
  float32: (2 - 2 ** -24) * 2 ** 127,
  bfloat16: (2 - 2 ** -8) * 2 ** 127,
  float16: (2 - 2 ** -11) * 2 ** 15,
};
/** Names listed in one warning. */
const LISTED = 5;

/** Entries that are looked at as they are written, and afterwards what there is to say. */
export interface WatchedEntries {
  readonly entries: readonly TensorEntry[];
  /** Complete once every entry was written. */
  warnings(): string[];
}

/** `entries` on their way into a file whose floating tensors get type `dtype` (their own where undefined). */
export function watchStorage(entries: readonly TensorEntry[], dtype?: FloatType): WatchedEntries {
  const broken = new Set<string>();
  const tooLarge = new Set<string>();
  const look = (name: string, tensor: Tensor): Tensor => {
    const limit = INFINITE_FROM[dtype ?? 'float64'];
    const largest = isFloating(tensor.dtype) ? largestMagnitude(tensor) : 0;
    if (!Number.isFinite(largest)) broken.add(name);
    else if (largest >= limit) tooLarge.add(name);
    return tensor;
  };
  return {
    entries: entries.map((entry) => ({ ...entry, load: async () => look(entry.name, await entry.load()) })),
    warnings: () => [
      ...warning([...broken], (names) => `NaN or infinite values in ${names}: the weights are damaged or have diverged`),
      ...warning(
        [...tooLarge],
        (names) => `values in ${names} are too large for ${dtype} and are stored as infinities: choose a wider type`,
      ),
    ],
  };
}

function warning(names: readonly string[], text: (list: string) => string): string[] {
  if (names.length === 0) return [];
  const more = names.length > LISTED ? ` and ${names.length - LISTED} more` : '';
  return [text(names.slice(0, LISTED).join(', ') + more)];
}

/** Largest |value|; not finite where one value is not. Half types are looked at by their exponent bits. */
function largestMagnitude({ dtype, data }: Tensor): number {
  if (dtype === 'float16') return bitsNotFinite(data, 0x7c00) ? NaN : 65504;
  if (dtype === 'bfloat16') return bitsNotFinite(data, 0x7f80) ? NaN : largestBfloat16(data as Uint16Array);
  if (data instanceof Float32Array) return largestFloat32(data);
  let largest = 0;
  for (let i = 0; i < data.length; i++) {
    const size = Math.abs(data[i] as number);
    // Of the comparisons with NaN this one is true.
    if (!(size <= largest)) largest = size;
    if (Number.isNaN(largest)) return NaN;
  }
  return largest;
}

function bitsNotFinite(bits: Tensor['data'], exponent: number): boolean {
  for (let i = 0; i < bits.length; i++) if (((bits[i] as number) & exponent) === exponent) return true;
  return false;
}

/** The magnitude bits of bfloat16 are ordered as the values are; they are the upper half of a float32. */
function largestBfloat16(bits: Uint16Array): number {
  const largest = bits.reduce((most, value) => Math.max(most, value & 0x7fff), 0);
  return new Float32Array(Uint32Array.of(largest << 16).buffer)[0];
}

/** The magnitude bits of float32 are ordered as the values are, infinity and NaN above all numbers: whole numbers compare faster. */
function largestFloat32(data: Float32Array): number {
  const bits = new Uint32Array(data.buffer, data.byteOffset, data.length);
  let largest = 0;
  for (let i = 0; i < bits.length; i++) {
    const magnitude = bits[i] & 0x7fffffff;
    if (magnitude > largest) largest = magnitude;
  }
  return new Float32Array(Uint32Array.of(largest).buffer)[0];
}
