import { expect, test } from 'vitest';
import { randomFrom, seed } from '../tensor/random';
import { floatTensor } from '../tensor/tensor';
import { kernelGeometry, kernelMatrix, usualMap } from './kernel-matrix';

const random = randomFrom(seed(4));
const normal = (length: number): Float32Array => Float32Array.from({ length }, () => random.normal());

/** The convolution by its definition: y[o, i, j] = sum over c, u, v of K[o, c, u, v] x[c, i + u - p, j + v - q], zeros outside. */
function convolved(kernel: Float32Array, [O, C, K, L]: number[], x: Float32Array, [h, w]: number[]): number[] {
  const at = (c: number, a: number, b: number): number => (a < 0 || a >= h || b < 0 || b >= w ? 0 : x[(c * h + a) * w + b]);
  return Array.from({ length: O * h * w }, (_, row) => {
    const [o, i, j] = [Math.floor(row / (h * w)), Math.floor(row / w) % h, row % w];
    let sum = 0;
    for (let c = 0; c < C; c++)
      for (let u = 0; u < K; u++)
        for (let v = 0; v < L; v++) sum += kernel[((o * C + c) * K + u) * L + v] * at(c, i + u - (K - 1) / 2, j + v - (L - 1) / 2);
    return sum;
  });
}

test.each([
  [
    [3, 2, 3, 3],
    [4, 5],
  ],
  [
    [2, 3, 1, 5],
    [3, 2],
  ],
  [
    [4, 1, 7, 7],
    [3, 3],
  ],
])('the matrix of a kernel %j on a map of %j computes what the convolution computes, borders included', (shape, map) => {
  const [O, C, K, L] = shape;
  const [h, w] = map;
  const kernel = normal(O * C * K * L);
  const matrix = kernelMatrix('k', floatTensor(shape, kernel), [h, w]);
  const x = normal(C * h * w);
  const product = Array.from({ length: O * h * w }, (_, row) =>
    x.reduce((sum, value, column) => sum + value * matrix[row * x.length + column], 0),
  );
  convolved(kernel, shape, x, map).forEach((wanted, row) => expect(product[row]).toBeCloseTo(wanted, 10));
});

test('a map that makes a matrix too large is refused with one that fits; an even kernel and a vector are refused', () => {
  expect(() => kernelGeometry('stage4.conv', [2560, 2560, 3, 3], [14, 14])).toThrow(
    /stage4\.conv on a map of 14x14 is a matrix of 501760 x 501760.*for example 1x1/,
  );
  expect(() => kernelGeometry('k', [2, 2, 2, 2], [4, 4])).toThrow(/2x2x2x2.*odd/);
  expect(() => kernelGeometry('k', [8], [4, 4])).toThrow(/odd/);
});

test('the usual map has the size of a large kernel, at least 7, as long as its matrix can be looked at', () => {
  expect(usualMap([8, 8, 3, 3])).toEqual([7, 7]);
  expect(usualMap([6, 1, 31, 31])).toEqual([31, 31]);
  const [side] = usualMap([512, 512, 3, 3]);
  expect(512 * 512 * side ** 4).toBeLessThanOrEqual(2 ** 24);
});
