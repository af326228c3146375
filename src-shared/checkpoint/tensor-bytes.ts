// Between the bytes of a file and the values of a tensor. Checkpoint files are little-endian, and so
// is every machine this program runs on: the bytes are the array.
import { BYTES_PER_ELEMENT, type DType, elementCount, type Tensor, type TensorData } from '../tensor/tensor';

type ArrayOf = new (buffer: ArrayBufferLike, byteOffset: number, length: number) => TensorData;

const ARRAY_OF: Readonly<Record<DType, ArrayOf>> = {
  float64: Float64Array,
  float32: Float32Array,
  float16: Uint16Array,
  bfloat16: Uint16Array,
  int64: BigInt64Array,
  int32: Int32Array,
  int16: Int16Array,
  int8: Int8Array,
  uint8: Uint8Array,
  bool: Uint8Array,
};

/** The bytes as elements of `dtype`; copied only where their address does not suit the element size. */
export function elementsOf(dtype: DType, bytes: Uint8Array): TensorData {
  const size = BYTES_PER_ELEMENT[dtype];
  const aligned = bytes.byteOffset % size === 0 ? bytes : new Uint8Array(bytes);
  return new ARRAY_OF[dtype](aligned.buffer, aligned.byteOffset, Math.floor(aligned.length / size));
}

/** A row-major tensor of little-endian bytes; `bytes` must hold exactly the shape's elements. */
export function tensorOfBytes(dtype: DType, shape: readonly number[], bytes: Uint8Array): Tensor {
  return { shape, dtype, data: elementsOf(dtype, bytes) };
}

/** The little-endian bytes of a tensor's values: a view, not a copy. */
export function bytesOfTensor(tensor: Tensor): Uint8Array {
  const { data } = tensor;
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}

/** Bytes a tensor of this type and shape takes. */
export function byteLengthOf(dtype: DType, shape: readonly number[]): number {
  return elementCount(shape) * BYTES_PER_ELEMENT[dtype];
}

/** A 64-bit unsigned little-endian number; beyond 2^53 it is only approximately right, which every size check refuses anyway. */
export function uint64At(view: DataView, offset: number): number {
  return view.getUint32(offset, true) + view.getUint32(offset + 4, true) * 2 ** 32;
}

/** A DataView over the same bytes. */
export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

const strictUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Arguments a call takes everywhere. */
const CHARACTERS_AT_ONCE = 8192;

/**
 * Bytes as Latin-1 text, each byte the character of its number: never fails. A TextDecoder called latin1 is
 * by its standard one for windows-1252, and so in browsers and from Node 23 on.
 */
export function latin1Text(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += CHARACTERS_AT_ONCE) text += String.fromCharCode(...bytes.subarray(at, at + CHARACTERS_AT_ONCE));
  return text;
}

/** Bytes as UTF-8 text, or undefined if they are not. */
export function utf8Text(bytes: Uint8Array): string | undefined {
  try {
    return strictUtf8.decode(bytes);
  } catch {
    return undefined;
  }
}
