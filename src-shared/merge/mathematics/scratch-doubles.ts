// Where a merge keeps the factors and kernels it folds in double precision. New arrays cost more than the folding itself: fresh
// memory has to be had from the system and cleared. So one block's arrays serve the next.

/** Gives `length` zeros. */
export type Doubles = (length: number) => Float64Array;

/** Arrays to keep. */
export const newDoubles: Doubles = (length) => new Float64Array(length);

/** More than any published block needs; what is larger is not kept. */
const MOST_KEPT = 2 ** 20;

let kept = new Float64Array(0);
let used = 0;

/** Runs `work` with arrays that are its own until it ends; not to be called from within itself. */
export function withScratch<T>(work: (doubles: Doubles) => T): T {
  used = 0;
  return work(scratchDoubles);
}

function scratchDoubles(length: number): Float64Array {
  if (length > MOST_KEPT) return new Float64Array(length);
  if (used + length > kept.length) {
    kept = new Float64Array(Math.min(MOST_KEPT, 2 * (used + length)));
    used = 0;
  }
  used += length;
  return kept.subarray(used - length, used).fill(0);
}
