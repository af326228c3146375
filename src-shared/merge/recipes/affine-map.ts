// The one value of the merge algebra: a linear map with its bias, in double precision, rows on demand. A kernel is
// (O, C, K, L), C being inputs per group; a matrix (O, I). Invariant: rows are made anew for every caller, who may write
// into them; a bias of null means none.
import { toFloat64 } from '../../tensor/convert';
import { elementCount, shapeText, type Tensor } from '../../tensor/tensor';
import { Refusal } from './refusal';

/** A linear map whose weight is computed in ranges of output channels, so that no large network is ever held in doubles. */
export interface AffineMap {
  readonly shape: readonly number[];
  readonly bias: Float64Array | null;
  /** Groups of the convolution, where they are known from the shapes it was made of. */
  readonly groups?: number;
  /** The rows of output channels from..to-1; the caller owns them. */
  rows(from: number, to: number): Float64Array;
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
    bias: bias && doublesOf(bias, 0, elementCount(bias.shape), absolute),
    rows: (from, to) => doublesOf(tensor, from * length, to * length, absolute),
  };
}

/** The map with these values. Throws RangeError where shape and values do not fit. */
export function mapOfValues(shape: readonly number[], values: Float64Array, bias: Float64Array | null, groups?: number): AffineMap {
  if (values.length !== elementCount(shape)) throw new RangeError(`${values.length} values do not fill shape ${shapeText(shape)}`);
  const length = elementCount(shape.slice(1));
  return { shape, bias, groups, rows: (from, to) => values.slice(from * length, to * length) };
}

function doublesOf(tensor: Tensor, from: number, to: number, absolute: boolean): Float64Array {
  const part = { ...tensor, shape: [to - from], data: tensor.data.subarray(from, to) };
  const values = tensor.dtype === 'float64' ? (part.data as Float64Array).slice() : toFloat64(part);
  if (absolute) for (let i = 0; i < values.length; i++) values[i] = Math.abs(values[i]);
  return values;
}

/** All values of a map. */
export function allRows(map: AffineMap): Float64Array {
  return map.rows(0, map.shape[0]);
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
