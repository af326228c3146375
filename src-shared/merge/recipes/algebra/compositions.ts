// One map after another as a single map. A convolution after another is a single zero-padded convolution only where the
// padding in between holds what the first answers to zeros; otherwise the border is wrong and the composition is refused.
import { allRows, held, kernelSizeOf, mapOfValues, rowsOf, shapeOf, type AffineMap } from './affine-map';
import { Refusal } from './refusal';

/** What the padding between two convolutions is filled with: zeros, or the first one's answer to zeros. */
export type PaddingBetween = 'zero' | 'carriesBias';

/**
 * 1x1 then KxK: W[o, c, u, v] = sum over m of second[o, m, u, v] first[m, c], m over the group of o; the bias gets the sum of
 * second times first's bias. Throws Refusal where first has a bias that the padding of second does not carry.
 */
export function compose1x1ThenKxK(first: AffineMap, second: AffineMap, padding: PaddingBetween): AffineMap {
  const [k, l] = kernelSizeOf(first);
  if (k * l !== 1) throw new Refusal(`the first of the two convolutions is ${k}x${l}: only a 1x1 can be pushed into the kernel after it`);
  const [M, C] = first.shape;
  const [O, perGroup] = second.shape;
  const [K, L] = kernelSizeOf(second);
  const groups = groupsBetween(first, second);
  if (padding === 'zero' && K * L > 1 && first.bias?.some((value) => value !== 0)) throw new Refusal(borderReason(first.bias, K, L));
  const a = allRows(first);
  const fill = (result: Float64Array, from: number, to: number): void => {
    const b = rowsOf(second, from, to);
    result.fill(0);
    for (let o = from; o < to; o++) {
      const firstMiddle = Math.floor(o / (O / groups)) * (M / groups);
      for (let m = 0; m < perGroup; m++) {
        const kernel = b.subarray(((o - from) * perGroup + m) * K * L, ((o - from) * perGroup + m + 1) * K * L);
        for (let c = 0; c < C; c++) addTimes(result, ((o - from) * C + c) * K * L, kernel, a[(firstMiddle + m) * C + c]);
      }
    }
  };
  const shape = second.shape.length === 4 ? [O, C, K, L] : [O, C];
  return { shape, bias: pushedBias(first.bias, second, groups), groups: perGroup === 1 ? first.groups : groups, fill };
}

function borderReason(bias: Float64Array, K: number, L: number): string {
  const largest = bias.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  return (
    `no exact single convolution exists: the 1x1 before the ${K}x${L} has a bias (up to ${largest.toPrecision(3)}) that the zero padding ` +
    'between them does not carry; a merged kernel would be right inside and wrong on the outermost rows and columns'
  );
}

function groupsBetween(first: AffineMap, second: AffineMap): number {
  const groups = first.shape[0] / second.shape[1];
  if (!Number.isInteger(groups) || second.shape[0] % groups !== 0)
    throw new Refusal(
      `the second layer (${shapeOf(second)}) does not read the ${first.shape[0]} channels of the first (${shapeOf(first)})`,
    );
  return groups;
}

function addTimes(target: Float64Array, at: number, values: Float64Array, factor: number): void {
  for (let i = 0; i < values.length; i++) target[at + i] += factor * values[i];
}

/** second's bias plus, per output, the sum over middle channels and taps of second times first's bias. */
function pushedBias(bias: Float64Array | null, second: AffineMap, groups: number): Float64Array | null {
  if (!bias) return second.bias;
  const [O, perGroup] = second.shape;
  const [taps, weights] = [kernelSizeOf(second)[0] * kernelSizeOf(second)[1], allRows(second)];
  const result = second.bias?.slice() ?? new Float64Array(O);
  for (let o = 0, at = 0; o < O; o++) {
    const firstMiddle = Math.floor(o / (O / groups)) * perGroup;
    for (let m = 0; m < perGroup; m++) for (let tap = 0; tap < taps; tap++, at++) result[o] += weights[at] * bias[firstMiddle + m];
  }
  return result;
}

/** KxK then 1x1: W[o, c, u, v] = sum over m of second[o, m] first[m, c, u, v]; exact at the border, for the 1x1 has no padding. */
export function composeKxKThen1x1(first: AffineMap, second: AffineMap): AffineMap {
  const [k, l] = kernelSizeOf(second);
  if (k * l !== 1) throw new Refusal(`the second of the two convolutions is ${k}x${l}: expected 1x1`);
  const groups = groupsBetween(first, second);
  const [M] = first.shape;
  const [O, perGroup] = second.shape;
  const length = first.shape.slice(1).reduce((product, size) => product * size, 1);
  const kernels = held(first);
  const all = allRows(kernels);
  const fill = (result: Float64Array, from: number, to: number): void => {
    const weights = rowsOf(second, from, to);
    result.fill(0);
    for (let o = from; o < to; o++) {
      const firstMiddle = Math.floor(o / (O / groups)) * (M / groups);
      for (let m = 0; m < perGroup; m++) {
        const kernel = all.subarray((firstMiddle + m) * length, (firstMiddle + m + 1) * length);
        addTimes(result, (o - from) * length, kernel, weights[(o - from) * perGroup + m]);
      }
    }
  };
  return { shape: [O, ...first.shape.slice(1)], bias: pushedBias(first.bias, second, groups), groups, fill };
}

/**
 * Depthwise KxK with several kernels a channel, then 1x1, of the shape of `like` (O, C, K, L): W[o, c] = sum over t of
 * second[o, c n + t] first[m0 + c n + t], n kernels a channel and m0 the first of o's group.
 */
export function composeDepthwiseThen1x1(first: AffineMap, second: AffineMap, like: AffineMap): AffineMap {
  const [K, L] = kernelSizeOf(first);
  const [O, C] = like.shape;
  const groups = groupsBetween(first, second);
  const perGroup = second.shape[1];
  const n = perGroup / C;
  if (first.bias || first.shape[1] !== 1 || !Number.isInteger(n) || second.shape[0] !== O)
    throw new Refusal(`depthwise kernels (${shapeOf(first)}) then 1x1 (${shapeOf(second)}) do not make a kernel of shape ${shapeOf(like)}`);
  const [kernels, weights] = [allRows(first), allRows(second)];
  const result = new Float64Array(O * C * K * L);
  for (let o = 0; o < O; o++) {
    const firstMiddle = Math.floor(o / (O / groups)) * perGroup;
    for (let m = 0; m < perGroup; m++) {
      const kernel = kernels.subarray((firstMiddle + m) * K * L, (firstMiddle + m + 1) * K * L);
      addTimes(result, (o * C + Math.floor(m / n)) * K * L, kernel, weights[o * perGroup + m]);
    }
  }
  return mapOfValues([O, C, K, L], result, second.bias, groups);
}

/**
 * Depthwise 1xL then Kx1 (or Kx1 then 1xL): the outer product per channel. Throws Refusal where the first has a bias: the zero
 * padding of the second does not carry it.
 */
export function composeRowColumn(first: AffineMap, second: AffineMap): AffineMap {
  const [[k, l], [K, L]] = [kernelSizeOf(first), kernelSizeOf(second)];
  const [O] = first.shape;
  const crossed = (k === 1 && L === 1) || (l === 1 && K === 1);
  if (first.shape[1] !== 1 || second.shape[1] !== 1 || second.shape[0] !== O || !crossed || Math.min(k, l) !== 1 || Math.min(K, L) !== 1)
    throw new Refusal(`an outer product needs a depthwise row and a depthwise column: got ${shapeOf(first)} and ${shapeOf(second)}`);
  if (K * L > 1 && first.bias?.some((value) => value !== 0)) throw new Refusal(borderReason(first.bias, K, L));
  const [height, width] = [k * K, l * L];
  const fill = (result: Float64Array, from: number, to: number): void => {
    const [a, b] = [rowsOf(first, from, to), rowsOf(second, from, to)];
    result.fill(0);
    for (let o = 0, at = 0; o < to - from; o++) {
      for (let u = 0; u < height; u++) {
        for (let v = 0; v < width; v++)
          result[at++] = a[o * k * l + ((k > 1 ? u : v) % (k * l))] * b[o * K * L + ((K > 1 ? u : v) % (K * L))];
      }
    }
  };
  return { shape: [O, 1, height, width], bias: pushedBias(first.bias, second, O), groups: O, fill };
}

/** y = second(first(x)) for matrices: W = W2 W1, b = W2 b1 + b2. */
export function linearThenLinear(first: AffineMap, second: AffineMap): AffineMap {
  const [M, I] = first.shape;
  const [O, inputs] = second.shape;
  if (first.shape.length !== 2 || second.shape.length !== 2 || inputs !== M)
    throw new Refusal(`a matrix of shape ${shapeOf(second)} does not follow one of shape ${shapeOf(first)}`);
  const a = allRows(first);
  const fill = (result: Float64Array, from: number, to: number): void => {
    const b = rowsOf(second, from, to);
    result.fill(0);
    for (let o = 0; o < to - from; o++) {
      for (let m = 0; m < M; m++) addTimes(result, o * I, a.subarray(m * I, (m + 1) * I), b[o * M + m]);
    }
  };
  return { shape: [O, I], bias: pushedBias(first.bias, second, 1), fill };
}
