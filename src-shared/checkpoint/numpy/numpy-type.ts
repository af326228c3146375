// NumPy's element types by their codes (`<f4`, `|u1`, `>i8`), for npy files and arrays in pickles alike; and
// from an array's bytes to a tensor: big-endian values are turned round, Fortran order into row-major order.
import { BYTES_PER_ELEMENT, type DType, elementCount, type Tensor } from '../../tensor/tensor';
import { elementsOf, tensorOfBytes } from '../tensor-bytes';
import { gather } from '../torch/window';

/** How an array's values lie in its bytes. */
export interface ArrayLayout {
  readonly dtype: DType;
  readonly shape: readonly number[];
  readonly fortranOrder: boolean;
  readonly bigEndian: boolean;
}

const DTYPE_OF: ReadonlyMap<string, DType> = new Map([
  ['f8', 'float64'],
  ['f4', 'float32'],
  ['f2', 'float16'],
  ['i8', 'int64'],
  ['i4', 'int32'],
  ['i2', 'int16'],
  ['i1', 'int8'],
  ['u1', 'uint8'],
  ['b1', 'bool'],
]);

/** The type of a code with its byte order in front; undefined for types this program does not hold. */
export function numpyType(code: string): Pick<ArrayLayout, 'dtype' | 'bigEndian'> | undefined {
  const dtype = DTYPE_OF.get(code.replace(/^[<>|=]/, ''));
  return dtype && { dtype, bigEndian: code.startsWith('>') && BYTES_PER_ELEMENT[dtype] > 1 };
}

/** Whether arrays of this code are read. */
export function isSupportedCode(code: string): boolean {
  return numpyType(code) !== undefined;
}

/** What an array of a code that is not read is, and what to do. */
export function unreadNumpyType(code: string): string {
  if (code.includes('O')) return 'an array of Python objects, which only running code could read';
  if (code === '') return 'an array of records, which this program does not read; save each field on its own';
  return `an array of type "${code}", which this program does not read; convert it, say to float32`;
}

/** Whether a code stands for whole numbers: those beside the weights are counters. */
export function isIntegerCode(code: string): boolean {
  return /^[<>|=]?[ui]\d+$/.test(code);
}

/** The tensor of an array's values. `bytes` holds exactly the layout's elements. */
export function tensorOfArray({ dtype, shape, fortranOrder, bigEndian }: ArrayLayout, bytes: Uint8Array): Tensor {
  const little = bigEndian ? turnedRound(bytes, BYTES_PER_ELEMENT[dtype]) : bytes;
  if (!fortranOrder || shape.length < 2 || elementCount(shape) === 0) return tensorOfBytes(dtype, shape, little);
  const strides = shape.map((_, axis) => elementCount(shape.slice(0, axis)));
  return { shape, dtype, data: gather(elementsOf(dtype, little), shape, strides) };
}

/** A copy with the bytes of each element in reverse. */
function turnedRound(bytes: Uint8Array, size: number): Uint8Array {
  const copy = bytes.slice();
  for (let at = 0; at + size <= copy.length; at += size) copy.subarray(at, at + size).reverse();
  return copy;
}
