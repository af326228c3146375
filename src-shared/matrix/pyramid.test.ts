import { describe, expect, it } from 'vitest';
import { randomFrom, seed } from '../tensor/random';
import { kindOf } from '../colour/cell-value';
import {
  buildPyramid,
  coarsestLevel,
  extremesOf,
  keptLevel,
  partialPyramid,
  STORED_FROM,
  TILE_SIDE,
  tileOf,
  type Pyramid,
} from './pyramid';
import { blockDiagonalSource, denseSource, type MatrixSource } from './source';

function finish(source: MatrixSource): Pyramid {
  const work = buildPyramid(source);
  for (let step = work.next(); ; step = work.next()) if (step.done) return step.value;
}

const rows = 700;
const columns = 1100;
const random = randomFrom(seed(11));
const values = Float32Array.from({ length: rows * columns }, () => random.normal());
const source = denseSource(values, rows, columns);

describe('the pyramid', () => {
  const pyramid = finish(source);

  it('ends in one value', () => {
    const last = keptLevel(pyramid, coarsestLevel(rows, columns));
    expect([last.rows, last.columns]).toEqual([1, 1]);
  });

  it('gives the same values for levels kept and levels pooled on demand', () => {
    const fine = tileOf(pyramid, STORED_FROM - 1, 0, 0, 'max');
    const coarse = tileOf(pyramid, STORED_FROM, 0, 0, 'max');
    for (let row = 0; row < coarse.rows; row++) {
      for (let column = 0; column < coarse.columns; column++) {
        const four = [0, 1].flatMap((dy) => [0, 1].map((dx) => fine.cells[(2 * row + dy) * fine.columns + 2 * column + dx]));
        const inside = four.filter((_, k) => 2 * column + (k % 2) < fine.columns && 2 * row + (k >> 1) < fine.rows);
        expect(coarse.cells[row * coarse.columns + column]).toBe(Math.max(...inside));
      }
    }
  });

  it('cuts level 0 into tiles that are the cells themselves', () => {
    const tile = tileOf(pyramid, 0, 2, 1, 'mean');
    expect([tile.rows, tile.columns]).toEqual([rows - TILE_SIDE, columns - 2 * TILE_SIDE]);
    expect(tile.cells[3 * tile.columns + 5]).toBe(values[(TILE_SIDE + 3) * columns + 2 * TILE_SIDE + 5]);
  });

  it('knows the extremes', () => {
    const { min, max } = extremesOf(pyramid);
    expect(min).toBe(values.reduce((low, value) => Math.min(low, value)));
    expect(max).toBe(values.reduce((high, value) => Math.max(high, value)));
  });
});

describe('a matrix that still comes in', () => {
  it('shows loaded rows and leaves the others void', () => {
    const first = partialPyramid(source, 300, null);
    const tile = tileOf(first, STORED_FROM, 0, 0, 'mean');
    expect(kindOf(tile.cells[0])).toBe('value');
    expect(kindOf(tile.cells[tile.cells.length - 1])).toBe('void');
    const more = partialPyramid(source, rows, first);
    expect(tileOf(more, STORED_FROM, 0, 0, 'mean').cells.every((code, k) => k > 86 * 138 || kindOf(code) === 'value')).toBe(true);
  });
});

describe('a 16384-wide block-diagonal matrix', () => {
  it('keeps a pyramid of a twelfth of its cells and never stores its zeros', () => {
    const grouped = new Float32Array(16384 * 64).fill(1);
    const pyramid = finish(blockDiagonalSource(grouped, 16384, 64, 256));
    expect(pyramid.source.columns).toBe(16384);
    expect(tileOf(pyramid, STORED_FROM, 0, 0, 'max').cells[0]).toBe(1);
    keptLevel(pyramid, coarsestLevel(16384, 16384));
    const kept = pyramid.levels.reduce((sum, level) => sum + 4 * level.mean.length, 0);
    // Four arrays of 1/64, 1/256, ... of the cells: 4/48 of them.
    expect(kept / (16384 * 16384)).toBeLessThan(0.085);
  });
});
