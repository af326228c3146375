import { describe, expect, it } from 'vitest';
import { logRatios } from '@shared/figure/kinds/figure5';
import { convToFc } from '@shared/merge/mathematics/fc-matrix';
import { readReferenceTensors, referenceCases } from '../../../../tests/reference';
import { columnsOf, meaningOf, rowsOf, type MatrixGeometry } from '@shared/matrix/geometry';
import { diagonalOf } from './diagonals';
import { fanOutIndices, inputMapIndices, kernelIndices, outsideDifference, windowOf } from './slices';

const geometry: MatrixGeometry = { family: 'repmlp', outputs: 4, inputs: 3, groups: 2, h: 5, w: 4, kernels: [1, 3] };

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

describe('the printed property of figure 5', () => {
  const reference = referenceCases.find(({ id }) => id === 'v1_k135_g4_gp2x2_official_selftest');
  const tensors = readReferenceTensors(reference?.file ?? '');
  const values = (name: string): Float32Array => tensors.get(name)?.data as Float32Array;
  const block: MatrixGeometry = { family: 'repmlp', outputs: 8, inputs: 2, groups: 4, h: 7, w: 7, kernels: [1, 3, 5] };
  const columns = columnsOf(block);
  /** FC3 with its batch norm folded, from the official training weights. */
  const scales = values('train.fc3_bn.running_var').map((variance, row) => values('train.fc3_bn.weight')[row] / Math.sqrt(variance + 1e-5));
  const before = values('train.fc3.weight').map((weight, index) => weight * scales[Math.floor(index / columns)]);
  const after = values('deploy.fc3.weight');

  it('outside the largest window, after minus before is one constant in the log view (official merge)', () => {
    expect(before).toHaveLength(rowsOf(block) * columns);
    for (const picked of [
      { o: 0, i: 3, j: 3, c: 0 },
      { o: 5, i: 0, j: 6, c: 1 },
      { o: 7, i: 6, j: 2, c: 0 },
    ]) {
      const indices = inputMapIndices(block, picked);
      const [left, right] = [before, after].map((matrix) => logRatios(Float32Array.from(indices, (index) => matrix[index])));
      const found = outsideDifference(block, picked, 5, left, right);
      expect(found?.cells).toBeGreaterThan(20);
      // Both sides round to float32: 6e-8 relative per weight and per minimum.
      expect(found?.spread).toBeLessThan(1e-6);
    }
  });

  it('and it fails for a smaller window: the branches do reach further', () => {
    const picked = { o: 0, i: 3, j: 3, c: 0 };
    const indices = inputMapIndices(block, picked);
    const [left, right] = [before, after].map((matrix) => logRatios(Float32Array.from(indices, (index) => matrix[index])));
    expect(outsideDifference(block, picked, 3, left, right)?.spread).toBeGreaterThan(0.01);
    // No number anywhere is not the same as no place outside the window.
    expect(outsideDifference(block, picked, 3, new Float64Array(left.length).fill(NaN), right)?.cells).toBe(0);
    expect(outsideDifference(block, picked, 99, left, right)).toBeNull();
  });
});
