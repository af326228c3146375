// Pooling of square blocks of cells to one value: what a pixel stands for when it covers many weights.
// Invariant: nothing is skipped. A block holding a NaN is NaN, one holding an infinity is infinite, so
// that a single bad weight shows at every zoom; VOID cells are left out, a block of them only is VOID.
import { assertNever } from '../base/assert-never';
import { INFINITE_FROM, VOID } from '../colour/cell-value';
import { poolStrip, STRIP_BLOCK } from './pool-strip';
import type { MatrixSource } from './source';

/** Mean, smallest, largest, or the value of largest magnitude with its sign. */
export type PoolRule = 'mean' | 'min' | 'max' | 'maxMagnitude';
export const POOL_RULES: readonly PoolRule[] = ['maxMagnitude', 'mean', 'min', 'max'];

/** Pooled blocks, all arrays rows x columns, row-major. `weight` counts the cells of a block that are not VOID. */
export interface PooledLevel {
  /** log2 of the block's side. */
  readonly level: number;
  readonly rows: number;
  readonly columns: number;
  readonly mean: Float32Array;
  readonly min: Float32Array;
  readonly max: Float32Array;
  readonly weight: Float32Array;
}

/** An empty level (all VOID) for a region of height x width cells. */
export function emptyLevel(level: number, height: number, width: number): PooledLevel {
  const side = 2 ** level;
  const rows = Math.ceil(height / side);
  const columns = Math.ceil(width / side);
  const filled = (): Float32Array => new Float32Array(rows * columns).fill(VOID);
  return { level, rows, columns, mean: filled(), min: filled(), max: filled(), weight: new Float32Array(rows * columns) };
}

/** Pools row `pooledRow` of `out` from the cells of `source` right of and below (row0, column0), width cells wide. */
export function poolRow(source: MatrixSource, out: PooledLevel, pooledRow: number, row0: number, column0: number, width: number): void {
  const side = 2 ** out.level;
  const first = row0 + pooledRow * side;
  const last = Math.min(first + side, source.rows);
  const end = column0 + width;
  const [start, stop] = alignedSpan(source.span(first, last), column0, end, side);
  const target = pooledRow * out.columns;
  const strip: Strip = { side, height: last - first, width: stop - start, blocks: Math.ceil((stop - start) / side) };
  const at = target + (start - column0) / side;
  out.mean.fill(0, target, target + out.columns);
  out.min.fill(0, target, target + out.columns);
  out.max.fill(0, target, target + out.columns);
  fillWeights(out, target, strip.height, width);
  if (strip.blocks <= 0) return;
  const sums = new Float64Array(strip.blocks);
  out.min.fill(Infinity, at, at + strip.blocks);
  out.max.fill(-Infinity, at, at + strip.blocks);
  const done = poolWholeBlocks(source, strip, sums, out, at, first, start);
  if (done < strip.blocks) {
    for (let row = first; row < last; row++) accumulate(source.segment(row, start, stop), strip, done, sums, out, at);
  }
  finishBlocks(source, out, strip, sums, at, first, start);
}

interface Strip {
  readonly side: number;
  readonly height: number;
  readonly width: number;
  readonly blocks: number;
}

function alignedSpan([from, to]: readonly [number, number], column0: number, end: number, side: number): [number, number] {
  const start = Math.max(column0, column0 + Math.floor((from - column0) / side) * side);
  const stop = Math.min(end, column0 + Math.ceil((to - column0) / side) * side);
  return [Math.min(start, end), Math.max(stop, column0)];
}

function fillWeights(out: PooledLevel, target: number, height: number, width: number): void {
  const side = 2 ** out.level;
  out.weight.fill(height * side, target, target + out.columns);
  const rest = width - (out.columns - 1) * side;
  out.weight[target + out.columns - 1] = height * rest;
}

/** Pools the whole blocks of a strip in WebAssembly where that can be; returns how many blocks are done, from the left. */
function poolWholeBlocks(
  source: MatrixSource,
  { side, height, width }: Strip,
  sums: Float64Array,
  out: PooledLevel,
  at: number,
  first: number,
  start: number,
): number {
  const blocks = Math.floor(width / side);
  if (side !== STRIP_BLOCK || blocks === 0) return 0;
  const pooled = poolStrip(source, { first, last: first + height, start, blocks });
  if (!pooled) return 0;
  sums.set(pooled.sums);
  out.min.set(pooled.low, at);
  out.max.set(pooled.high, at);
  return blocks;
}

/** The plain inner loop, from block `from` on: sums and extremes of one row's cells, block by block. NaN fails both comparisons and poisons the sum. */
function accumulate(
  cells: Float32Array,
  { side, width, blocks }: Strip,
  from: number,
  sums: Float64Array,
  out: PooledLevel,
  at: number,
): void {
  const { min, max } = out;
  let k = from * side;
  for (let block = from; block < blocks; block++) {
    const end = Math.min(k + side, width);
    let sum = 0;
    let low = min[at + block];
    let high = max[at + block];
    for (; k < end; k++) {
      const value = cells[k];
      sum += value;
      if (value < low) low = value;
      if (value > high) high = value;
    }
    sums[block] += sum;
    min[at + block] = low;
    max[at + block] = high;
  }
}

function finishBlocks(
  source: MatrixSource,
  out: PooledLevel,
  strip: Strip,
  sums: Float64Array,
  at: number,
  first: number,
  start: number,
): void {
  for (let block = 0; block < strip.blocks; block++) {
    const k = at + block;
    const ordinary = out.min[k] > -INFINITE_FROM && out.max[k] < INFINITE_FROM && !Number.isNaN(sums[block]);
    if (ordinary) out.mean[k] = sums[block] / out.weight[k];
    else poolSpecialBlock(source, out, k, first, first + strip.height, start + block * strip.side, start + strip.width, strip.side);
  }
}

/** The slow path: a block with a NaN, an infinity or a VOID in it. */
function poolSpecialBlock(
  source: MatrixSource,
  out: PooledLevel,
  k: number,
  row0: number,
  row1: number,
  column0: number,
  stop: number,
  side: number,
): void {
  const column1 = Math.min(column0 + side, stop);
  const cells: number[] = [];
  for (let row = row0; row < row1; row++) {
    for (const value of source.segment(row, column0, column1)) if (value !== VOID) cells.push(value);
  }
  writeBlock(
    out,
    k,
    cells,
    cells.map(() => 1),
    cells,
    cells,
  );
}

/** Writes one block from its parts: means with weights, minima and maxima. */
function writeBlock(out: PooledLevel, k: number, means: number[], weights: number[], minima: number[], maxima: number[]): void {
  const weight = weights.reduce((sum, part) => sum + part, 0);
  out.weight[k] = weight;
  const mean = means.reduce((sum, part, n) => sum + part * weights[n], 0) / weight;
  out.mean[k] = weight === 0 ? VOID : mean;
  out.min[k] = weight === 0 ? VOID : Math.min(...minima);
  out.max[k] = weight === 0 ? VOID : Math.max(...maxima);
}

/** The next level of a pyramid: 2 x 2 blocks of `fine` become one. */
export function halve(fine: PooledLevel): PooledLevel {
  const out = emptyLevel(fine.level + 1, fine.rows * 2 ** fine.level, fine.columns * 2 ** fine.level);
  for (let row = 0; row < out.rows; row++) {
    for (let column = 0; column < out.columns; column++) halveBlock(fine, out, row, column);
  }
  return out;
}

function halveBlock(fine: PooledLevel, out: PooledLevel, row: number, column: number): void {
  const { mean, min, max, weight } = fine;
  const lastRow = Math.min(2 * row + 2, fine.rows);
  const lastColumn = Math.min(2 * column + 2, fine.columns);
  let total = 0;
  let sum = 0;
  let low = Infinity;
  let high = -Infinity;
  for (let y = 2 * row; y < lastRow; y++) {
    for (let x = 2 * column; x < lastColumn; x++) {
      const k = y * fine.columns + x;
      if (weight[k] === 0) continue;
      total += weight[k];
      sum += mean[k] * weight[k];
      low = Math.min(low, min[k]);
      high = Math.max(high, max[k]);
    }
  }
  const k = row * out.columns + column;
  out.weight[k] = total;
  if (total === 0) return;
  out.mean[k] = sum / total;
  out.min[k] = low;
  out.max[k] = high;
}

/** The one of larger magnitude, the positive one of two equals; NaN where one of them is. */
export function stronger(a: number, b: number): number {
  if (a !== a || b !== b) return NaN;
  return Math.abs(a) > Math.abs(b) || (Math.abs(a) === Math.abs(b) && a > b) ? a : b;
}

/** The pooled value under a rule of block k. */
export function pooledValue(level: PooledLevel, k: number, rule: PoolRule): number {
  switch (rule) {
    case 'mean':
      return level.mean[k];
    case 'min':
      return level.min[k];
    case 'max':
      return level.max[k];
    case 'maxMagnitude':
      return stronger(level.min[k], level.max[k]);
    default:
      return assertNever(rule);
  }
}
