// Figure 5 of arXiv 2105.01883: how one output position of FC3 depends on every position of one input channel, as
// ln(|w| / min |w|) with the minimum over that h x w slice, before and after the merge. Its property, printed there: the
// merge adds nothing outside the largest kernel's window, so there both maps differ by one constant, the minimum's move.
import { largestOf } from '../base/extremes';
import type { FcShape } from './geometry';
import { windowOf, type MapChoice } from './slices';

/** The cell that the paper shows of a 10 x 10 partition, (6, 6) of output channel 0 over input channel 0, in one of h x w. */
export function figure5Choice({ h, w }: Pick<FcShape, 'h' | 'w'>): MapChoice {
  return { o: 0, i: Math.floor(h * 0.6), j: Math.floor(w * 0.6), c: 0 };
}

/** ln(|w| / min |w|) of an h x w slice, row-major. A zero weight is -infinity; the minimum is over weights that are numbers other than zero. */
export function logRatios(slice: ArrayLike<number>): Float64Array {
  const weights = Array.from(slice, Math.abs);
  const smallest = weights.reduce((least, weight) => (weight > 0 && weight < least ? weight : least), Number.POSITIVE_INFINITY);
  return Float64Array.from(weights, (weight) => Math.log(weight / smallest));
}

/** How after minus before behaves outside the largest kernel's window. */
export interface OutsideDifference {
  /** Mean over the cells that are numbers in both maps. */
  readonly constant: number;
  /** Largest deviation from the mean; infinite where a weight is an ordinary number in one map alone. */
  readonly spread: number;
  /** Cells compared; 0 where none is a number in both. */
  readonly cells: number;
  /** Whether that is one constant, rounding aside. */
  readonly holds: boolean;
}

/** Both maps are logarithms of float32 weights: relative rounding of 6e-8 per weight and per minimum, far below this. */
const ONE_CONSTANT = 1e-5;

/**
 * The property of figure 5 for the maps of output position (i, j): after minus before over the cells outside the K x K
 * window, K being the largest kernel. null where the window covers the map: there is no outside.
 */
export function outsideDifference(
  shape: Pick<FcShape, 'h' | 'w'>,
  { i, j }: Pick<MapChoice, 'i' | 'j'>,
  K: number,
  before: ArrayLike<number>,
  after: ArrayLike<number>,
): OutsideDifference | null {
  const window = windowOf(shape, K, i, j);
  if (window.rows === shape.h && window.columns === shape.w) return null;
  const inside = (a: number, b: number): boolean =>
    a >= window.row && a < window.row + window.rows && b >= window.column && b < window.column + window.columns;
  const differences: number[] = [];
  let vanished = false;
  for (let k = 0; k < shape.h * shape.w; k++) {
    if (inside(Math.floor(k / shape.w), k % shape.w)) continue;
    const difference = after[k] - before[k];
    if (Number.isFinite(difference)) differences.push(difference);
    // A zero, or no number, that is an ordinary weight in the other map.
    else if (Number.isFinite(before[k]) || Number.isFinite(after[k])) vanished = true;
  }
  const constant = differences.reduce((sum, d) => sum + d, 0) / differences.length;
  const spread = vanished ? Infinity : largestOf(differences.map((d) => Math.abs(d - constant)));
  return { constant, spread, cells: differences.length, holds: differences.length > 0 && spread < ONE_CONSTANT };
}
