// NumPy's array format: magic, version, a Python literal that gives type, order and shape, then the
// values. Arrays in Fortran order are turned into row-major order when read.
import { type DType, elementCount, type Tensor } from '../tensor/tensor';
import { quoted, refuse } from './refuse';
import { elementsOf, latin1Text, tensorOfBytes, viewOf } from './tensor-bytes';
import { gather } from './torch/window';

/** What an npy header says. */
export interface NpyHeader {
  readonly dtype: DType;
  readonly shape: readonly number[];
  readonly fortranOrder: boolean;
  /** Where the values begin. */
  readonly dataStart: number;
}

export const NPY_MAGIC = '\x93NUMPY';
/** Enough for every header NumPy writes for plain arrays; longer ones are read again at full length. */
export const NPY_FIRST_READ = 512;

const DTYPE_OF: ReadonlyMap<string, DType> = new Map([
  ['<f8', 'float64'],
  ['<f4', 'float32'],
  ['<f2', 'float16'],
  ['<i8', 'int64'],
  ['<i4', 'int32'],
  ['<i2', 'int16'],
  ['|i1', 'int8'],
  ['<i1', 'int8'],
  ['|u1', 'uint8'],
  ['<u1', 'uint8'],
  ['|b1', 'bool'],
  ['<b1', 'bool'],
]);

/** Length of the whole header (magic to the first value) of an npy file, from its first 12 bytes. */
export function npyHeaderLength(start: Uint8Array): number {
  if (start.length < 12 || latin1Text(start.subarray(0, 6)) !== NPY_MAGIC) refuse('is damaged: an array in it is not in npy format');
  const major = start[6];
  if (major < 1 || major > 3) refuse(`holds an array in npy version ${major}; 1 to 3 are read`);
  return major === 1 ? 10 + viewOf(start).getUint16(8, true) : 12 + viewOf(start).getUint32(8, true);
}

/** Parses a complete header. Throws UserError for arrays that are no plain numbers. */
export function parseNpyHeader(bytes: Uint8Array, name: string): NpyHeader {
  const dataStart = npyHeaderLength(bytes);
  const text = latin1Text(bytes.subarray(bytes[6] === 1 ? 10 : 12, dataStart));
  const type = /'descr'\s*:\s*'([^']{1,16})'/.exec(text)?.[1];
  const order = /'fortran_order'\s*:\s*(True|False)/.exec(text)?.[1];
  const sizes = /'shape'\s*:\s*\(([\d\s,L]*)\)/.exec(text)?.[1];
  if (type === undefined || order === undefined || sizes === undefined)
    return refuse(`holds ${quoted(name)}, which is not an array of plain numbers`);
  const shape = sizes
    .split(',')
    .map((size) => size.trim().replace(/L$/, ''))
    .filter((size) => size !== '')
    .map(Number);
  if (shape.length > 64 || ![...shape, elementCount(shape)].every(Number.isSafeInteger))
    refuse(`is damaged: array ${quoted(name)} has an impossible shape`);
  return { dtype: dtypeOf(type, name), shape, fortranOrder: order === 'True', dataStart };
}

function dtypeOf(type: string, name: string): DType {
  const dtype = DTYPE_OF.get(type);
  if (dtype) return dtype;
  if (type.startsWith('>'))
    refuse(`holds array ${quoted(name)} in big-endian order (${type}); save it little-endian: array.astype(array.dtype.newbyteorder("<"))`);
  if (type.includes('O')) refuse(`holds array ${quoted(name)} of Python objects, which only running code could read`);
  return refuse(`holds array ${quoted(name)} of type ${quoted(type)}, which this program does not read; convert it, say to float32`);
}

/** The tensor of an array's values. `bytes` holds exactly the header's elements. */
export function tensorOfNpy({ dtype, shape, fortranOrder }: NpyHeader, bytes: Uint8Array): Tensor {
  if (!fortranOrder || shape.length < 2 || elementCount(shape) === 0) return tensorOfBytes(dtype, shape, bytes);
  const strides = shape.map((_, axis) => elementCount(shape.slice(0, axis)));
  return { shape, dtype, data: gather(elementsOf(dtype, bytes), shape, strides) };
}
