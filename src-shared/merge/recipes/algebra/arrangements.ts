// Operations that only move numbers: slices, reshapes, transposes, block diagonals, and a convolution written as the
// matrix of a map of fixed size. Invariant: every value of the result is a value of the operand, or 0.
import { elementCount, shapeText } from '../../../tensor/tensor';
import { allRows, kernelSizeOf, mapOfValues, rowLength, rowsOf, shapeOf, type AffineMap } from './affine-map';
import { Refusal } from './refusal';

/** A grouped matrix or 1x1 kernel (out, in/g) as the full matrix (out, in), zeros between groups; kernels of length 1 lose it. */
export function blockDiagonal(map: AffineMap, groups: number): AffineMap {
  const [O, C] = map.shape;
  if (rowLength(map) !== C) throw new Refusal(`only matrices and 1x1 convolutions have a block diagonal; this has shape ${shapeOf(map)}`);
  expectDivides(groups, O, 'outputs');
  const columns = C * groups;
  const fill = (result: Float64Array, from: number, to: number): void => {
    const blocks = rowsOf(map, from, to);
    result.fill(0);
    for (let o = from; o < to; o++) {
      const first = Math.floor(o / (O / groups)) * C;
      result.set(blocks.subarray((o - from) * C, (o - from + 1) * C), (o - from) * columns + first);
    }
  };
  return { shape: [O, columns], bias: map.bias, fill };
}

/** Output g (O/G) + o gets row o G + g. */
export function interleaveOutputs(map: AffineMap, groups: number): AffineMap {
  const [O] = map.shape;
  expectDivides(groups, O, 'outputs');
  const source = (output: number): number => (output % (O / groups)) * groups + Math.floor(output / (O / groups));
  const length = rowLength(map);
  const values = allRows(map);
  const result = new Float64Array(values.length);
  for (let o = 0; o < O; o++) result.set(values.subarray(source(o) * length, (source(o) + 1) * length), o * length);
  const bias = map.bias && map.bias.map((_, o, all) => all[source(o)]);
  return mapOfValues(map.shape, result, bias, map.groups);
}

/** Outputs from..to-1; null where there are none. */
export function takeOutputs(map: AffineMap, from: number, to: number): AffineMap | null {
  expectRange(from, to, map.shape[0], 'outputs');
  if (from === to) return null;
  const fill = (target: Float64Array, a: number, b: number): void => map.fill(target, from + a, from + b);
  return { shape: [to - from, ...map.shape.slice(1)], bias: map.bias?.slice(from, to) ?? null, fill };
}

/** Inputs from..to-1, the bias kept; null where there are none. */
export function takeInputs(map: AffineMap, from: number, to: number): AffineMap | null {
  const [O, I] = map.shape;
  expectRange(from, to, I, 'inputs');
  if (from === to) return null;
  const taps = rowLength(map) / I;
  const fill = (result: Float64Array, a: number, b: number): void => {
    const values = rowsOf(map, a, b);
    for (let o = 0; o < b - a; o++) result.set(values.subarray((o * I + from) * taps, (o * I + to) * taps), o * (to - from) * taps);
  };
  return { shape: [O, to - from, ...map.shape.slice(2)], bias: map.bias, fill };
}

/** The map's only output `times` times. */
export function repeatOutputs(map: AffineMap, times: number): AffineMap {
  if (map.shape[0] !== 1 || !Number.isInteger(times) || times < 1)
    throw new Refusal(`one output is repeated a whole number of times: got ${times} of a map of shape ${shapeOf(map)}`);
  const fill = (result: Float64Array, from: number, to: number): void => {
    const row = rowsOf(map, 0, 1);
    for (let o = 0; o < to - from; o++) result.set(row, o * row.length);
  };
  return { shape: [times, ...map.shape.slice(1)], bias: map.bias && new Float64Array(times).fill(map.bias[0]), fill };
}

/** The same values under another shape. Throws Refusal where they do not fill it. */
export function reshape(map: AffineMap, shape: readonly number[]): AffineMap {
  if (!shape.every((size) => Number.isInteger(size) && size > 0) || elementCount(shape) !== elementCount(map.shape))
    throw new Refusal(`values of shape ${shapeOf(map)} do not fill shape ${shapeText(shape)}`);
  if (map.bias && map.bias.length !== shape[0]) throw new Refusal(`a map with ${map.bias.length} biases cannot get ${shape[0]} outputs`);
  if (shape[0] === map.shape[0]) return { shape, bias: map.bias, groups: map.groups, fill: map.fill };
  return mapOfValues(shape, allRows(map), map.bias);
}

/** Rows become columns. Throws Refusal for kernels and for maps with a bias, which belongs to outputs. */
export function transpose(map: AffineMap): AffineMap {
  const [O, I] = map.shape;
  if (map.shape.length !== 2 || map.bias) throw new Refusal(`only a matrix without bias can be transposed; this has shape ${shapeOf(map)}`);
  const values = allRows(map);
  const result = new Float64Array(values.length);
  for (let o = 0; o < O; o++) for (let i = 0; i < I; i++) result[i * O + o] = values[o * I + i];
  return mapOfValues([I, O], result, null);
}

/**
 * A stride-1 convolution padded by half its kernel as the matrix (O H W, C H W) of a map of H x W, in C, h, w order; C inputs
 * a group, so that a grouped convolution gives one block of rows a group. The bias is repeated over positions.
 */
export function convToFc(map: AffineMap, H: number, W: number): AffineMap {
  const [O, C] = map.shape;
  const [K, L] = kernelSizeOf(map);
  if (K % 2 === 0 || L % 2 === 0) throw new Refusal(`a ${K}x${L} kernel has no centre to place on a cell`);
  if (![H, W].every((size) => Number.isInteger(size) && size > 0)) throw new Refusal(`a map of ${H}x${W} is no map`);
  const fill = (result: Float64Array, from: number, to: number): void => {
    result.fill(0);
    for (let row = from; row < to; row++) {
      const o = Math.floor(row / (H * W));
      const kernel = rowsOf(map, o, o + 1);
      placeKernel(result, (row - from) * C * H * W, kernel, row % (H * W), { C, H, W, K, L });
    }
  };
  const bias = map.bias && Float64Array.from({ length: O * H * W }, (_, row) => (map.bias ? map.bias[Math.floor(row / (H * W))] : 0));
  return { shape: [O * H * W, C * H * W], bias, fill };
}

interface Placing {
  readonly C: number;
  readonly H: number;
  readonly W: number;
  readonly K: number;
  readonly L: number;
}

/** Writes kernel (C, K, L), centred on the cell `position`, into a row (C, H, W). */
function placeKernel(target: Float64Array, at: number, kernel: Float64Array, position: number, { C, H, W, K, L }: Placing): void {
  const [y, x] = [Math.floor(position / W), position % W];
  for (let c = 0; c < C; c++) {
    for (let u = 0; u < K; u++) {
      const a = y + u - (K - 1) / 2;
      if (a < 0 || a >= H) continue;
      for (let v = 0; v < L; v++) {
        const b = x + v - (L - 1) / 2;
        if (b >= 0 && b < W) target[at + (c * H + a) * W + b] = kernel[(c * K + u) * L + v];
      }
    }
  }
}

function expectDivides(groups: number, channels: number, what: string): void {
  if (!Number.isInteger(groups) || groups < 1 || channels % groups !== 0)
    throw new Refusal(`${groups} groups do not divide ${channels} ${what}`);
}

function expectRange(from: number, to: number, length: number, what: string): void {
  if (![from, to].every(Number.isInteger) || from < 0 || to < from || to > length)
    throw new Refusal(`${what} ${from} to ${to} are not among the ${length} there are`);
}
