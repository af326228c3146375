import { describe, expect, it } from 'vitest';
import { randomFrom, seed } from '../tensor/random';
import { VOID } from '../colour/cell-value';
import { emptyLevel, halve, pooledValue, poolRow, POOL_RULES, type PooledLevel, type PoolRule } from './pool';
import { blockDiagonalSource, denseSource, type MatrixSource } from './source';

/** Reads every cell and pools it the slow, obvious way. */
function naive(source: MatrixSource, level: number, rule: PoolRule): number[] {
  const side = 2 ** level;
  const out: number[] = [];
  for (let y = 0; y < source.rows; y += side) {
    for (let x = 0; x < source.columns; x += side) {
      const cells: number[] = [];
      for (let row = y; row < Math.min(y + side, source.rows); row++) {
        cells.push(...source.segment(row, x, Math.min(x + side, source.columns)));
      }
      out.push(poolNaively(cells, rule));
    }
  }
  return out;
}

function poolNaively(all: number[], rule: PoolRule): number {
  const cells = all.filter((value) => value !== VOID);
  if (cells.length === 0) return VOID;
  if (rule === 'mean') return cells.reduce((sum, value) => sum + value, 0) / cells.length;
  const [low, high] = [Math.min(...cells), Math.max(...cells)];
  if (rule === 'min') return low;
  if (rule === 'max') return high;
  return Math.abs(low) > Math.abs(high) ? low : high;
}

function pooled(source: MatrixSource, level: number): PooledLevel {
  const out = emptyLevel(level, source.rows, source.columns);
  for (let row = 0; row < out.rows; row++) poolRow(source, out, row, 0, 0, source.columns);
  return out;
}

function expectPooled(level: PooledLevel, source: MatrixSource): void {
  for (const rule of POOL_RULES) {
    const expected = naive(source, level.level, rule);
    expect(level.mean).toHaveLength(expected.length);
    expected.forEach((value, k) => {
      const got = pooledValue(level, k, rule);
      if (Number.isFinite(value) && value !== VOID) {
        // Float32 storage of the mean and of the means it was halved from: a few units in the last place.
        expect(Math.abs(got - value)).toBeLessThanOrEqual(4e-7 * Math.max(1, Math.abs(value)));
      } else expect(Object.is(got, value)).toBe(true);
    });
  }
}

function randomMatrix(rows: number, columns: number): Float32Array {
  const random = randomFrom(seed(3));
  return Float32Array.from({ length: rows * columns }, () => random.normal());
}

describe('pooling', () => {
  it('equals pooling cell by cell for all rules, sizes that do not divide included', () => {
    for (const [rows, columns] of [
      [16, 16],
      [37, 21],
      [1, 9],
      [8, 1],
    ]) {
      const source = denseSource(randomMatrix(rows, columns), rows, columns);
      for (const level of [1, 2, 3]) expectPooled(pooled(source, level), source);
    }
  });

  it('halving a level is the same as pooling the cells with the larger block', () => {
    const source = denseSource(randomMatrix(37, 53), 37, 53);
    expectPooled(halve(halve(pooled(source, 1))), source);
  });

  it('one NaN or infinity shows at every level', () => {
    const values = randomMatrix(32, 32);
    values[5 * 32 + 7] = NaN;
    values[20 * 32 + 3] = Infinity;
    values[20 * 32 + 30] = -Infinity;
    const source = denseSource(values, 32, 32);
    let level = pooled(source, 2);
    expect(level.mean[1 * 8 + 1]).toBeNaN();
    expect(level.min[1 * 8 + 1]).toBeNaN();
    expect(level.max[5 * 8 + 0]).toBe(Infinity);
    expect(level.min[5 * 8 + 7]).toBe(-Infinity);
    while (level.rows > 1) level = halve(level);
    for (const rule of POOL_RULES) expect(pooledValue(level, 0, rule)).toBeNaN();
  });

  it('leaves void cells out, and keeps blocks of them void', () => {
    const values = randomMatrix(16, 16);
    for (let row = 0; row < 16; row++) for (let column = 0; column < 10; column++) values[row * 16 + column] = VOID;
    const source = denseSource(values, 16, 16);
    const level = pooled(source, 2);
    expect(level.mean[0]).toBe(VOID);
    expectPooled(level, source);
    expectPooled(halve(level), source);
  });

  it('a block-diagonal expansion pools as if its zeros were stored', () => {
    const grouped = randomMatrix(24, 10);
    const virtual = blockDiagonalSource(grouped, 24, 10, 3);
    const stored = new Float32Array(24 * 30);
    for (let row = 0; row < 24; row++) stored.set(grouped.subarray(row * 10, row * 10 + 10), row * 30 + Math.floor(row / 8) * 10);
    for (const level of [1, 2, 3]) expectPooled(pooled(virtual, level), denseSource(stored, 24, 30));
  });
});
