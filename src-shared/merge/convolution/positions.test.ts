// What belongs together, held against the definition y[i, j] = sum F[u, v] x[i s - p + u, j s - p + v] by probing the matrix itself.
import { describe, expect, it } from 'vitest';
import { convolutionScene, type Followed, type WrittenScene } from '../../matrix/convolution-scene';
import { arithmeticOf, cellCounts, cellValue, contributionsOf } from './arithmetic';
import {
  cellOfFollowed,
  countOf,
  followedAt,
  indexOfFollowed,
  marksOf,
  nearestFollowed,
  placeAt,
  weightBetween,
  weightsOf,
} from './positions';
import { sceneModel, type SceneModel } from './scene-model';

/** Weights 1, 2, 3, ..., so that a value in the matrix tells which weight it is. */
const tellingWeights = (count: number): number[] => Array.from({ length: count }, (_, k) => k + 1);

function modelOf(written: WrittenScene): SceneModel {
  const { C = 1, O = 1, groups = 1 } = written;
  const kernels = written.kernels ?? [{ kind: 'weights' as const, K: 3 as const, weight: tellingWeights(O * (C / groups) * 9) }];
  const scene = convolutionScene({ ...written, kernels });
  return sceneModel(scene, { picture: Float64Array.from({ length: C * scene.h * scene.w }, (_, k) => (k % 10) + 1), fc: null });
}

const SCENES: readonly WrittenScene[] = [
  { h: 4, w: 5 },
  { h: 5, w: 4, pad: 0 },
  { h: 6, w: 5, pad: 2, stride: 2 },
  { h: 4, w: 4, C: 2, O: 2 },
  { h: 4, w: 5, C: 4, O: 2, groups: 2, stride: 2 },
];

describe.each(SCENES)('scene %j', (written) => {
  const model = modelOf(written);
  const { sizes, shown } = model;
  const values = shown.kernel?.weight ?? new Float64Array();

  it('a cell of the matrix holds the weight between its pixel and its output, and 0 where there is none', () => {
    const K = 3;
    shown.matrix.forEach((value, k) => {
      const place = placeAt(sizes, Math.floor(k / sizes.columns), k % sizes.columns);
      const weight = weightBetween(model, place);
      expect(value).toBe(weight ? values[((weight.o * (sizes.C / sizes.groups) + weight.c) * K + weight.u) * K + weight.v] : 0);
    });
  });

  it('a weight marks all cells of its value and no other; rows and columns hold what is marked for them', () => {
    const cellsOf = (test: (row: number, column: number, value: number) => boolean): number[] =>
      [...shown.matrix.keys()].filter((k) => test(Math.floor(k / sizes.columns), k % sizes.columns, shown.matrix[k]));
    for (let o = 0; o < sizes.O; o++) {
      weightsOf(model, o).forEach((weight, k, all) => {
        expect(marksOf(model, { kind: 'weight', ...weight }).cells).toEqual(cellsOf((_r, _c, value) => value === o * all.length + k + 1));
      });
    }
    for (let at = 0; at < sizes.rows; at++)
      expect(marksOf(model, followedAt(model, 'window', at)).cells).toEqual(cellsOf((row, _c, value) => row === at && value !== 0));
    for (let at = 0; at < sizes.columns; at++)
      expect(marksOf(model, followedAt(model, 'pixel', at)).cells).toEqual(cellsOf((_r, column, value) => column === at && value !== 0));
  });

  it('each index of window, weight, pixel and cell is one place and back', () => {
    for (const kind of ['window', 'weight', 'pixel', 'cell'] as const) {
      for (let at = 0; at < countOf(model, kind); at += kind === 'cell' ? 7 : 1) {
        const followed = followedAt(model, kind, at);
        expect(indexOfFollowed(model, followed)).toBe(at);
        expect(nearestFollowed(model, followed)).toEqual(followed);
      }
    }
  });

  it('the products of an output add up to it, and those outside the picture are zeros', () => {
    for (let row = 0; row < sizes.rows; row++) {
      const { o, i, j } = placeAt(sizes, row, 0);
      const { window, sum, result, elsewhere } = arithmeticOf(model, { o, i, j });
      expect(window).toHaveLength((sizes.C / sizes.groups) * 9);
      expect(window.reduce((total, { product }) => total + product, 0)).toBe(sum);
      expect(result).toBe(sum);
      expect(elsewhere).toBeNull();
      for (const { at, outside, value } of window) {
        const inside = at.a >= 0 && at.a < sizes.h && at.b >= 0 && at.b < sizes.w;
        expect(outside).toBe(!inside);
        expect(value).toBe(inside ? model.picture[(at.c * sizes.h + at.a) * sizes.w + at.b] : 0);
      }
    }
  });

  it('what a pixel gives is its column times its value', () => {
    const pixel = { c: 0, a: 1, b: 2 };
    const column = sizes.w + 2;
    const given = contributionsOf(model, pixel);
    const filled = Array.from({ length: sizes.rows }, (_, row) => shown.matrix[row * sizes.columns + column]).filter(
      (value) => value !== 0,
    );
    expect(given.map(({ factor }) => factor)).toEqual(filled);
    for (const { factor, product } of given) expect(product).toBe(factor * model.picture[column]);
  });

  it('cells that a window reaches are those that are not zero when no weight is', () => {
    expect(cellCounts(model)).toEqual({
      all: sizes.rows * sizes.columns,
      reached: shown.matrix.filter((value) => value !== 0).length,
      weights: values.length,
    });
  });
});

describe('following', () => {
  it('a 3x3 window inside marks nine cells, in the corner of a padded picture four', () => {
    const model = modelOf({ h: 5, w: 5 });
    expect(marksOf(model, { kind: 'window', o: 0, i: 2, j: 2 }).cells).toHaveLength(9);
    expect(marksOf(model, { kind: 'window', o: 0, i: 0, j: 0 }).cells).toHaveLength(4);
    expect(marksOf(model, { kind: 'window', o: 0, i: 0, j: 0 }).windows).toEqual([{ c: 0, top: -1, left: -1, size: 3 }]);
  });

  it('a smaller kernel is followed through the middle of the largest', () => {
    const model = modelOf({
      h: 4,
      w: 4,
      matrix: 1,
      kernels: [
        { kind: 'weights', K: 3, weight: tellingWeights(9) },
        { kind: 'weights', K: 1, weight: [5] },
      ],
    });
    expect(marksOf(model, { kind: 'window', o: 0, i: 1, j: 2 }).windows).toEqual([{ c: 0, top: 1, left: 2, size: 1 }]);
    // The diagonal of the matrix.
    expect(marksOf(model, { kind: 'weight', o: 0, c: 0, u: 0, v: 0 }).cells).toEqual(Array.from({ length: 16 }, (_, k) => 17 * k));
  });

  it('what no longer exists moves to the nearest place that does', () => {
    const model = modelOf({ h: 4, w: 4, stride: 2 });
    expect(nearestFollowed(model, { kind: 'window', o: 3, i: 9, j: 1 })).toEqual({ kind: 'window', o: 0, i: 1, j: 1 });
    const weight: Followed = { kind: 'weight', o: 0, c: 1, u: 4, v: 0 };
    expect(nearestFollowed(model, weight)).toEqual({ kind: 'weight', o: 0, c: 0, u: 2, v: 0 });
  });

  it('the cell that stands for a row, a diagonal or a column holds a weight', () => {
    const model = modelOf({ h: 5, w: 5, C: 2, O: 2 });
    for (const kind of ['window', 'weight', 'pixel'] as const)
      expect(cellValue(model, cellOfFollowed(model, followedAt(model, kind, 7)))).toBeGreaterThan(0);
  });
});
