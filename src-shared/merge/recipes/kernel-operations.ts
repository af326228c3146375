// Operations that make one kernel of another: identity and average pool as kernels, zero-padding, dilation spread out,
// sums. Invariant: what is added has the same shape; centres meet centres, so every size differs by an even number.
import { sameShape } from '../../tensor/tensor';
import { allRows, kernelSizeOf, mapOfValues, rowLength, shapeOf, type AffineMap } from './affine-map';
import { Refusal } from './refusal';

/** The kernel of y = x, of the shape of `like`: 1 at (o, o mod C/groups, centre). Throws Refusal where inputs and outputs cannot be equal in number. */
export function identityKernel({ shape }: AffineMap): AffineMap {
  const [O, C] = shape;
  const [K, L] = kernelSizeOf({ shape });
  if (O % C !== 0)
    throw new Refusal(`an identity needs as many inputs as outputs: ${shapeOf({ shape })} has ${O} outputs and ${C} inputs a group`);
  if (K % 2 === 0 || L % 2 === 0) throw new Refusal(`an identity needs a kernel with a centre: ${K}x${L} has none`);
  const centre = ((K - 1) / 2) * L + (L - 1) / 2;
  const rows = (from: number, to: number): Float64Array => {
    const values = new Float64Array((to - from) * C * K * L);
    for (let o = from; o < to; o++) values[((o - from) * C + (o % C)) * K * L + centre] = 1;
    return values;
  };
  return { shape, bias: null, groups: O / C, rows };
}

/** Average pooling (zeros of the padding counted) as a depthwise kernel (O, 1, K, L) of 1/(K L), O, K and L those of `like`. */
export function averagePoolKernel(like: AffineMap): AffineMap {
  const [K, L] = kernelSizeOf(like);
  const shape = [like.shape[0], 1, K, L];
  return { shape, bias: null, rows: (from, to) => new Float64Array((to - from) * K * L).fill(1 / (K * L)) };
}

/** The kernel in the middle of one of the size of `like`. Throws Refusal where it is larger or the centres do not meet. */
export function padTo(map: AffineMap, like: AffineMap): AffineMap {
  const [k, l] = kernelSizeOf(map);
  const [K, L] = kernelSizeOf(like);
  if (k === K && l === L) return map;
  if (k > K || l > L || (K - k) % 2 !== 0 || (L - l) % 2 !== 0)
    throw new Refusal(`a ${k}x${l} kernel has no place in the middle of a ${K}x${L} one`);
  const C = map.shape[1];
  const first = ((K - k) / 2) * L + (L - l) / 2;
  const rows = (from: number, to: number): Float64Array => {
    const small = map.rows(from, to);
    const large = new Float64Array((to - from) * C * K * L);
    for (let plane = 0, at = 0; plane < (to - from) * C; plane++) {
      for (let u = 0; u < k; u++) for (let v = 0; v < l; v++) large[plane * K * L + first + u * L + v] = small[at++];
    }
    return large;
  };
  return { ...map, shape: [map.shape[0], C, K, L], rows };
}

/** A dilated kernel with its zeros written out: K becomes rate (K - 1) + 1. */
export function dilateToDense(map: AffineMap, rate: number): AffineMap {
  if (!Number.isInteger(rate) || rate < 1) throw new Refusal(`a dilation rate is a whole number from 1, got ${rate}`);
  if (rate === 1) return map;
  const [O, C] = map.shape;
  const [k, l] = kernelSizeOf(map);
  const [K, L] = [rate * (k - 1) + 1, rate * (l - 1) + 1];
  const rows = (from: number, to: number): Float64Array => {
    const small = map.rows(from, to);
    const large = new Float64Array((to - from) * C * K * L);
    for (let plane = 0, at = 0; plane < (to - from) * C; plane++) {
      for (let u = 0; u < k; u++) for (let v = 0; v < l; v++) large[plane * K * L + u * rate * L + v * rate] = small[at++];
    }
    return large;
  };
  return { ...map, shape: [O, C, K, L], rows };
}

/** The sum of maps, the first as it is and the others times `sign`. Throws Refusal where shapes differ. */
export function sumOf(maps: readonly AffineMap[], sign: 1 | -1 = 1): AffineMap {
  const [first, ...others] = maps;
  const stranger = others.find(({ shape }) => !sameShape(shape, first.shape));
  if (stranger) throw new Refusal(`branches of different shapes cannot be added: ${shapeOf(first)} and ${shapeOf(stranger)}`);
  const rows = (from: number, to: number): Float64Array => {
    const total = first.rows(from, to);
    for (const other of others) addTimes(total, other.rows(from, to), sign);
    return total;
  };
  return { shape: first.shape, bias: sumOfBiases(maps, sign), groups: maps.find(({ groups }) => groups !== undefined)?.groups, rows };
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
