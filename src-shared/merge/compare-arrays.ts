// Compares one layer's outputs in train and merged form. Invariant: anything that is not a finite number
// is a difference of infinity, so that NaN never passes as equal.
import type { LayerComparison } from './report';

/** An array of outputs: (N, C, H, W) or (N, features). */
export interface OutputArray {
  readonly shape: readonly number[];
  readonly data: Float32Array | Float64Array;
}

/** maxAbs, the scale max |train|, and where the largest difference is. */
export type Difference = Pick<LayerComparison, 'maxAbs' | 'maxRel' | 'scale' | 'worst'>;

/** Largest difference between two arrays of one shape. Throws RangeError if the shapes differ in size. */
export function differenceOf(train: OutputArray, merged: OutputArray): Difference {
  const [a, b] = [train.data, merged.data];
  if (a.length !== b.length) throw new RangeError(`cannot compare ${a.length} values with ${b.length}`);
  let [maxAbs, scale, at] = [-1, 0, 0];
  for (let i = 0; i < a.length; i++) {
    const distance = Math.abs(a[i] - b[i]);
    const difference = Number.isNaN(distance) ? Infinity : distance;
    if (difference > maxAbs) [maxAbs, at] = [difference, i];
    const size = Math.abs(a[i]);
    if (size > scale) scale = size;
  }
  maxAbs = Math.max(maxAbs, 0);
  return { maxAbs, maxRel: relative(maxAbs, scale), scale, worst: { index: indexOf(at, train.shape), train: a[at], merged: b[at] } };
}

function relative(maxAbs: number, scale: number): number {
  if (maxAbs === 0) return 0;
  return maxAbs === Infinity ? Infinity : maxAbs / scale;
}

/** Position of a flat offset in a row-major array. */
export function indexOf(offset: number, shape: readonly number[]): number[] {
  let rest = offset;
  return shape
    .toReversed()
    .map((size) => {
      const index = rest % size;
      rest = Math.floor(rest / size);
      return index;
    })
    .reverse();
}

/** Share of samples whose largest output is at the same place, for (N, classes) outputs; null for others. A sample with NaN has no largest. */
export function argMaxAgreement(train: OutputArray, merged: OutputArray): number | null {
  if (train.shape.length !== 2) return null;
  const [samples, classes] = train.shape;
  let agreeing = 0;
  for (let n = 0; n < samples; n++) {
    const [a, b] = [train, merged].map(({ data }) => largestAt(data, n * classes, classes));
    if (a !== null && a === b) agreeing++;
  }
  return agreeing / samples;
}

function largestAt(data: OutputArray['data'], first: number, count: number): number | null {
  let at = 0;
  for (let i = 0; i < count; i++) {
    if (Number.isNaN(data[first + i])) return null;
    if (data[first + i] > data[first + at]) at = i;
  }
  return at;
}
