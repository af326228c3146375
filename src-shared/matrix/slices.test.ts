import { describe, expect, it } from 'vitest';
import { convToFc } from '../merge/mathematics/fc-matrix';
import { columnsOf, meaningOf, type MatrixGeometry } from './geometry';
import { diagonalOf, fanOutIndices, inputMapIndices, kernelIndices, windowOf } from './slices';

const geometry: MatrixGeometry = { family: 'repmlp', O: 4, channels: 3, groups: 2, h: 5, w: 4, kernels: [1, 3] };

describe('slices', () => {
  it('the input map of an output holds its row, channel c, every (a, b) in order', () => {
    const indices = inputMapIndices(geometry, { o: 2, i: 1, j: 3, c: 1 });
    indices.forEach((index, k) => {
      const meaning = meaningOf(geometry, Math.floor(index / columnsOf(geometry)), index % columnsOf(geometry));
      expect(meaning).toMatchObject({ o: 2, i: 1, j: 3, c: 1, a: Math.floor(k / 4), b: k % 4 });
    });
  });

  it('the fan-out of an input holds its column at every (i, j) of one output channel', () => {
    const indices = fanOutIndices(geometry, { o: 3, c: 2, a: 4, b: 0 });
    indices.forEach((index, k) => {
      const meaning = meaningOf(geometry, Math.floor(index / columnsOf(geometry)), index % columnsOf(geometry));
      expect(meaning).toMatchObject({ o: 3, c: 2, a: 4, b: 0, i: Math.floor(k / 4), j: k % 4 });
    });
  });

  it('clips the window at the border of the map', () => {
    expect(windowOf(geometry, 3, 0, 2)).toEqual({ row: 0, column: 1, rows: 2, columns: 3 });
    expect(windowOf(geometry, 3, 4, 3)).toEqual({ row: 3, column: 2, rows: 2, columns: 2 });
  });
});

describe('kernel and diagonals', () => {
  const K = 3;
  const shape = { O: 4, channels: 3, h: 5, w: 4 };
  const weight = Float64Array.from({ length: 4 * 3 * K * K }, (_, k) => k + 1);
  const added = convToFc({ O: 4, channels: 3, K, weight, bias: new Float64Array(4) }, shape);

  it('one kernel weight stands exactly on its diagonals, and nowhere else', () => {
    for (let u = 0; u < K; u++) {
      for (let v = 0; v < K; v++) {
        const value = weight[((2 * 3 + 1) * K + u) * K + v];
        const expected = [...added].flatMap((cell, index) => (cell === value ? [index] : []));
        const lit = diagonalOf(geometry, 2, 1, K, u, v).map(({ row, column }) => row * columnsOf(geometry) + column);
        expect(lit.sort((a, b) => a - b)).toEqual(expected);
      }
    }
  });

  it('the summed kernel is read back from the added matrix', () => {
    const indices = kernelIndices(geometry, 2, 1, K);
    expect([...indices].map((index) => added[index])).toEqual([...weight.subarray((2 * 3 + 1) * 9, (2 * 3 + 2) * 9)]);
  });

  it('weights of a kernel larger than the map that reach nothing have no cell', () => {
    const small = { ...geometry, h: 2, w: 2, kernels: [7] };
    expect(kernelIndices(small, 0, 0, 7)[0]).toBe(-1);
    expect(kernelIndices(small, 0, 0, 7)[3 * 7 + 3]).toBe(0);
  });
});
