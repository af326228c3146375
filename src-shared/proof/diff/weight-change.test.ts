// Changes whose size, rank and place are known because they were made by hand.
import { describe, expect, test } from 'vitest';
import { floatTensor, type Tensor } from '../../tensor/tensor';
import { normalArray, randomFrom, seed } from '../../tensor/random';
import { changeOf, isSameTensor } from './weight-change';

const matrix = (rows: number, columns: number, from = 1): Float32Array => normalArray(randomFrom(seed(from)), rows * columns, 1);

/** a + sum of `rank` outer products. */
function withOuterProducts(a: Float32Array, rows: number, columns: number, rank: number): Float32Array {
  const b = Float64Array.from(a);
  for (let k = 0; k < rank; k++) {
    const [u, v] = [matrix(rows, 1, 100 + k), matrix(columns, 1, 200 + k)];
    for (let r = 0; r < rows; r++) for (let c = 0; c < columns; c++) b[r * columns + c] += u[r] * v[c];
  }
  return Float32Array.from(b);
}

describe('the change of a weight', () => {
  test('of one value is that value, where it is, of rank one', () => {
    const a = matrix(40, 30);
    const b = a.slice();
    b[7 * 30 + 11] += 0.5;
    const change = changeOf(floatTensor([40, 30], a), floatTensor([40, 30], b));
    expect(change).toMatchObject({ changed: 1, values: 1200, rank: 1, rankAtLeast: false, worst: { index: [7, 11], offset: 221 } });
    expect(change?.maxAbs).toBeCloseTo(0.5, 6);
    expect(change?.norm).toBeCloseTo(0.5, 6);
    expect(change?.relative).toBeCloseTo(0.5 / Math.hypot(...a), 6);
  });

  test.each([1, 2, 5, 8])('that is a sum of %i outer products has that rank, through the rounding of float32', (rank) => {
    const a = matrix(64, 50);
    const change = changeOf(floatTensor([64, 50], a), floatTensor([64, 50], withOuterProducts(a, 64, 50, rank)));
    expect(change).toMatchObject({ rank, rankAtLeast: false });
  });

  test('of full rank is said to have more than is told apart', () => {
    expect(changeOf(floatTensor([64, 50], matrix(64, 50)), floatTensor([64, 50], matrix(64, 50, 2)))).toMatchObject({
      rank: 8,
      rankAtLeast: true,
    });
  });

  test('to NaN is infinitely large, from NaN to NaN it is none', () => {
    const of = (...values: number[]): Tensor => floatTensor([2], Float32Array.from(values));
    expect(changeOf(of(1, 2), of(1, NaN))).toMatchObject({ maxAbs: Infinity, changed: 1, worst: { index: [1] } });
    expect(changeOf(of(1, NaN), of(1, NaN))).toBeNull();
    expect(changeOf(of(1, 2), of(1, 2))).toBeNull();
  });

  test('is none between types that hold the same values, and these are not the same tensor', () => {
    const single = floatTensor([3], Float32Array.of(0.5, 1, -2));
    const half: Tensor = { shape: [3], dtype: 'float16', data: Uint16Array.of(0x3800, 0x3c00, 0xc000) };
    expect(changeOf(single, half)).toBeNull();
    expect(isSameTensor(single, half)).toBe(false);
  });
});
