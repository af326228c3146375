// The one array type of the reference forward pass: double precision, row-major, batch first.
// Invariant: data.length equals the product of the shape; operations return new arrays.
import { elementCount, shapeText, type NamedTensors } from '@shared/tensor/tensor';
import { toFloat64 } from '@shared/tensor/convert';
import { UserError } from '@shared/base/user-error';

/** A dense array of doubles: (N, C, H, W) or (N, features). */
export interface Array64 {
  readonly shape: readonly number[];
  readonly data: Float64Array;
}

/** A map's sizes by name. */
export interface MapSize {
  readonly N: number;
  readonly C: number;
  readonly H: number;
  readonly W: number;
}

/** An array of zeros. */
export function zeros(shape: readonly number[]): Array64 {
  return { shape, data: new Float64Array(elementCount(shape)) };
}

/** The sizes of a (N, C, H, W) array. Throws RangeError for other ranks. */
export function mapSize({ shape }: Array64): MapSize {
  if (shape.length !== 4) throw new RangeError(`expected a map (N, C, H, W), got shape ${shapeText(shape)}`);
  const [N, C, H, W] = shape;
  return { N, C, H, W };
}

/** The same values under another shape. */
export function reshape(x: Array64, shape: readonly number[]): Array64 {
  return { shape, data: x.data };
}

/** f of every value. */
export function mapValues(x: Array64, f: (value: number) => number): Array64 {
  return { shape: x.shape, data: x.data.map(f) };
}

/** a + b, value by value. */
export function sum(a: Array64, b: Array64): Array64 {
  return { shape: a.shape, data: a.data.map((value, index) => value + b.data[index]) };
}

/** Reads the parameters of one layer by suffix, in double precision. */
export type ParameterReader = (suffix: string) => Array64;

/** Parameters called `<path>.<suffix>`. Throws UserError where one is missing. */
export function parametersAt(weights: NamedTensors, path: string): ParameterReader {
  return (suffix) => {
    const name = path === '' ? suffix : `${path}.${suffix}`;
    const tensor = weights.get(name);
    if (!tensor) throw new UserError(`the weights have no tensor '${name}'`);
    return { shape: tensor.shape, data: toFloat64(tensor) };
  };
}

/** The reader one level deeper: `within(read, 'bn')('weight')` reads `bn.weight`. */
export function within(read: ParameterReader, name: string): ParameterReader {
  return (suffix) => read(`${name}.${suffix}`);
}
