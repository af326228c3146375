// Batch norm and channel scale as factors of rows or columns of a linear map. t = gamma / sqrt(variance + eps),
// shift = beta - mean t: after the map t scales rows, before it t scales columns and the shift goes through the map.
import { elementCount, type Tensor } from '../../../tensor/tensor';
import { expectLength, kernelSizeOf, mapOfTensor, allRows, rowLength, shapeOf, type AffineMap, type Norm } from './affine-map';
import { Refusal } from './refusal';

/** The stored tensors of one batch norm; gamma and beta are null where it is not affine. */
export interface StoredNorm {
  readonly at: string;
  readonly gamma: Tensor | null;
  readonly beta: Tensor | null;
  readonly mean: Tensor;
  readonly variance: Tensor;
}

/** The affine map of a batch norm. With `absolute` the magnitudes: shift = |beta| + |mean| |t|. Throws Refusal for a variance below -eps. */
export function normOf({ at, gamma, beta, mean, variance }: StoredNorm, eps: number, absolute: boolean): Norm {
  const channels = elementCount(mean.shape);
  const values = (tensor: Tensor): Float64Array => allRows(mapOfTensor(tensor, null, false));
  const [means, variances] = [values(mean), values(variance)];
  const [gammas, betas] = [gamma && values(gamma), beta && values(beta)];
  const [scale, shift] = [new Float64Array(channels), new Float64Array(channels)];
  for (let o = 0; o < channels; o++) {
    const spread = variances[o] + eps;
    if (!(spread > 0)) throw new Refusal(`${at}.running_var is ${variances[o]} at channel ${o}: no variance`);
    const [t, b] = [(gammas ? gammas[o] : 1) / Math.sqrt(spread), betas ? betas[o] : 0];
    scale[o] = absolute ? Math.abs(t) : t;
    shift[o] = absolute ? Math.abs(b) + Math.abs(means[o] * t) : b - means[o] * t;
  }
  return { at, scale, shift };
}

/** y = bn(map(x)): rows times t, bias t b + shift. */
export function foldBnAfter(map: AffineMap, bn: Norm): AffineMap {
  const outputs = map.shape[0];
  expectLength(bn.at, bn.scale, outputs, `the layer before it (${shapeOf(map)})`);
  const bias = bn.shift.slice();
  if (map.bias) for (let o = 0; o < outputs; o++) bias[o] += bn.scale[o] * map.bias[o];
  return { ...map, bias, ...scaledFill(map, bn.scale) };
}

/** y = map(bn(x)). Throws Refusal for a kernel larger than 1x1: zeros padded after the norm are not the norm's value of zero. */
export function foldBnBefore(map: AffineMap, bn: Norm): AffineMap {
  const shifted = foldShiftBefore(map, bn.shift, bn.at);
  const scale = bn.scale;
  const columns = columnsOfInputs(map, scale.length, bn.at);
  const fill = (values: Float64Array, from: number, to: number): void => {
    map.fill(values, from, to);
    for (let o = from, at = 0; o < to; o++) {
      const first = columns.first(o);
      for (let c = 0; c < columns.count; c++, at++) values[at] *= scale[first + c];
    }
  };
  return { shape: map.shape, bias: shifted.bias, groups: map.groups, fill };
}

/** y = map(x + shift): the bias gets W shift. Throws Refusal for a kernel larger than 1x1. */
export function foldShiftBefore(map: AffineMap, shift: Float64Array, what: string): AffineMap {
  const [K, L] = kernelSizeOf(map);
  if (K * L > 1)
    throw new Refusal(
      `${what} stands before a ${K}x${L} convolution: the zeros of its padding are not shifted, so no single convolution is right at the border`,
    );
  const columns = columnsOfInputs(map, shift.length, what);
  const [outputs, values] = [map.shape[0], allRows(map)];
  const bias = map.bias?.slice() ?? new Float64Array(outputs);
  for (let o = 0, at = 0; o < outputs; o++) {
    const first = columns.first(o);
    for (let c = 0; c < columns.count; c++, at++) bias[o] += values[at] * shift[first + c];
  }
  return { ...map, bias };
}

/** Which inputs an output reads: all of them, or those of its group. */
function columnsOfInputs(map: AffineMap, inputs: number, what: string): { count: number; first: (output: number) => number } {
  const [outputs, count] = map.shape;
  const groups = inputs / count;
  if (!Number.isInteger(groups) || outputs % groups !== 0)
    throw new Refusal(`${what} has ${inputs} channels; the layer after it (${shapeOf(map)}) does not take that many`);
  return { count, first: (output) => Math.floor(output / (outputs / groups)) * count };
}

/** Rows and bias times one factor per output channel, or one for all. */
export function scale(map: AffineMap, by: Float64Array, what: string): AffineMap {
  const outputs = map.shape[0];
  const factors = by.length === 1 ? new Float64Array(outputs).fill(by[0]) : by;
  expectLength(what, factors, outputs, `the map it scales (${shapeOf(map)})`);
  const bias = map.bias && map.bias.map((value, o) => value * factors[o]);
  return { ...map, bias, ...scaledFill(map, factors) };
}

/** Filling and adding of a map whose rows are scaled. */
function scaledFill(map: AffineMap, scales: Float64Array): Pick<AffineMap, 'fill' | 'fillScaled' | 'accumulate'> {
  const length = rowLength(map);
  const fill = (target: Float64Array, from: number, to: number): void => {
    if (map.fillScaled) return map.fillScaled(target, from, to, scales);
    map.fill(target, from, to);
    scaleRows(target, scales, from, to, length);
  };
  const inner = map.accumulate;
  if (!inner) return { fill, fillScaled: undefined, accumulate: undefined };
  const accumulate: AffineMap['accumulate'] = (target, from, to, factors, sign) =>
    inner(target, from, to, factors ? scales.map((value, o) => value * factors[o]) : scales, sign);
  return { fill, fillScaled: undefined, accumulate };
}

function scaleRows(values: Float64Array, factors: Float64Array, from: number, to: number, length: number): void {
  for (let o = from, at = 0; o < to; o++) {
    const [factor, end] = [factors[o], at + length];
    for (; at < end; at++) values[at] *= factor;
  }
}
