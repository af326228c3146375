// How far one weight moved between two files: in size, as a share, in rank, and in which cell most. Invariant: whatever is not the
// same value counts as moved, NaN against anything but NaN as infinitely far; sums run in double precision.
import { isFloating, toFloat32, toFloat64 } from '../../tensor/convert';
import { randomFrom, seed } from '../../tensor/random';
import { elementCount, sameShape, type Tensor } from '../../tensor/tensor';
import { indexOf } from '../compare-arrays';
import type { MovedWeight } from './report';

type Numbers = Float64Array | Float32Array;

/** A change without its names and words. */
export type WeightChange = Omit<MovedWeight, 'name' | 'inB' | 'worst'> & {
  /** Flat place of the largest difference, and both values there. */
  readonly worst: { readonly offset: number; readonly index: readonly number[]; readonly a: number; readonly b: number };
};

/** Whether two tensors are the same, element type and all. */
export function isSameTensor(a: Tensor, b: Tensor): boolean {
  if (a === b) return true;
  if (a.dtype !== b.dtype || !sameShape(a.shape, b.shape)) return false;
  const [x, y] = [a.data, b.data].map(wordsOf);
  if (x.length !== y.length) return false;
  for (let i = 0; i < x.length; i++) if (x[i] !== y[i]) return false;
  return true;
}

/** The bytes, four at a time where they allow it. */
function wordsOf({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint32Array | Uint8Array {
  return byteOffset % 4 === 0 && byteLength % 4 === 0
    ? new Uint32Array(buffer, byteOffset, byteLength / 4)
    : new Uint8Array(buffer, byteOffset, byteLength);
}

/** The values to be compared: doubles where one side has more digits than float32. */
export function comparedValues(a: Tensor, b: Tensor): readonly [Numbers, Numbers] {
  const single = [a, b].every(({ dtype }) => isFloating(dtype) && dtype !== 'float64');
  return single ? [toFloat32(a).data, toFloat32(b).data] : [toFloat64(a), toFloat64(b)];
}

/** What moved from `a` to `b`, of one shape; null where every value is the same (in whatever type each is stored). */
export function changeOf(a: Tensor, b: Tensor): WeightChange | null {
  if (isSameTensor(a, b)) return null;
  const [before, after] = comparedValues(a, b);
  const sums = differences(before, after);
  if (sums.changed === 0) return null;
  const { worst, scale, squares, squaresBefore, changed, maxAbs } = sums;
  const [norm, normBefore] = [Math.sqrt(squares), Math.sqrt(squaresBefore)];
  const shape = [...a.shape];
  return {
    shape,
    changed,
    values: elementCount(shape),
    maxAbs,
    maxRel: maxAbs / scale,
    norm,
    relative: norm / normBefore,
    ...changeRank(before, after, shape, scale),
    worst: { offset: worst, index: indexOf(worst, shape), a: before[worst], b: after[worst] },
  };
}

function differences(before: Numbers, after: Numbers) {
  let [changed, maxAbs, worst, scale, squares, squaresBefore] = [0, -1, 0, 0, 0, 0];
  for (let i = 0; i < before.length; i++) {
    const [a, b] = [before[i], after[i]];
    const size = Math.abs(a);
    if (size > scale) scale = size;
    squaresBefore += a * a;
    if (a === b || (a !== a && b !== b)) continue;
    changed++;
    const moved = Math.abs(b - a);
    const distance = moved === moved ? moved : Infinity;
    squares += distance * distance;
    if (distance > maxAbs) [maxAbs, worst] = [distance, i];
  }
  return { changed, maxAbs, worst, scale, squares, squaresBefore };
}

/** Ranks are told apart up to here. */
const MOST_RANK = 8;
/** What float32 leaves of a value it rounds. */
const ROUNDING = 2 ** -24;

/**
 * Rank of the change as a matrix of first axis x all others, as far as MOST_RANK. Seen in its product with a few random columns,
 * which has the rank of the matrix as long as there are more of them. What rounding both files to float32 can leave counts as nothing.
 */
function changeRank(before: Numbers, after: Numbers, shape: readonly number[], scale: number): Pick<WeightChange, 'rank' | 'rankAtLeast'> {
  const rows = shape.length < 2 ? 1 : shape[0];
  const columns = before.length / Math.max(rows, 1);
  const K = MOST_RANK + 1;
  const random = randomFrom(seed(1));
  const probes = Float64Array.from({ length: columns * K }, () => random.normal());
  const seen: Float64Array[] = [];
  for (let r = 0; r < rows; r++) {
    const row = probedRow(before, after, r * columns, columns, probes, K);
    if (row !== null) seen.push(row);
  }
  const noise = 4 * ROUNDING * scale * Math.sqrt(columns);
  const rank = rankOf(seen, K, noise);
  // Of values that are not finite nothing but that they moved is known.
  return { rank: Math.max(1, Math.min(rank, MOST_RANK)), rankAtLeast: rank > MOST_RANK };
}

/** One row of the change times the probes; null where nothing in it moved. */
function probedRow(before: Numbers, after: Numbers, from: number, columns: number, probes: Float64Array, K: number): Float64Array | null {
  let sums: Float64Array | null = null;
  for (let c = 0; c < columns; c++) {
    const change = after[from + c] - before[from + c];
    if (change === 0 || !Number.isFinite(change)) continue;
    sums ??= new Float64Array(K);
    for (let k = 0; k < K; k++) sums[k] += change * probes[c * K + k];
  }
  return sums;
}

/** Rank of few-columned rows by elimination with full pivoting; what is at most `noise`, or what elimination leaves of the largest, is zero. */
function rankOf(rows: readonly Float64Array[], K: number, noise: number): number {
  let floor = noise;
  for (let rank = 0; rank < K; rank++) {
    const { row, column, size } = largestEntry(rows);
    if (rank === 0) floor = Math.max(noise, size * 1e-6);
    // A single pivot that stands out of rounding is no rounding.
    if (size === 0 || (rank > 0 && size <= floor)) return rank;
    const pivot = Float64Array.from(rows[row]);
    for (const other of rows) {
      const factor = other[column] / pivot[column];
      if (factor !== 0) for (let k = 0; k < K; k++) other[k] -= factor * pivot[k];
      other[column] = 0;
    }
  }
  return K;
}

function largestEntry(rows: readonly Float64Array[]): { row: number; column: number; size: number } {
  let found = { row: 0, column: 0, size: 0 };
  rows.forEach((values, row) =>
    values.forEach((value, column) => {
      if (Math.abs(value) > found.size) found = { row, column, size: Math.abs(value) };
    }),
  );
  return found;
}
