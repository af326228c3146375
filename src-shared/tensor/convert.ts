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

/** Nearest half-precision bit pattern of a number, ties to even; overflow gives infinity. */
export function floatToHalf(value: number): number {
  scratchFloat[0] = value;
  const sign = (scratchBits[0] >>> 16) & 0x8000;
  const magnitude = Math.abs(value);
  if (Number.isNaN(value)) return sign | 0x7e00;
  if (magnitude >= 65520) return sign | 0x7c00;
  if (magnitude < 2 ** -14) return sign | roundHalfToEven(magnitude * 2 ** 24);
  const exponent = Math.floor(Math.log2(magnitude));
  const safeExponent = magnitude < 2 ** exponent ? exponent - 1 : magnitude >= 2 ** (exponent + 1) ? exponent + 1 : exponent;
  return sign | (((safeExponent + 15) << 10) + roundHalfToEven((magnitude / 2 ** safeExponent - 1) * 1024));
}

/** Value of a bfloat16 bit pattern (the upper half of a float32). */
export function bfloat16ToFloat(bits: number): number {
  scratchBits[0] = bits << 16;
  return scratchFloat[0];
}

/** Nearest bfloat16 bit pattern of a number, ties to even. */
export function floatToBfloat16(value: number): number {
  scratchFloat[0] = value;
  const bits = scratchBits[0];
  if (Number.isNaN(value)) return ((bits >>> 16) & 0x8000) | 0x7fc0;
  return (bits + 0x7fff + ((bits >>> 16) & 1)) >>> 16;
}

function roundHalfToEven(value: number): number {
  const floor = Math.floor(value);
  const rest = value - floor;
  if (rest !== 0.5) return Math.round(value);
  return floor % 2 === 0 ? floor : floor + 1;
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

function widenTo<A extends Float32Array | Float64Array>(ArrayType: new (length: number) => A, tensor: Tensor): A {
  const { data, dtype } = tensor;
  const values = new ArrayType(data.length);
  const valueOf = elementReader(dtype, data);
  for (let i = 0; i < values.length; i++) values[i] = valueOf(i);
  return values;
}

function elementReader(dtype: DType, data: TensorData): (index: number) => number {
  if (dtype === 'float16') return (i) => halfToFloat(data[i] as number);
  if (dtype === 'bfloat16') return (i) => bfloat16ToFloat(data[i] as number);
  return (i) => Number(data[i]);
}

/** The tensor in a floating type; float16 and bfloat16 round to nearest, ties to even. Throws TypeError for integer tensors. */
export function toFloatType(tensor: Tensor, dtype: 'float64' | 'float32' | 'float16' | 'bfloat16'): Tensor {
  if (tensor.dtype === dtype) return tensor;
  if (!isFloating(tensor.dtype))
    throw new TypeError(`cannot turn a ${tensor.dtype} tensor into ${dtype}: only floating tensors change precision`);
  const { shape } = tensor;
  if (dtype === 'float32') return toFloat32(tensor);
  const wide = toFloat64(tensor);
  if (dtype === 'float64') return { shape, dtype, data: wide };
  return { shape, dtype, data: Uint16Array.from(wide, dtype === 'float16' ? floatToHalf : floatToBfloat16) };
}

/** Whether a type holds real numbers (and not counters or flags). */
export function isFloating(dtype: DType): boolean {
  return dtype === 'float64' || dtype === 'float32' || dtype === 'float16' || dtype === 'bfloat16';
}
