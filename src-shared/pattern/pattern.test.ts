// The pattern measures on matrices whose answer is known by construction: pure convolutions, pure
// position maps, random orthogonal matrices, and sums of them.
import { describe, expect, it } from 'vitest';
import type { FcShape } from '../matrix/geometry';
import { normalArray, randomFrom, seed } from '../tensor/random';
import { analyseMatrix } from './analyse';
import { clusterRows } from './clusters';
import { pairCounts } from './displacement';
import { energiesOf } from './energies';
import { localityBaselines } from './locality';
import { borderEffect, positionMaps } from './position';
import { invariantKernel, kernelEnergies, middleOfKernel, positionSpecificRest } from './projection';
import { leadingSingularVectors } from './singular';

const shape: FcShape = { O: 3, channels: 2, h: 5, w: 4 };

/** The matrix of w[(o, i, j), (c, a, b)] = value(o, c, i, j, a, b). */
function matrixOf(
  { O, channels, h, w }: FcShape,
  value: (o: number, c: number, i: number, j: number, a: number, b: number) => number,
): Float32Array {
  const matrix = new Float32Array(O * h * w * channels * h * w);
  let index = 0;
  for (let o = 0; o < O; o++)
    for (let i = 0; i < h; i++)
      for (let j = 0; j < w; j++)
        for (let c = 0; c < channels; c++)
          for (let a = 0; a < h; a++) for (let b = 0; b < w; b++) matrix[index++] = value(o, c, i, j, a, b);
  return matrix;
}

/** Matrix of a zero-padded K x K convolution, written down from its definition. */
function convolution(size: FcShape, K: number, kernel: Float32Array): Float32Array {
  const p = (K - 1) / 2;
  return matrixOf(size, (o, c, i, j, a, b) => {
    const [u, v] = [a - i + p, b - j + p];
    return u < 0 || v < 0 || u >= K || v >= K ? 0 : kernel[((o * size.channels + c) * K + u) * K + v];
  });
}

/** A diagonal matrix of +1 and -1 that sum to zero: nothing of it is translation-invariant. */
function positionOnly(size: FcShape): Float32Array {
  return matrixOf(size, (_o, _c, i, j, a, b) => (i === a && j === b ? (-1) ** (i * size.w + j) : 0));
}

/** A random matrix with orthonormal rows. */
function orthogonal(side: number, start: number): Float32Array {
  const random = randomFrom(seed(start));
  const rows: Float64Array[] = [];
  while (rows.length < side) {
    const row = Float64Array.from({ length: side }, () => random.normal());
    for (const other of rows) {
      const along = row.reduce((sum, value, k) => sum + value * other[k], 0);
      for (let k = 0; k < side; k++) row[k] -= along * other[k];
    }
    const length = Math.hypot(...row);
    rows.push(row.map((value) => value / length));
  }
  return Float32Array.from(rows.flatMap((row) => [...row]));
}

const kernel = normalArray(randomFrom(seed(1)), 3 * 2 * 3 * 3, 1);
const pureConvolution = convolution(shape, 3, kernel);

describe('nearest translation-invariant part', () => {
  it('of a convolution is its kernel, and nothing is left', () => {
    const energies = energiesOf(pureConvolution, shape);
    const found = invariantKernel(energies);
    // Means of equal float32 values in double precision: a few ulps of double.
    middleOfKernel(found, shape, 3).forEach((value, k) => expect(value).toBeCloseTo(kernel[k], 12));
    expect(Math.max(...positionSpecificRest(pureConvolution, found, shape).map(Math.abs))).toBeLessThan(1e-7);
    expect(analyseMatrix(pureConvolution, shape, 3).invariantShare).toBeCloseTo(1, 12);
  });

  it('of a position-only matrix is zero', () => {
    expect(analyseMatrix(positionOnly(shape), shape, 3).invariantShare).toBe(0);
  });

  it('of their sum is the convolution again, and the energies add up', () => {
    const sum = pureConvolution.map((value, index) => value + 2 * positionOnly(shape)[index]);
    const energies = energiesOf(sum, shape);
    const found = invariantKernel(energies);
    // float32 rounding of the sum, averaged.
    middleOfKernel(found, shape, 3).forEach((value, k) => expect(value).toBeCloseTo(kernel[k], 6));
    const invariant = kernelEnergies(found, shape).reduce((a, b) => a + b, 0);
    const rest = energiesOf(positionSpecificRest(sum, found, shape), shape).total;
    expect(invariant + rest).toBeCloseTo(energies.total, 3);
    expect(rest).toBeCloseTo(4 * shape.O * shape.channels * 20, 3);
  });

  it('of a random orthogonal matrix holds the share of its dimensions', () => {
    const size: FcShape = { O: 1, channels: 1, h: 8, w: 8 };
    const { randomInvariantShare } = localityBaselines(size, 3);
    expect(randomInvariantShare).toBe(225 / 4096);
    const shares = [1, 2, 3, 4].map((start) => analyseMatrix(orthogonal(64, start), size, 3).invariantShare);
    // The share's relative standard deviation is about sqrt(2/225) = 9 %; the mean of four is within 5 of its own.
    expect(Math.abs(shares.reduce((sum, share) => sum + share, 0) / 4 / randomInvariantShare - 1)).toBeLessThan(0.24);
  });
});

describe('locality', () => {
  it('counts pairs of positions per displacement', () => {
    expect(pairCounts({ h: 2, w: 2 })).toEqual(Float64Array.from([1, 2, 1, 2, 4, 2, 1, 2, 1]));
    expect(pairCounts(shape).reduce((sum, count) => sum + count, 0)).toBe(400);
  });

  it('of a 1x1 convolution lies at distance 0', () => {
    const { locality } = analyseMatrix(convolution(shape, 1, kernel.subarray(0, 6)), shape, 1);
    expect(locality.byDistance[0]).toBe(1);
    expect(locality.halfEnergyRadius).toBe(0);
    expect(locality.longRangeShare).toBe(0);
  });

  it('of a convolution is within its window, and outside a smaller one by the right share', () => {
    expect(analyseMatrix(pureConvolution, shape, 3).locality.longRangeShare).toBeCloseTo(0, 12);
    const ones = convolution({ O: 1, channels: 1, h: 3, w: 3 }, 3, new Float32Array(9).fill(1));
    // 49 of the 81 pairs are within one step; 9 of them are the same position.
    expect(analyseMatrix(ones, { O: 1, channels: 1, h: 3, w: 3 }, 1).locality.longRangeShare).toBeCloseTo(40 / 49, 12);
  });

  it('of equal weights everywhere is that of the random baseline', () => {
    const flat = matrixOf(shape, () => 0.5);
    const { locality } = analyseMatrix(flat, shape, 3);
    const { random } = localityBaselines(shape, 3);
    locality.byDistance.forEach((share, distance) => expect(share).toBeCloseTo(random.byDistance[distance], 12));
    locality.densityByDistance.forEach((density) => expect(density).toBeCloseTo(1, 12));
    expect(locality.halfEnergyRadius).toBe(random.halfEnergyRadius);
  });

  it('has the half-energy radius where half the energy is reached', () => {
    const size: FcShape = { O: 1, channels: 1, h: 1, w: 4 };
    // Four weights at distance 0 with energy 1 each, two at distance 2 to the right with energy 3 each: 4 against 6.
    const matrix = matrixOf(size, (_o, _c, _i, j, _a, b) => (b === j ? 1 : b === j + 2 ? Math.sqrt(3) : 0));
    expect(analyseMatrix(matrix, size, 1).locality.halfEnergyRadius).toBe(2);
  });

  it('of a zero matrix is zero, not NaN', () => {
    const { locality, invariantShare, symmetry, positions } = analyseMatrix(new Float32Array(2400), shape, 3);
    expect([locality.halfEnergyRadius, locality.longRangeShare, invariantShare, symmetry.leftRight, positions.outputBorder]).toEqual([
      0,
      0,
      0,
      0,
      null,
    ]);
  });
});

describe('position maps', () => {
  it('find the one output position that is written and the one input position that is read', () => {
    const matrix = matrixOf(shape, (_o, _c, i, j, a, b) => (i === 2 && j === 1 && a === 4 && b === 3 ? 1 : 0));
    const { positions } = analyseMatrix(matrix, shape, 3);
    expect(positions.output.indexOf(Math.max(...positions.output))).toBe(2 * 4 + 1);
    expect(positions.input.indexOf(Math.max(...positions.input))).toBe(4 * 4 + 3);
    expect(positions.output[9]).toBe(20);
  });

  it('can be had for one output channel (share-set) alone', () => {
    const matrix = matrixOf(shape, (o, _c, i, j) => (o === 1 && i === 0 && j === 3 ? 1 : o === 2 ? 5 : 0));
    const maps = positionMaps(energiesOf(matrix, shape), 1);
    expect(maps.output.map((value) => value > 0)).toEqual(Array.from({ length: 20 }, (_, p) => p === 3));
    expect(maps.input).toEqual(new Array(20).fill(1));
  });

  it('see the weaker border of a zero-padded convolution', () => {
    const ones = convolution({ O: 1, channels: 1, h: 4, w: 4 }, 3, new Float32Array(9).fill(1));
    // Inner positions see 9 neighbours, edges 6, corners 4: (8 * 6 + 4 * 4) / 12 / 9.
    expect(analyseMatrix(ones, { O: 1, channels: 1, h: 4, w: 4 }, 3).positions.outputBorder).toBeCloseTo(64 / 12 / 9, 12);
  });

  it('have no border effect where there is no inner cell', () => {
    expect(borderEffect([1, 2, 3, 4], { h: 2, w: 2 })).toBeNull();
  });
});

describe('symmetry', () => {
  const mirrorable = (u: number): Float32Array =>
    convolution({ O: 1, channels: 1, h: 5, w: 5 }, 3, Float32Array.from([0, 0, 0, 1, u, u === 0 ? -1 : 1, 0, 0, 0]));
  const size: FcShape = { O: 1, channels: 1, h: 5, w: 5 };

  it('is 1 for a symmetric kernel, -1 for an antisymmetric one', () => {
    expect(analyseMatrix(mirrorable(3), size, 3).symmetry.leftRight).toBeCloseTo(1, 12);
    expect(analyseMatrix(mirrorable(0), size, 3).symmetry.leftRight).toBeCloseTo(-1, 12);
    expect(analyseMatrix(mirrorable(0), size, 3).symmetry.upDown).toBeCloseTo(1, 12);
  });

  it('equals its definition on any matrix', () => {
    const matrix = normalArray(randomFrom(seed(5)), 2400, 1);
    const at = (o: number, i: number, j: number, c: number, a: number, b: number): number =>
      matrix[(((o * 5 + i) * 4 + j) * 2 + c) * 20 + a * 4 + b];
    const upDown = matrixOf(shape, (o, c, i, j, a, b) => at(o, 4 - i, j, c, 4 - a, b));
    const leftRight = matrixOf(shape, (o, c, i, j, a, b) => at(o, i, 3 - j, c, a, 3 - b));
    const inner = (other: Float32Array): number => matrix.reduce((sum, value, k) => sum + value * other[k], 0);
    const { symmetry } = analyseMatrix(matrix, shape, 3);
    expect(symmetry.upDown).toBeCloseTo(inner(upDown) / inner(matrix), 10);
    expect(symmetry.leftRight).toBeCloseTo(inner(leftRight) / inner(matrix), 10);
  });
});

describe('clusters of rows', () => {
  it('tell rows that look left from rows that look right, the larger kind first', () => {
    const size: FcShape = { O: 1, channels: 1, h: 2, w: 4 };
    const matrix = matrixOf(size, (_o, _c, i, j, _a, b) => ((i * 4 + j) % 4 === 0 ? Number(b < 2) : Number(b >= 2)));
    const { clusterOfRow, sizes, centres } = clusterRows(matrix, size, 2, seed(3));
    expect([...clusterOfRow]).toEqual([1, 0, 0, 0, 1, 0, 0, 0]);
    expect(sizes).toEqual([6, 2]);
    expect([...centres[1]]).toEqual([0.25, 0.25, 0, 0, 0.25, 0.25, 0, 0]);
  });

  it('are as many as there are kinds, even if more are asked for', () => {
    expect(
      clusterRows(
        matrixOf(shape, () => 1),
        shape,
        4,
        seed(1),
      ).centres,
    ).toHaveLength(1);
  });
});

describe('leading singular vectors', () => {
  it('of a sum of two outer products are those, in order', () => {
    const matrix = Float32Array.from([0, 0, 3, 0, 0, 0, 0, -5, 0]);
    const [first, second] = leadingSingularVectors(matrix, 3, 2, seed(1));
    expect([first.value, second.value].map((value) => Number(value.toFixed(9)))).toEqual([5, 3]);
    expect(first.right[1]).toBeCloseTo(1, 9);
    expect(first.left[2]).toBeCloseTo(-1, 9);
    expect(first.energyShare).toBeCloseTo(25 / 34, 9);
  });

  it('of a rank-one matrix leave nothing for a second triple', () => {
    const matrix = Float32Array.from([1, 2, 2, 4]);
    const triples = leadingSingularVectors(matrix, 2, 2, seed(2));
    expect(triples[0].energyShare).toBeCloseTo(1, 9);
    expect(triples[1].value).toBeCloseTo(0, 9);
  });
});
