// Conversion between element types. Widening is exact; narrowing rounds to nearest, ties to even,
// as PyTorch does.
import type { DType, FloatTensor, Tensor, TensorData } from './tensor';

const scratchFloat = new Float32Array(1);
const scratchBits = new Uint32Array(scratchFloat.buffer);

/** Value of an IEEE 754 half-precision bit pattern (exact in float32). */
export function halfToFloat(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction ? NaN : sign * Infinity;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/** Nearest half-precision bit pattern of a float32 (other numbers are rounded to float32 first, as PyTorch does), ties to even; overflow gives infinity. */
export function floatToHalf(value: number): number {
  scratchFloat[0] = value;
  return halfOfFloatBits(scratchBits[0]);
}

/** Smallest float32 patterns that round to infinity, that are normal, and that do not round to zero, in half precision. */
const HALF_OVERFLOW = 0x477ff000; // 65520
const HALF_NORMAL = 0x38800000; // 2^-14
const HALF_NONZERO = 0x33000000; // 2^-25

function halfOfFloatBits(bits: number): number {
  const sign = (bits >>> 16) & 0x8000;
  const magnitude = bits & 0x7fffffff;
  if (magnitude > 0x7f800000) return sign | 0x7e00;
  if (magnitude >= HALF_OVERFLOW) return sign | 0x7c00;
  if (magnitude < HALF_NONZERO) return sign;
  if (magnitude >= HALF_NORMAL) return sign | ((magnitude + 0xfff + ((magnitude >>> 13) & 1) - 0x38000000) >>> 13);
  // A multiple of 2^-24: shift the significand there, rounding to nearest, ties to even.
  const shift = 126 - (magnitude >>> 23);
  const significand = (magnitude & 0x7fffff) | 0x800000;
  const floor = significand >>> shift;
  const rest = significand & ((1 << shift) - 1);
  const half = 1 << (shift - 1);
  return sign | (rest > half || (rest === half && floor % 2 === 1) ? floor + 1 : floor);
}

/** Value of a bfloat16 bit pattern (the upper half of a float32). */
export function bfloat16ToFloat(bits: number): number {
  scratchBits[0] = bits << 16;
  return scratchFloat[0];
}

/** Nearest bfloat16 bit pattern of a number (rounded to float32 first, as PyTorch does), ties to even. */
export function floatToBfloat16(value: number): number {
  scratchFloat[0] = value;
  return bfloat16OfFloatBits(scratchBits[0]);
}

function bfloat16OfFloatBits(bits: number): number {
  if ((bits & 0x7fffffff) > 0x7f800000) return ((bits >>> 16) & 0x8000) | 0x7fc0;
  return (bits + 0x7fff + ((bits >>> 16) & 1)) >>> 16;
}

/** The tensor as float32 (the same object if it is float32 already). float64 and int64 are rounded to nearest. */
export function toFloat32(tensor: Tensor): FloatTensor {
  if (tensor.dtype === 'float32') return tensor as FloatTensor;
  return { shape: tensor.shape, dtype: 'float32', data: widenTo(Float32Array, tensor) };
}

/** The tensor's values as doubles; exact for every type but int64 beyond 2^53. */
export function toFloat64(tensor: Tensor): Float64Array {
  if (tensor.dtype === 'float64') return tensor.data as Float64Array;
  return widenTo(Float64Array, tensor);
}

/** The tensor's values as numbers: float32 and float64 as they lie there, others as doubles (exact but for int64 beyond 2^53). */
export function toNumbers(tensor: Tensor): Float32Array | Float64Array {
  return tensor.data instanceof Float32Array ? tensor.data : toFloat64(tensor);
}

type WideArray<A> = (new (length: number) => A) & (new (values: ArrayLike<number>) => A);

function widenTo<A extends Float32Array | Float64Array>(ArrayType: WideArray<A>, { dtype, data }: Tensor): A {
  if (!(data instanceof BigInt64Array) && dtype !== 'float16' && dtype !== 'bfloat16') return new ArrayType(data);
  const values = new ArrayType(data.length);
  const valueOf = elementReader(dtype, data);
  for (let i = 0; i < values.length; i++) values[i] = valueOf(i);
  return values;
}

function elementReader(dtype: DType, data: TensorData): (index: number) => number {
  if (dtype === 'float16') {
    const halves = halfValues();
    return (i) => halves[data[i] as number];
  }
  if (dtype === 'bfloat16') return (i) => bfloat16ToFloat(data[i] as number);
  return (i) => Number(data[i]);
}

let halfTable: Float32Array | undefined;

/** The values of all 65536 half-precision patterns. */
function halfValues(): Float32Array {
  return (halfTable ??= Float32Array.from({ length: 65536 }, (_, bits) => halfToFloat(bits)));
}

/** The tensor in a floating type; float16 and bfloat16 round to nearest, ties to even. Throws TypeError for integer tensors. */
export function toFloatType(tensor: Tensor, dtype: 'float64' | 'float32' | 'float16' | 'bfloat16'): Tensor {
  if (tensor.dtype === dtype) return tensor;
  if (!isFloating(tensor.dtype))
    throw new TypeError(`cannot turn a ${tensor.dtype} tensor into ${dtype}: only floating tensors change precision`);
  const { shape } = tensor;
  if (dtype === 'float32') return toFloat32(tensor);
  if (dtype === 'float64') return { shape, dtype, data: toFloat64(tensor) };
  return { shape, dtype, data: narrowTo(dtype, toFloat32(tensor).data) };
}

function narrowTo(dtype: 'float16' | 'bfloat16', values: Float32Array): Uint16Array {
  const bits = new Uint32Array(values.buffer, values.byteOffset, values.length);
  const narrow = new Uint16Array(bits.length);
  if (dtype === 'float16') for (let i = 0; i < bits.length; i++) narrow[i] = halfOfFloatBits(bits[i]);
  else for (let i = 0; i < bits.length; i++) narrow[i] = bfloat16OfFloatBits(bits[i]);
  return narrow;
}

/** Whether a type holds real numbers (and not counters or flags). */
export function isFloating(dtype: DType): boolean {
  return dtype === 'float64' || dtype === 'float32' || dtype === 'float16' || dtype === 'bfloat16';
}
