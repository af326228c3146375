// Doubles to the stored type, rounded once, a few rows at a time so that a large layer is never held in doubles.
import { toFloatType } from '../../../tensor/convert';
import { elementCount, type TensorData } from '../../../tensor/tensor';
import { rowLength, type AffineMap } from './affine-map';
import { Refusal } from './refusal';

/** Floating types a merged tensor can be stored in. */
export type FloatName = 'float64' | 'float32' | 'float16' | 'bfloat16';

/** Values computed at once: enough to keep loops long, few enough to stay in the cache. */
const CHUNK_VALUES = 1 << 15;

/** The values of a map in `dtype`. Throws Refusal naming `what` where one is not finite. */
export function roundedRows(map: AffineMap, dtype: FloatName, what: string): TensorData {
  const [outputs, length] = [map.shape[0], Math.max(1, rowLength(map))];
  const chunk = Math.max(1, Math.floor(CHUNK_VALUES / length));
  const values = new Float64Array(Math.min(outputs, chunk) * length);
  const doubles = dtype === 'float64' ? new Float64Array(elementCount(map.shape)) : null;
  const floats = doubles ? null : new Float32Array(elementCount(map.shape));
  for (let from = 0; from < outputs; from += chunk) {
    const to = Math.min(outputs, from + chunk);
    const part = to - from === chunk ? values : values.subarray(0, (to - from) * length);
    map.fill(part, from, to);
    if (floats && dtype === 'float32' && storeFloats(floats, part, from * length)) continue;
    expectFinite(part, from, length, what);
    if (dtype === 'float16' || dtype === 'bfloat16') roundToOdd(part);
    if (floats) storeFloats(floats, part, from * length);
    doubles?.set(part, from * length);
  }
  if (doubles) return doubles;
  const result = floats ?? new Float32Array(0);
  if (dtype !== 'float16' && dtype !== 'bfloat16') return result;
  return toFloatType({ shape: map.shape, dtype: 'float32', data: result }, dtype).data;
}

/** Rounds by a plain loop, for a typed array's own conversion is many times slower; false where a value is not finite. */
function storeFloats(target: Float32Array, values: Float64Array, first: number): boolean {
  let nothing = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    nothing += value * 0;
    target[first + i] = value;
  }
  return nothing === 0;
}

function expectFinite(values: Float64Array, from: number, length: number, what: string): void {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i] * 0;
  if (sum === 0) return;
  const at = values.findIndex((value) => !Number.isFinite(value));
  throw new Refusal(
    `${what} would be ${values[at]} at output ${from + Math.floor(at / length)}: the weights it is made of hold NaN or infinity`,
  );
}

const scratch = new Float32Array(1);
const bits = new Uint32Array(scratch.buffer);

/**
 * Doubles to floats such that a second rounding to half precision gives what one rounding would: a float that is not exact is
 * taken towards zero and its last bit set (rounding to odd).
 */
function roundToOdd(values: Float64Array): void {
  for (let i = 0; i < values.length; i++) {
    scratch[0] = values[i];
    if (scratch[0] === values[i] || !Number.isFinite(scratch[0])) continue;
    if (Math.abs(scratch[0]) > Math.abs(values[i])) bits[0] -= 1;
    bits[0] |= 1;
    values[i] = scratch[0];
  }
}
