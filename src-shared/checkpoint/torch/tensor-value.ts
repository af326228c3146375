// A tensor as PyTorch pickles it: a window (offset, sizes, strides) on a storage that lies elsewhere
// in the file. Invariant: the window lies inside its storage.
import { BYTES_PER_ELEMENT, type DType } from '../../tensor/tensor';

/** A typed view of one storage of the file. */
export class StorageValue {
  constructor(
    /** The storage's name in the file. */
    readonly key: string,
    /** Element type; null for an untyped storage, whose elements are bytes. */
    readonly dtype: StoredType | null,
    /** Elements of the whole storage. */
    readonly elements: number,
    /** First element of this view (old files pickle views of storages). */
    readonly start: number,
  ) {}

  get byteLength(): number {
    return this.elements * (this.dtype === null ? 1 : itemSize(this.dtype));
  }
}

/** A window on a storage; offset and strides count elements of `dtype`. */
export class TensorValue {
  constructor(
    readonly storage: StorageValue,
    readonly dtype: StoredType,
    readonly offset: number,
    readonly shape: readonly number[],
    readonly strides: readonly number[],
  ) {}
}

/** An element type by PyTorch's name; those outside DType are recognised so that they can be refused by name. */
export type StoredType = DType | UnsupportedType;
export type UnsupportedType = keyof typeof UNSUPPORTED_SIZES;

const UNSUPPORTED_SIZES = {
  complex32: 4,
  complex64: 8,
  complex128: 16,
  qint8: 1,
  quint8: 1,
  qint32: 4,
  quint4x2: 1,
  quint2x4: 1,
  uint16: 2,
  uint32: 4,
  uint64: 8,
  float8_e4m3fn: 1,
  float8_e5m2: 1,
  float8_e4m3fnuz: 1,
  float8_e5m2fnuz: 1,
} as const;

/** Bytes of one element. */
export function itemSize(dtype: StoredType): number {
  return isSupported(dtype) ? BYTES_PER_ELEMENT[dtype] : UNSUPPORTED_SIZES[dtype];
}

/** Whether tensors of this type can be read. */
export function isSupported(dtype: StoredType): dtype is DType {
  return dtype in BYTES_PER_ELEMENT;
}

/** The type PyTorch calls by this name (`float32`, `half`), if it is one. */
export function typeNamed(name: string): StoredType | undefined {
  const canonical = ALIASES.get(name) ?? name;
  return Object.hasOwn(BYTES_PER_ELEMENT, canonical) || Object.hasOwn(UNSUPPORTED_SIZES, canonical) ? (canonical as StoredType) : undefined;
}

const ALIASES: ReadonlyMap<string, string> = new Map([
  ['double', 'float64'],
  ['float', 'float32'],
  ['half', 'float16'],
  ['long', 'int64'],
  ['int', 'int32'],
  ['short', 'int16'],
  ['cfloat', 'complex64'],
  ['cdouble', 'complex128'],
]);

/** Element type of each of PyTorch's storage classes; null for the untyped one. */
export const STORAGE_CLASSES: ReadonlyMap<string, StoredType | null> = new Map([
  ['DoubleStorage', 'float64'],
  ['FloatStorage', 'float32'],
  ['HalfStorage', 'float16'],
  ['BFloat16Storage', 'bfloat16'],
  ['LongStorage', 'int64'],
  ['IntStorage', 'int32'],
  ['ShortStorage', 'int16'],
  ['CharStorage', 'int8'],
  ['ByteStorage', 'uint8'],
  ['BoolStorage', 'bool'],
  ['ComplexFloatStorage', 'complex64'],
  ['ComplexDoubleStorage', 'complex128'],
  ['QInt8Storage', 'qint8'],
  ['QUInt8Storage', 'quint8'],
  ['QInt32Storage', 'qint32'],
  ['QUInt4x2Storage', 'quint4x2'],
  ['QUInt2x4Storage', 'quint2x4'],
  ['UntypedStorage', null],
  ['_UntypedStorage', null],
] as const);
