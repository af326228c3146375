// Distribution of a matrix's values: what the legend's histogram, the percentile limits and the rank
// scale are computed from. Bins are fixed in advance by the extremes, so one pass suffices; every result
// says how fine it is. NaN and infinities are counted and left out.
import { largestOf, smallestOf } from '../base/extremes';
import { INFINITE_FROM, VOID } from '../colour/cell-value';
import type { MatrixSource } from './source';

/** Bins over the magnitudes 0..maxAbs, for each sign. Percentiles are exact to maxAbs / BINS. */
export const BINS = 8192;

export interface MatrixStatistics {
  readonly min: number;
  readonly max: number;
  readonly maxAbs: number;
  /** Picture cell of the first value of largest magnitude; null when there is none. */
  readonly maxAbsAt: { readonly row: number; readonly column: number } | null;
  /** Smallest magnitude that is not zero. */
  readonly minAbs: number;
  readonly mean: number;
  readonly count: number;
  readonly zeros: number;
  readonly nans: number;
  readonly infinities: number;
  /** Counts by magnitude of the values below zero, and of those from zero on. */
  readonly negative: Float64Array;
  readonly positive: Float64Array;
}

/** Largest finite magnitude; 0 where there is none. */
export function largestMagnitude(values: ArrayLike<number>): number {
  let largest = 0;
  for (let k = 0; k < values.length; k++) {
    const magnitude = Math.abs(values[k]);
    if (magnitude > largest && magnitude < Infinity) largest = magnitude;
  }
  return largest;
}

/** Everything counted at once. */
export function statisticsOf(source: MatrixSource, extremes: { min: number; max: number }): MatrixStatistics {
  const work = gatherStatistics(source, extremes);
  for (let step = work.next(); ; step = work.next()) if (step.done) return step.value;
}

/** Counts while it reads; pauses after each row so that the caller can answer others. */
export function* gatherStatistics(source: MatrixSource, extremes: { min: number; max: number }): Generator<number, MatrixStatistics> {
  const maxAbs = Math.max(Math.abs(extremes.min), Math.abs(extremes.max), 0);
  const tally = newTally(maxAbs);
  for (let row = 0; row < source.rows; row++) {
    const [start, end] = source.span(row, row + 1);
    const found = count(source.segment(row, start, end), tally);
    if (found >= 0) tally.maxAbsAt ??= { row, column: start + found };
    addZeros(tally, source.columns - (end - start));
    yield (row + 1) / source.rows;
  }
  const { sum, ...counted } = tally;
  const [min, max] = tally.count > 0 ? [extremes.min, extremes.max] : [0, 0];
  const minAbs = tally.minAbs === Infinity ? 0 : tally.minAbs;
  return { ...counted, min, max, minAbs, mean: tally.count > 0 ? sum / tally.count : 0 };
}

interface Tally {
  readonly scale: number;
  readonly maxAbs: number;
  maxAbsAt: { row: number; column: number } | null;
  readonly negative: Float64Array;
  readonly positive: Float64Array;
  count: number;
  sum: number;
  zeros: number;
  nans: number;
  infinities: number;
  minAbs: number;
}

function newTally(maxAbs: number): Tally {
  const scale = maxAbs > 0 ? BINS / maxAbs : 0;
  const bins = (): Float64Array => new Float64Array(BINS);
  return {
    scale,
    maxAbs,
    maxAbsAt: null,
    negative: bins(),
    positive: bins(),
    count: 0,
    sum: 0,
    zeros: 0,
    nans: 0,
    infinities: 0,
    minAbs: Infinity,
  };
}

function addZeros(tally: Tally, zeros: number): void {
  tally.zeros += zeros;
  tally.count += zeros;
  tally.positive[0] += zeros;
}

/** Counts one row's cells; gives the place of the first of largest magnitude, -1 without. */
function count(cells: Float32Array, tally: Tally): number {
  const { scale, maxAbs, negative, positive } = tally;
  let found = -1;
  let { sum, minAbs } = tally;
  let ordinary = 0;
  for (let k = 0; k < cells.length; k++) {
    const value = cells[k];
    const magnitude = Math.abs(value);
    if (!(magnitude < INFINITE_FROM)) {
      countSpecial(value, tally);
      continue;
    }
    ordinary++;
    sum += value;
    if (magnitude === maxAbs && found < 0) found = k;
    if (magnitude === 0) tally.zeros++;
    else if (magnitude < minAbs) minAbs = magnitude;
    const bin = Math.min((magnitude * scale) | 0, BINS - 1);
    if (value < 0) negative[bin]++;
    else positive[bin]++;
  }
  tally.count += ordinary;
  tally.sum = sum;
  tally.minAbs = minAbs;
  return found;
}

function countSpecial(value: number, tally: Tally): void {
  if (value === VOID) return;
  if (Number.isNaN(value)) tally.nans++;
  else tally.infinities++;
}

/** Magnitude below which `share` (0..1) of the values lie, exact to maxAbs / BINS, never below the exact value. */
export function magnitudePercentile(statistics: MatrixStatistics, share: number): number {
  const { negative, positive, count: total, maxAbs } = statistics;
  let seen = 0;
  for (let bin = 0; bin < BINS; bin++) {
    seen += negative[bin] + positive[bin];
    if (seen >= share * total) return ((bin + 1) / BINS) * maxAbs;
  }
  return maxAbs;
}

/** Table of `length` + 1 shares: entry k is the share of values other than zero with magnitude below k / length * maxAbs. */
export function magnitudeShares(statistics: MatrixStatistics, length: number): Float32Array {
  const { negative, positive, count: total, zeros } = statistics;
  const table = new Float32Array(length + 1);
  const perEntry = BINS / length;
  let seen = -zeros;
  for (let k = 0; k < length; k++) {
    table[k] = Math.max(seen, 0) / Math.max(total - zeros, 1);
    for (let bin = k * perEntry; bin < (k + 1) * perEntry; bin++) seen += negative[bin] + positive[bin];
  }
  table[length] = 1;
  return table;
}

/** Counts in `length` equal bins between -maxAbs and maxAbs (the legend's bars). */
export function signedHistogram(statistics: MatrixStatistics, length: number): Float64Array {
  const bars = new Float64Array(length);
  const half = length / 2;
  for (let bin = 0; bin < BINS; bin++) {
    const offset = Math.floor((bin / BINS) * half);
    bars[half + offset] += statistics.positive[bin];
    bars[half - 1 - offset] += statistics.negative[bin];
  }
  return bars;
}

/** One distribution for several matrices on a shared scale; bins are re-cut to the largest maxAbs. */
export function combine(parts: readonly MatrixStatistics[]): MatrixStatistics {
  const maxAbs = largestOf(
    parts.map((part) => part.maxAbs),
    0,
  );
  const negative = new Float64Array(BINS);
  const positive = new Float64Array(BINS);
  for (const part of parts) {
    recut(part.negative, part.maxAbs, negative, maxAbs);
    recut(part.positive, part.maxAbs, positive, maxAbs);
  }
  const total = (key: 'count' | 'zeros' | 'nans' | 'infinities'): number => parts.reduce((sum, part) => sum + part[key], 0);
  const magnitudes = parts.map((part) => part.minAbs).filter((magnitude) => magnitude > 0);
  const count = total('count');
  return {
    min: smallestOf(parts.map((part) => part.min)),
    max: largestOf(parts.map((part) => part.max)),
    maxAbs,
    maxAbsAt: parts.find((part) => part.maxAbs === maxAbs)?.maxAbsAt ?? null,
    minAbs: magnitudes.length > 0 ? smallestOf(magnitudes) : 0,
    mean: parts.reduce((sum, part) => sum + part.mean * part.count, 0) / Math.max(count, 1),
    count,
    zeros: total('zeros'),
    nans: total('nans'),
    infinities: total('infinities'),
    negative,
    positive,
  };
}

function recut(from: Float64Array, fromMax: number, to: Float64Array, toMax: number): void {
  const factor = toMax > 0 ? fromMax / toMax : 0;
  for (let bin = 0; bin < BINS; bin++) to[Math.min(Math.floor(bin * factor), BINS - 1)] += from[bin];
}
