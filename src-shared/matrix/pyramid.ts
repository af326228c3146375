// The pyramid of a matrix: level n has one value for each 2^n x 2^n cells, under four pooling rules.
// Levels from STORED_FROM on are kept (1/12 of the matrix in all); finer ones are pooled tile by tile on
// demand, so that a 16384-wide matrix stays within bounds. Invariant: every level is pooled from all cells.
import { encodeCell, isOrdinary } from '../colour/cell-value';
import { emptyLevel, halve, pooledValue, poolRow, type PooledLevel, type PoolRule } from './pool';
import type { MatrixSource } from './source';

/** First level that is kept in memory. */
export const STORED_FROM = 3;
/** Side of a tile, in values of its level. */
export const TILE_SIDE = 512;

/** One square of a level, ready for the GPU: special cells encoded (colour/cell-value.ts). */
export interface Tile {
  readonly rows: number;
  readonly columns: number;
  readonly cells: Float32Array;
}

export interface Pyramid {
  readonly source: MatrixSource;
  /** Kept levels, STORED_FROM first; each next one is made when first asked for (keptLevel), the last one is 1 x 1. */
  readonly levels: PooledLevel[];
}

/** Number of the coarsest level (1 x 1) of a rows x columns matrix. */
export function coarsestLevel(rows: number, columns: number): number {
  return Math.max(STORED_FROM, Math.ceil(Math.log2(Math.max(rows, columns, 1))));
}

/** Builds the kept levels; pauses (yields) after each pooled row so that the caller can answer others. */
export function* buildPyramid(source: MatrixSource): Generator<number, Pyramid> {
  const base = emptyLevel(STORED_FROM, source.rows, source.columns);
  for (let row = 0; row < base.rows; row++) {
    poolRow(source, base, row, 0, 0, source.columns);
    yield (row + 1) / base.rows;
  }
  return { source, levels: [base] };
}

/** The pyramid of the first `loadedRows` rows; pooled rows of an earlier partial pyramid are kept. Missing cells are VOID. */
export function partialPyramid(source: MatrixSource, loadedRows: number, earlier: Pyramid | null): Pyramid {
  const base = earlier?.levels[0] ?? emptyLevel(STORED_FROM, source.rows, source.columns);
  const whole = Math.floor(loadedRows / 2 ** STORED_FROM);
  for (let row = 0; row < whole; row++) {
    if (base.weight[row * base.columns] === 0) poolRow(source, base, row, 0, 0, source.columns);
  }
  return { source, levels: [base] };
}

/** A level from STORED_FROM on. */
export function keptLevel({ levels }: Pyramid, level: number): PooledLevel {
  while (levels.length <= level - STORED_FROM) levels.push(halve(levels[levels.length - 1]));
  return levels[level - STORED_FROM];
}

/** Tile (x, y) of a level under a rule. */
export function tileOf(pyramid: Pyramid, level: number, x: number, y: number, rule: PoolRule): Tile {
  if (level === 0) return cellTile(pyramid.source, x, y);
  if (level >= STORED_FROM) return levelTile(keptLevel(pyramid, level), x * TILE_SIDE, y * TILE_SIDE, rule);
  return levelTile(poolRegion(pyramid.source, level, x, y), 0, 0, rule);
}

/** Extremes of the blocks of ordinary cells only, and whether there are other blocks: NaN, infinite or VOID. */
export function extremesOf(pyramid: Pyramid): { min: number; max: number; special: boolean } {
  const base = pyramid.levels[0];
  let min = Infinity;
  let max = -Infinity;
  let special = false;
  for (let k = 0; k < base.min.length; k++) {
    if (!isOrdinary(base.min[k])) special = true;
    else if (base.min[k] < min) min = base.min[k];
    if (!isOrdinary(base.max[k])) special = true;
    else if (base.max[k] > max) max = base.max[k];
  }
  return { min, max, special };
}

function cellTile(source: MatrixSource, x: number, y: number): Tile {
  const rows = Math.min(TILE_SIDE, source.rows - y * TILE_SIDE);
  const columns = Math.min(TILE_SIDE, source.columns - x * TILE_SIDE);
  const cells = new Float32Array(rows * columns);
  for (let row = 0; row < rows; row++) {
    const segment = source.segment(y * TILE_SIDE + row, x * TILE_SIDE, x * TILE_SIDE + columns);
    for (let k = 0; k < columns; k++) cells[row * columns + k] = encodeCell(segment[k]);
  }
  return { rows, columns, cells };
}

function poolRegion(source: MatrixSource, level: number, x: number, y: number): PooledLevel {
  const side = TILE_SIDE * 2 ** level;
  const width = Math.min(side, source.columns - x * side);
  const region = emptyLevel(level, Math.min(side, source.rows - y * side), width);
  for (let row = 0; row < region.rows; row++) poolRow(source, region, row, y * side, x * side, width);
  return region;
}

function levelTile(level: PooledLevel, column0: number, row0: number, rule: PoolRule): Tile {
  const rows = Math.min(TILE_SIDE, level.rows - row0);
  const columns = Math.min(TILE_SIDE, level.columns - column0);
  const cells = new Float32Array(rows * columns);
  for (let row = 0; row < rows; row++) {
    const from = (row0 + row) * level.columns + column0;
    for (let k = 0; k < columns; k++) cells[row * columns + k] = encodeCell(pooledValue(level, from + k, rule));
  }
  return { rows, columns, cells };
}
