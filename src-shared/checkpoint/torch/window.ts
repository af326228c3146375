// Reads a tensor's window on its storage: contiguous windows read their own bytes alone; strided,
// expanded and transposed ones read the span they touch and gather it into row-major order.
import { type DType, elementCount, type Tensor, type TensorData } from '../../tensor/tensor';
import { refuse } from '../refuse';
import { elementsOf, tensorOfBytes } from '../tensor-bytes';
import { isSupported, itemSize, type StorageValue, type TensorValue } from './tensor-value';

/** Reads `length` bytes of a storage from byte `start` on. */
export type ReadStorage = (start: number, length: number) => Promise<Uint8Array>;

/** A storage found in the file. */
export interface PlacedStorage {
  readonly read: ReadStorage;
  /** Whether reading any part of it costs all of it (compressed storages). */
  readonly wholeOnly: boolean;
}

/** How a container finds a storage: checks that it is there, with the stated length. */
export type LocateStorage = (storage: StorageValue, tensorName: string) => PlacedStorage;

/** Checks that a window lies inside its storage and has a type this program knows. `name` is for the message. */
export function checkWindow(name: string, tensor: TensorValue): DType {
  if (!isSupported(tensor.dtype))
    refuse(`keeps ${name} as ${tensor.dtype}, an element type this program does not read; convert it in PyTorch first`);
  if (tensor.offset * itemSize(tensor.dtype) + bytesTouched(tensor) > tensor.storage.byteLength)
    refuse(`is damaged: tensor ${name} reaches past the end of its storage`);
  return tensor.dtype;
}

/** Reads the tensor in row-major order. The window must have passed `checkWindow`. */
export async function readWindow(tensor: TensorValue, dtype: DType, read: ReadStorage): Promise<Tensor> {
  const bytes = await read(tensor.offset * itemSize(dtype), bytesTouched(tensor));
  const { shape, strides } = tensor;
  if (isRowMajor(shape, strides)) return tensorOfBytes(dtype, shape, bytes);
  return { shape, dtype, data: gather(elementsOf(dtype, bytes), shape, strides) };
}

/** Bytes of the storage from the first to the last element touched. */
export function bytesTouched(tensor: TensorValue): number {
  return spanOf(tensor) * itemSize(tensor.dtype);
}

/** Elements from the first to the last one touched, inclusive; 0 for an empty tensor. */
function spanOf({ shape, strides }: TensorValue): number {
  if (elementCount(shape) === 0) return 0;
  return 1 + shape.reduce((last, size, axis) => last + (size - 1) * strides[axis], 0);
}

/** Whether elements lie one after the other in row-major order (strides of axes of size 1 do not matter). */
function isRowMajor(shape: readonly number[], strides: readonly number[]): boolean {
  let expected = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    if (shape[axis] !== 1 && strides[axis] !== expected) return elementCount(shape) === 0;
    expected *= shape[axis];
  }
  return true;
}

/** Copies the strided elements of `source` (from its first on) into row-major order. */
export function gather(source: TensorData, shape: readonly number[], strides: readonly number[]): TensorData {
  const result = source.slice(0, 0).constructor as new (length: number) => TensorData;
  const values = new result(elementCount(shape));
  const rank = shape.length;
  const columns = rank === 0 ? 1 : shape[rank - 1];
  const columnStride = rank === 0 ? 0 : strides[rank - 1];
  const index = new Array<number>(rank).fill(0);
  for (let written = 0, from = 0; written < values.length; from = advance(index, shape, strides, from)) {
    for (let column = 0; column < columns; column++) values[written++] = source[from + column * columnStride];
  }
  return values;
}

/** Moves `index` to the next row; returns the new position in the source. */
function advance(index: number[], shape: readonly number[], strides: readonly number[], from: number): number {
  for (let axis = shape.length - 2; axis >= 0; axis--) {
    from += strides[axis];
    if (++index[axis] < shape[axis]) return from;
    from -= strides[axis] * shape[axis];
    index[axis] = 0;
  }
  return from;
}
