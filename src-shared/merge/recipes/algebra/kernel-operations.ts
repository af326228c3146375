// Operations that make one kernel of another: identity and average pool as kernels, zero-padding, dilation spread out,
// sums. Invariant: what is added has the same shape; centres meet centres, so every size differs by an even number.
import { sameShape } from '../../../tensor/tensor';
import { allRows, kernelSizeOf, mapOfValues, reusedDoubles, rowLength, shapeOf, type AffineMap } from './affine-map';
import { Refusal } from './refusal';

/** The kernel of y = x, of the shape of `like`: 1 at (o, o mod C/groups, centre). Throws Refusal where inputs and outputs cannot be equal in number. */
export function identityKernel({ shape }: AffineMap): AffineMap {
  const [O, C] = shape;
  const [K, L] = kernelSizeOf({ shape });
  if (O % C !== 0)
    throw new Refusal(`an identity needs as many inputs as outputs: ${shapeOf({ shape })} has ${O} outputs and ${C} inputs a group`);
  if (K % 2 === 0 || L % 2 === 0) throw new Refusal(`an identity needs a kernel with a centre: ${K}x${L} has none`);
  const centre = ((K - 1) / 2) * L + (L - 1) / 2;
  const accumulate: AffineMap['accumulate'] = (target, from, to, factors, sign) => {
    for (let o = from; o < to; o++) target[((o - from) * C + (o % C)) * K * L + centre] += sign * (factors ? factors[o] : 1);
  };
  const fill = (target: Float64Array, from: number, to: number): void => {
    target.fill(0);
    accumulate(target, from, to, null, 1);
  };
  return { shape, bias: null, groups: O / C, fill, accumulate };
}

/** Average pooling (zeros of the padding counted) as a depthwise kernel (O, 1, K, L) of 1/(K L), O, K and L those of `like`. */
export function averagePoolKernel(like: AffineMap): AffineMap {
  const [K, L] = kernelSizeOf(like);
  const shape = [like.shape[0], 1, K, L];
  return { shape, bias: null, fill: (target) => target.fill(1 / (K * L)) };
}

/** The kernel in the middle of one of the size of `like`. Throws Refusal where it is larger or the centres do not meet. */
export function padTo(map: AffineMap, like: AffineMap): AffineMap {
  const [k, l] = kernelSizeOf(map);
  const [K, L] = kernelSizeOf(like);
  if (k === K && l === L) return map;
  if (k > K || l > L || (K - k) % 2 !== 0 || (L - l) % 2 !== 0)
    throw new Refusal(`a ${k}x${l} kernel has no place in the middle of a ${K}x${L} one`);
  const [O, C] = map.shape;
  return { ...map, shape: [O, C, K, L], ...spread(map, [K, L], ((K - k) / 2) * L + (L - l) / 2, 1) };
}

/** Filling and adding of a kernel whose taps lie `rate` apart in planes of K x L, the first at `start`. */
function spread(
  map: AffineMap,
  [K, L]: readonly [number, number],
  start: number,
  rate: number,
): Pick<AffineMap, 'fill' | 'fillScaled' | 'accumulate'> {
  const [, C] = map.shape;
  const [k, l] = kernelSizeOf(map);
  const buffer = reusedDoubles();
  const accumulate: AffineMap['accumulate'] = (target, from, to, factors, sign) => {
    const small = buffer((to - from) * C * k * l);
    map.fill(small, from, to);
    for (let o = from, at = 0, plane = start; o < to; o++) {
      const factor = factors ? sign * factors[o] : sign;
      // A 1x1 kernel, the commonest, has one tap a plane: without loops over taps it is many times faster.
      if (k * l === 1) for (let c = 0; c < C; c++, plane += K * L) target[plane] += factor * small[at++];
      else
        for (let c = 0; c < C; c++, plane += K * L)
          for (let u = 0; u < k; u++) for (let v = 0; v < l; v++) target[plane + (u * L + v) * rate] += factor * small[at++];
    }
  };
  const fill = (target: Float64Array, from: number, to: number): void => {
    target.fill(0);
    accumulate(target, from, to, null, 1);
  };
  return { fill, fillScaled: undefined, accumulate };
}

/** A dilated kernel with its zeros written out: K becomes rate (K - 1) + 1. */
export function dilateToDense(map: AffineMap, rate: number): AffineMap {
  if (!Number.isInteger(rate) || rate < 1) throw new Refusal(`a dilation rate is a whole number from 1, got ${rate}`);
  if (rate === 1) return map;
  const [O, C] = map.shape;
  const [k, l] = kernelSizeOf(map);
  const [K, L] = [rate * (k - 1) + 1, rate * (l - 1) + 1];
  return { ...map, shape: [O, C, K, L], ...spread(map, [K, L], 0, rate) };
}

/** The sum of maps, the first as it is and the others times `sign`. Throws Refusal where shapes differ. */
export function sumOf(maps: readonly AffineMap[], sign: 1 | -1 = 1): AffineMap {
  const [first, ...others] = maps;
  const stranger = others.find(({ shape }) => !sameShape(shape, first.shape));
  if (stranger) throw new Refusal(`branches of different shapes cannot be added: ${shapeOf(first)} and ${shapeOf(stranger)}`);
  const buffer = reusedDoubles();
  const fill = (target: Float64Array, from: number, to: number): void => {
    first.fill(target, from, to);
    for (const other of others) {
      if (other.accumulate) {
        other.accumulate(target, from, to, null, sign);
        continue;
      }
      const values = buffer(target.length);
      other.fill(values, from, to);
      addTimes(target, values, sign);
    }
  };
  return { shape: first.shape, bias: sumOfBiases(maps, sign), groups: maps.find(({ groups }) => groups !== undefined)?.groups, fill };
}

function addTimes(total: Float64Array, values: Float64Array, sign: number): void {
  for (let i = 0; i < total.length; i++) total[i] += sign * values[i];
}

function sumOfBiases(maps: readonly AffineMap[], sign: number): Float64Array | null {
  if (maps.every(({ bias }) => bias === null)) return null;
  const total = maps[0].bias?.slice() ?? new Float64Array(maps[0].shape[0]);
  for (const { bias } of maps.slice(1)) if (bias) addTimes(total, bias, sign);
  return total;
}

/** Outputs of several maps one after the other: groups that were kept apart, as one grouped map. */
export function concatGroups(maps: readonly AffineMap[]): AffineMap {
  const [first] = maps;
  const stranger = maps.find((map) => !sameShape(map.shape.slice(1), first.shape.slice(1)));
  if (stranger) throw new Refusal(`maps that read different inputs cannot be put together: ${shapeOf(first)} and ${shapeOf(stranger)}`);
  const outputs = maps.reduce((sum, { shape }) => sum + shape[0], 0);
  const values = new Float64Array(outputs * rowLength(first));
  const bias = maps.some((map) => map.bias) ? new Float64Array(outputs) : null;
  let at = 0;
  for (const map of maps) {
    values.set(allRows(map), at * rowLength(first));
    if (map.bias) bias?.set(map.bias, at);
    at += map.shape[0];
  }
  return mapOfValues([outputs, ...first.shape.slice(1)], values, bias, maps.length);
}

/**
 * "Re-parameterized refocusing": all (O C) planes of the kernel seen as channels of one image, run through the convolution
 * `map` (zero padding), added to the kernel. `map` has shape (O C, planes a group, k, k).
 */
export function refocus(kernel: AffineMap, map: AffineMap): AffineMap {
  const [O, C] = kernel.shape;
  const [K, L] = kernelSizeOf(kernel);
  const [planes, perGroup, k, l] = map.shape;
  if (planes !== O * C || planes % perGroup !== 0)
    throw new Refusal(`the refocusing map (${shapeOf(map)}) does not fit a kernel of ${O * C} planes (${shapeOf(kernel)})`);
  if (k % 2 === 0 || l % 2 === 0) throw new Refusal(`the refocusing map is ${k}x${l}: an even kernel has no centre`);
  const [base, weights] = [allRows(kernel), allRows(map)];
  const result = base.slice();
  const sizes = { K, L, k, l };
  for (let plane = 0; plane < planes; plane++) {
    const firstPlane = Math.floor(plane / perGroup) * perGroup;
    for (let c = 0; c < perGroup; c++) {
      const filter = weights.subarray((plane * perGroup + c) * k * l, (plane * perGroup + c + 1) * k * l);
      addFiltered(result, plane * K * L, base, (firstPlane + c) * K * L, filter, sizes);
    }
    if (map.bias) for (let i = 0; i < K * L; i++) result[plane * K * L + i] += map.bias[plane];
  }
  return mapOfValues(kernel.shape, result, kernel.bias, kernel.groups);
}

/** target[y, x] += sum over u, v of filter[u, v] source[y + u - k/2, x + v - l/2]. */
function addFiltered(
  target: Float64Array,
  to: number,
  source: Float64Array,
  from: number,
  filter: Float64Array,
  { K, L, k, l }: { K: number; L: number; k: number; l: number },
): void {
  for (let y = 0; y < K; y++) {
    for (let x = 0; x < L; x++) {
      for (let u = 0; u < k; u++) {
        for (let v = 0; v < l; v++) {
          const [a, b] = [y + u - (k - 1) / 2, x + v - (l - 1) / 2];
          if (a >= 0 && a < K && b >= 0 && b < L) target[to + y * L + x] += filter[u * l + v] * source[from + a * L + b];
        }
      }
    }
  }
}
