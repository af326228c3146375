// The one value of the merge algebra: a linear map with its bias, in double precision, rows on demand. A kernel is
// (O, C, K, L), C being inputs per group; a matrix (O, I). Invariants: filling writes every value of its range; a bias of null
// means none.
import { toFloat64 } from '../../../tensor/convert';
import { elementCount, shapeText, type Tensor } from '../../../tensor/tensor';
import { Refusal } from './refusal';

/** A linear map whose weight is computed in ranges of output channels, so that no large network is ever held in doubles. */
export interface AffineMap {
  readonly shape: readonly number[];
  readonly bias: Float64Array | null;
  /** Groups of the convolution, where they are known from the shapes it was made of. */
  readonly groups?: number;
  /** Writes the rows of output channels from..to-1 into `target`, which they fill. */
  fill(target: Float64Array, from: number, to: number): void;
  /** `fill` with row o times factors[o], where that is cheaper than scaling afterwards: one pass over the values, not two. */
  fillScaled?(target: Float64Array, from: number, to: number, factors: Float64Array): void;
  /** Adds sign x factor[o] x row o to rows that are there, where that is cheaper than filling: most of it zero. */
  accumulate?(target: Float64Array, from: number, to: number, factors: Float64Array | null, sign: number): void;
}

/** A buffer that grows and is used again: the rows of an operand live only while its step runs. */
export function reusedDoubles(): (length: number) => Float64Array {
  let buffer = new Float64Array(0);
  return (length) => {
    if (buffer.length < length) buffer = new Float64Array(length);
    return buffer.length === length ? buffer : buffer.subarray(0, length);
  };
}

/** The rows of output channels from..to-1, made anew: the caller owns them. */
export function rowsOf(map: AffineMap, from: number, to: number): Float64Array {
  const values = new Float64Array((to - from) * rowLength(map));
  map.fill(values, from, to);
  return values;
}

/** Eval-mode batch norm as y = scale x + shift. */
export interface Norm {
  readonly at: string;
  readonly scale: Float64Array;
  readonly shift: Float64Array;
}

/** Values in one row. */
export function rowLength({ shape }: Pick<AffineMap, 'shape'>): number {
  return elementCount(shape.slice(1));
}

/** A stored tensor as a map. With `absolute` its magnitudes, for bounds of rounding. */
export function mapOfTensor(tensor: Tensor, bias: Tensor | null, absolute: boolean): AffineMap {
  const length = elementCount(tensor.shape.slice(1));
  return {
    shape: tensor.shape,
    bias: bias && doublesOf(bias, absolute),
    fill: (target, from) => copyDoubles(target, tensor, from * length, absolute),
    fillScaled: tensor.dtype === 'float32' && !absolute ? scaledCopy(tensor.data as Float32Array, length) : undefined,
  };
}

/** The map with these values. Throws RangeError where shape and values do not fit. */
export function mapOfValues(shape: readonly number[], values: Float64Array, bias: Float64Array | null, groups?: number): AffineMap {
  if (values.length !== elementCount(shape)) throw new RangeError(`${values.length} values do not fill shape ${shapeText(shape)}`);
  const length = elementCount(shape.slice(1));
  return { shape, bias, groups, fill: (target, from, to) => target.set(values.subarray(from * length, to * length)) };
}

function doublesOf(tensor: Tensor, absolute: boolean): Float64Array {
  const values = new Float64Array(elementCount(tensor.shape));
  copyDoubles(values, tensor, 0, absolute);
  return values;
}

/** target[i] = data[first + i], widened. Float32, the common case, by a plain loop: a typed array's own conversion is many times slower. */
function copyDoubles(target: Float64Array, tensor: Tensor, first: number, absolute: boolean): void {
  if (tensor.dtype === 'float32') copyFloats(target, tensor.data as Float32Array, first);
  else target.set(toFloat64({ ...tensor, shape: [target.length], data: tensor.data.subarray(first, first + target.length) }));
  if (absolute) for (let i = 0; i < target.length; i++) target[i] = Math.abs(target[i]);
}

/** Rows of floats, widened and scaled in one pass. */
function scaledCopy(data: Float32Array, length: number): NonNullable<AffineMap['fillScaled']> {
  return (target, from, to, factors) => {
    for (let o = from, at = 0, source = from * length; o < to; o++) {
      const [factor, end] = [factors[o], at + length];
      for (; at < end; at++, source++) target[at] = data[source] * factor;
    }
  };
}

function copyFloats(target: Float64Array, data: Float32Array, first: number): void {
  for (let i = 0; i < target.length; i++) target[i] = data[first + i];
}

/** All values of a map. */
export function allRows(map: AffineMap): Float64Array {
  return rowsOf(map, 0, map.shape[0]);
}

/** The map computed once and kept: for operands of which every output row reads every value. */
export function held(map: AffineMap): AffineMap {
  return mapOfValues(map.shape, allRows(map), map.bias, map.groups);
}

/** Kernel sizes [K, L] of a kernel; [1, 1] of a matrix. */
export function kernelSizeOf({ shape }: Pick<AffineMap, 'shape'>): [number, number] {
  return shape.length === 4 ? [shape[2], shape[3]] : [1, 1];
}

/** Throws Refusal unless `vector` has one value per channel. */
export function expectLength(what: string, vector: ArrayLike<number>, channels: number, of: string): void {
  if (vector.length !== channels) throw new Refusal(`${what} has ${vector.length} values; ${of} has ${channels} channels`);
}

/** A map's text for messages. */
export function shapeOf({ shape }: Pick<AffineMap, 'shape'>): string {
  return shapeText(shape);
}

/** The bias where it belongs to the rows; null for a matrix stored turned, whose bias belongs to its columns. */
export function biasOfRows({ shape, bias }: Pick<AffineMap, 'shape' | 'bias'>): Float64Array | null {
  return bias && bias.length === shape[0] ? bias : null;
}
