// Compares one layer's outputs in train and merged form. Invariant: anything that is not a finite number
// is a difference of infinity, so that NaN never passes as equal.
import type { LayerComparison } from '../merge/report';

/** An array of outputs: (N, C, H, W) or (N, features). */
export interface OutputArray {
  readonly shape: readonly number[];
  readonly data: Float32Array | Float64Array;
}

/** What a forward pass left: the network's output and every leaf's, by path. */
export interface NetworkOutputs {
  readonly output: OutputArray;
  readonly layers: ReadonlyMap<string, OutputArray>;
}

/** maxAbs, the scale max |train|, and where the largest difference is. */
export type Difference = Pick<LayerComparison, 'maxAbs' | 'maxRel' | 'scale' | 'worst'>;

/** Largest difference between two arrays of one shape. Throws RangeError if the shapes differ in size. */
export function differenceOf(train: OutputArray, merged: OutputArray): Difference {
  const difference = new RunningDifference();
  difference.add(train, merged);
  return difference.found();
}

/** The difference between two arrays of which part after part is added, the same as between the wholes. */
export class RunningDifference {
  #maxAbs = -1;
  #scale = 0;
  #samples = 0;
  #worst: Difference['worst'] = { index: [], train: NaN, merged: NaN };

  /** Adds the next samples of both. Throws RangeError if their shapes differ in size. */
  add(train: OutputArray, merged: OutputArray): void {
    const [a, b] = [train.data, merged.data];
    if (a.length !== b.length) throw new RangeError(`cannot compare ${a.length} values with ${b.length}`);
    const { maxAbs, scale, at } = largestDifference(a, b, { maxAbs: this.#maxAbs, scale: this.#scale });
    if (at >= 0) this.#worst = { index: this.#indexOf(at, train.shape), train: a[at], merged: b[at] };
    [this.#maxAbs, this.#scale] = [maxAbs, scale];
    this.#samples += train.shape[0] ?? 0;
  }

  found(): Difference {
    const maxAbs = Math.max(this.#maxAbs, 0);
    return { maxAbs, maxRel: relative(maxAbs, this.#scale), scale: this.#scale, worst: this.#worst };
  }

  /** Counted from the first sample of all. */
  #indexOf(offset: number, shape: readonly number[]): number[] {
    const [sample, ...rest] = indexOf(offset, shape);
    return sample === undefined ? [] : [sample + this.#samples, ...rest];
  }
}

/** The largest difference above `maxAbs` and where it is (-1 where there is none), and the largest |a|, `scale` at least. */
function largestDifference(
  a: OutputArray['data'],
  b: OutputArray['data'],
  least: { readonly maxAbs: number; readonly scale: number },
): { maxAbs: number; scale: number; at: number } {
  let { maxAbs, scale } = least;
  let at = -1;
  for (let i = 0; i < a.length; i++) {
    const value = a[i];
    const distance = Math.abs(value - b[i]);
    // False for NaN too, which is rare: what follows is seldom run.
    if (!(distance <= maxAbs)) {
      const difference = Number.isNaN(distance) ? Infinity : distance;
      if (difference > maxAbs) {
        maxAbs = difference;
        at = i;
      }
    }
    const size = Math.abs(value);
    if (size > scale) scale = size;
  }
  return { maxAbs, scale, at };
}

/** Whether two float32 arrays of one length hold the same bits; false for others. */
export function sameBits(a: OutputArray['data'], b: OutputArray['data']): boolean {
  if (!(a instanceof Float32Array && b instanceof Float32Array) || a.length !== b.length) return false;
  const [bitsA, bitsB] = [a, b].map(({ buffer, byteOffset, length }) => new Int32Array(buffer, byteOffset, length));
  for (let i = 0; i < bitsA.length; i++) if (bitsA[i] !== bitsB[i]) return false;
  return true;
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
  const agreement = new RunningAgreement();
  agreement.add(train, merged);
  return agreement.share();
}

/** `argMaxAgreement` of outputs of which part after part is added. */
export class RunningAgreement {
  #agreeing = 0;
  #samples = 0;
  #ofClasses = true;

  add(train: OutputArray, merged: OutputArray): void {
    if (train.shape.length !== 2) this.#ofClasses = false;
    if (!this.#ofClasses) return;
    const [samples, classes] = train.shape;
    for (let n = 0; n < samples; n++) {
      const [a, b] = [train, merged].map(({ data }) => largestAt(data, n * classes, classes));
      if (a !== null && a === b) this.#agreeing++;
    }
    this.#samples += samples;
  }

  share(): number | null {
    return this.#ofClasses ? this.#agreeing / this.#samples : null;
  }
}

function largestAt(data: OutputArray['data'], first: number, count: number): number | null {
  let at = 0;
  for (let i = 0; i < count; i++) {
    if (Number.isNaN(data[first + i])) return null;
    if (data[first + i] > data[first + at]) at = i;
  }
  return at;
}
