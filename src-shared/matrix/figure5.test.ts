// The property of figure 5 against the official merge, and the numbers of the paper's own maps.
import { describe, expect, it } from 'vitest';
import { readReferenceTensors, referenceCases } from '../../tests/reference';
import { figure5Choice, logRatios, outsideDifference } from './figure5';
import { columnsOf, rowsOf, type MatrixGeometry } from './geometry';
import { inputMapIndices } from './slices';

describe('the printed property of figure 5', () => {
  const reference = referenceCases.find(({ id }) => id === 'v1_k135_g4_gp2x2_official_selftest');
  const tensors = readReferenceTensors(reference?.file ?? '');
  const values = (name: string): Float32Array => tensors.get(name)?.data as Float32Array;
  const block: MatrixGeometry = { family: 'repmlp', O: 8, channels: 2, groups: 4, h: 7, w: 7, kernels: [1, 3, 5] };
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
      expect(found?.holds).toBe(true);
    }
  });

  it('and it fails for a smaller window: the branches do reach further', () => {
    const picked = { o: 0, i: 3, j: 3, c: 0 };
    const indices = inputMapIndices(block, picked);
    const [left, right] = [before, after].map((matrix) => logRatios(Float32Array.from(indices, (index) => matrix[index])));
    expect(outsideDifference(block, picked, 3, left, right)?.spread).toBeGreaterThan(0.01);
    expect(outsideDifference(block, picked, 3, left, right)?.holds).toBe(false);
    // No number anywhere is not the same as no place outside the window.
    expect(outsideDifference(block, picked, 3, new Float64Array(left.length).fill(NaN), right)?.cells).toBe(0);
    expect(outsideDifference(block, picked, 99, left, right)).toBeNull();
  });
});

describe('the published maps', () => {
  const LEFT = `3 3.1 2.8 2.3 2.4 3.5 3.3 4.6 4 3.3 2.3 3.8 3.1 2.3 0.25 2.8 3.5 4.8 4.6 3.7 2.5 4.1 3.4 2.9 3.3 2.8 3.8 4.9 4.6 2.9
    3.9 3.4 1.5 3.1 0.86 3.5 2.9 4.1 4.1 3.3 3.8 3.6 2.5 1.9 3.1 2.3 3.2 3.3 4 2.6 2.1 3.3 2.7 3.1 2.7 3.8 3.6 1.6 4.6 3.8
    2.7 3.8 2.1 3.2 4.1 4.3 4.1 2.3 4.4 3 1.8 2.7 3.9 2.7 3.9 4.2 4.3 3.4 4.8 4.6 3.4 1.4 3.7 3.7 0 3.6 4.2 3.6 4.4 4.4
    2.5 3.6 4.4 0.65 3.9 4.3 3.8 3.5 4.4 4.6`;
  const RIGHT = `2.7 2.9 2.5 2 2.2 3.2 3.1 4.3 3.7 3.1 2.1 3.5 2.9 2 0 2.5 3.2 4.5 4.3 3.5 2.2 3.9 3.2 2.6 3 2.6 3.6 4.6 4.4 2.6
    3.6 3.2 1.2 2.5 2.7 4.1 4.7 4.8 4.9 2.2 3.6 3.4 2.2 4 3 4.9 5.3 5.4 5.3 3.4 1.9 3.1 2.4 2.8 4.2 5.9 6.2 6.2 6 4.7
    2.4 3.6 1.8 2.6 4.9 6.1 8.3 6.3 5.9 4.6 1.5 2.5 3.6 2 3.9 5.7 6.2 6.2 5.9 5.1 3.1 1.1 3.5 4.1 4.4 3.8 4.7 4.7 5.2 4.7
    2.3 3.4 4.2 0.95 3.2 4.3 3.9 3.5 4.3 4.3`;
  const [left, right] = [LEFT, RIGHT].map((text) => text.split(/\s+/).map(Number));
  const shape = { h: 10, w: 10 };

  it('are of the cell that is chosen for a 10 x 10 partition', () => {
    expect(figure5Choice(shape)).toEqual({ o: 0, i: 6, j: 6, c: 0 });
  });

  it('differ by about -0.25 outside the 7 x 7 window, as far as two printed digits tell', () => {
    const found = outsideDifference(shape, figure5Choice(shape), 7, left, right);
    // 100 cells less rows and columns 3 to 9; each printed number is rounded by up to 0.05.
    expect(found?.cells).toBe(51);
    expect(found?.constant).toBeCloseTo(-0.25, 1);
    expect(found?.spread).toBeLessThan(0.1 + 0.05);
    expect(outsideDifference(shape, figure5Choice(shape), 5, left, right)?.spread).toBeGreaterThan(0.5);
  });

  it('do not hold where a weight becomes zero outside the window', () => {
    const after = left.with(0, -Infinity);
    expect(outsideDifference(shape, figure5Choice(shape), 7, left, left)).toMatchObject({ constant: 0, spread: 0, holds: true });
    expect(outsideDifference(shape, figure5Choice(shape), 7, left, after)).toMatchObject({ spread: Infinity, holds: false });
  });
});
