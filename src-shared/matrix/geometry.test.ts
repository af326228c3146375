import { describe, expect, it } from 'vitest';
import { VOID } from '../colour/cell-value';
import { cellOf, columnsOf, meaningOf, rowsOf, type MatrixGeometry } from './geometry';
import { pictureCell, pictureSize, storedCell, type Layout } from './layout';
import { sourceOf } from './source';

const V1: MatrixGeometry = { family: 'repmlp', O: 4, channels: 3, groups: 2, h: 3, w: 2, kernels: [1, 3] };
const NET: MatrixGeometry = { family: 'repmlpNet', O: 3, channels: 1, groups: 3, h: 2, w: 4, kernels: [3] };

const layoutsOf = (geometry: MatrixGeometry): Layout[] => [
  { kind: 'stored' },
  { kind: 'blockDiagonal', groups: geometry.groups },
  { kind: 'axes', geometry, rows: ['o', 'i', 'a'], columns: ['c', 'j', 'b'] },
  { kind: 'axes', geometry, rows: ['i', 'j', 'o'], columns: ['a', 'b', 'c'] },
  { kind: 'axes', geometry, rows: ['c', 'a', 'b'], columns: ['o', 'i', 'j'] },
  { kind: 'offsets', geometry },
];

describe.each([V1, NET])('the matrix of a $family block', (geometry) => {
  const rows = rowsOf(geometry);
  const columns = columnsOf(geometry);
  const values = Float32Array.from({ length: rows * columns }, (_, k) => k + 1);

  it('has one meaning per cell and back', () => {
    for (let row = 0; row < rows; row++) {
      for (let column = 0; column < columns; column++) {
        expect(cellOf(geometry, meaningOf(geometry, row, column))).toEqual({ row, column });
      }
    }
  });

  it('shows every stored cell exactly once in every layout, at the place pictureCell says', () => {
    for (const layout of layoutsOf(geometry)) {
      const size = pictureSize(layout, rows, columns);
      const source = sourceOf(values, rows, columns, layout);
      expect({ rows: source.rows, columns: source.columns }).toEqual(size);
      let seen = 0;
      for (let row = 0; row < size.rows; row++) {
        const cells = source.segment(row, 0, size.columns).slice();
        for (let column = 0; column < size.columns; column++) {
          const stored = storedCell(layout, rows, columns, row, column);
          if (!stored) {
            expect(cells[column]).toBe(layout.kind === 'offsets' ? VOID : 0);
            continue;
          }
          seen++;
          expect(cells[column]).toBe(values[stored.row * columns + stored.column]);
          expect(pictureCell(layout, rows, columns, stored.row, stored.column)).toEqual({ row, column });
        }
      }
      expect(seen).toBe(rows * columns);
    }
  });

  it('puts a convolution on vertical stripes in the offsets layout', () => {
    const layout: Layout = { kind: 'offsets', geometry };
    const meanings = [0, 1].map((j) => ({ o: 1, i: 1, j, c: 0, a: 0, b: j }));
    const places = meanings.map((meaning) => {
      const { row, column } = cellOf(geometry, meaning);
      return pictureCell(layout, rows, columns, row, column).column;
    });
    expect(places[0]).toBe(places[1]);
  });
});

describe('groups', () => {
  it('belong to consecutive output channels', () => {
    expect(meaningOf(V1, 0, 0).g).toBe(0);
    expect(meaningOf(V1, 2 * 6, 0).g).toBe(1);
    expect(meaningOf(NET, 2 * 8, 0).g).toBe(2);
  });
});
