// Named tensors: the one representation of weights outside the compute engine. A state dict is a
// Map from the official PyTorch parameter name to a Tensor in PyTorch layout, in state-dict order.
// Invariant: data.length equals the product of the shape; tensors are never changed in place.
import { z } from 'zod';
import { sizes, type Stored } from '../base/sent';

/** Element types a checkpoint can hold. Names are PyTorch's. */
export const DTYPES = ['float64', 'float32', 'float16', 'bfloat16', 'int64', 'int32', 'int16', 'int8', 'uint8', 'bool'] as const;
export type DType = (typeof DTYPES)[number];

/** Raw storage of one tensor; float16 and bfloat16 keep their bits in a Uint16Array, bool one byte per element. */
export type TensorData = Float64Array | Float32Array | Uint16Array | BigInt64Array | Int32Array | Int16Array | Int8Array | Uint8Array;

/** A dense row-major array. */
export interface Tensor {
  readonly shape: readonly number[];
  readonly dtype: DType;
  readonly data: TensorData;
}

/** A float32 tensor: what networks are computed with. */
export interface FloatTensor extends Tensor {
  readonly dtype: 'float32';
  readonly data: Float32Array;
}

export const floatTensorSchema = z.custom<FloatTensor>((value) => isTensor(value) && value.dtype === 'float32', 'takes a float32 tensor');

/** A state dict: official parameter name -> tensor, in state-dict order. */
export type NamedTensors = ReadonlyMap<string, Tensor>;
export const namedTensorsSchema = z.custom<NamedTensors>(
  (value) => value instanceof Map && [...value.values()].every(isTensor),
  'takes a map of tensors by name',
);

/** Whether it has the fields of a tensor, and as many values as its shape says. */
function isTensor(value: unknown): value is Tensor {
  if (typeof value !== 'object' || value === null || !('shape' in value && 'dtype' in value && 'data' in value)) return false;
  const { shape, dtype, data } = value;
  if (!sizes.safeParse(shape).success || !DTYPES.some((known) => known === dtype)) return false;
  return ArrayBuffer.isView(data) && 'length' in data && data.length === elementCount(shape as number[]);
}

export const tensorInfoSchema = z.object({ name: z.string(), dtype: z.enum(DTYPES), shape: sizes });
/** Name, type and shape of a tensor without its values: what a checkpoint's directory tells. */
export type TensorInfo = Stored<z.infer<typeof tensorInfoSchema>>;

/** The directory of a state dict. */
export function tensorInfos(weights: NamedTensors): TensorInfo[] {
  return [...weights].map(([name, { dtype, shape }]) => ({ name, dtype, shape }));
}

export const BYTES_PER_ELEMENT: Readonly<Record<DType, number>> = {
  float64: 8,
  float32: 4,
  float16: 2,
  bfloat16: 2,
  int64: 8,
  int32: 4,
  int16: 2,
  int8: 1,
  uint8: 1,
  bool: 1,
};

/** Number of elements of a shape; 1 for a scalar. */
export function elementCount(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}

/** Wraps `data` (row-major, length = product of `shape`) as a float32 tensor. Throws RangeError if the lengths differ. */
export function floatTensor(shape: readonly number[], data: Float32Array): FloatTensor {
  if (data.length !== elementCount(shape)) {
    throw new RangeError(`a tensor of shape [${shape.join(', ')}] needs ${elementCount(shape)} values, got ${data.length}`);
  }
  return { shape, dtype: 'float32', data };
}

/** Whether two shapes are equal. */
export function sameShape(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((size, axis) => size === b[axis]);
}

/** A shape as people write it: `64x32x1x1`, or `scalar`. */
export function shapeText(shape: readonly number[]): string {
  return shape.length === 0 ? 'scalar' : shape.join('x');
}
