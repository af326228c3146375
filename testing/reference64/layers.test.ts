// Layers that no reference case contains, against numbers of PyTorch in double precision.
import { describe, expect, test } from 'vitest';
import { elementCount } from '@shared/tensor/tensor';
import type { Array64 } from './array64';
import { concatChannels } from './concat';
import { conv2d } from './convolution';
import { activate, adaptiveAveragePool, cosineScores, erf, pool, resize } from './layers';

/** ((37 i) mod 23 - 11) / 8: the same deterministic values PyTorch was given. */
function sequence(...shape: number[]): Array64 {
  return { shape, data: Float64Array.from({ length: elementCount(shape) }, (_, i) => (((i * 37) % 23) - 11) / 8) };
}

/** PyTorch's numbers were printed with 12 decimals. */
function expectPyTorch(actual: Array64, shape: readonly number[], expected: readonly number[]): void {
  expect(actual.shape).toEqual(shape);
  expected.forEach((value, i) => expect(actual.data[i]).toBeCloseTo(value, 11));
}

const x = sequence(1, 2, 5, 6);
const noSlope = () => sequence(0);

test('a strided, padded, dilated, grouped convolution', () => {
  const window = { stride: [2, 1], padding: [1, 2], dilation: [2, 2], groups: 2 } as const;
  const expected = [
    -2.84375, -1.296875, 0.390625, -2.78125, -0.109375, -1.453125, -1.109375, -2.734375, 1.0, 0.875, -4.1875, -0.09375, -0.203125, -1.9375,
    -3.40625, -0.359375, -0.265625, -3.09375, -1.65625, 0.703125, 1.265625, 0.390625, 0.796875, -1.171875, -0.765625, -0.765625, 1.65625,
    2.53125, -0.453125, 0.59375, 0.703125, -1.65625, 0.640625, 0.953125, 0.0, 0.140625,
  ];
  expectPyTorch(conv2d(x, sequence(2, 1, 2, 3), sequence(2), window), [1, 2, 3, 6], expected);
});

describe('pooling never counts its padding', () => {
  const window = { kernel: [3, 3], stride: [2, 2], padding: [1, 1] } as const;

  test('the largest value', () => {
    const expected = [0.5, 1.125, 1.0, 1.375, 1.25, 0.875, 1.375, 1.0, 0.875, 1.25, 1.125, 1.375, 1.25, 1.0, 1.375, 1.125, 1.0, 1.25];
    expectPyTorch(pool(x, { function: 'max', ...window }), [1, 2, 3, 3], expected);
  });

  test('the average', () => {
    const expected = [
      -0.28125, 0.1875, -0.145833333333, 0.375, 0.125, -0.208333333333, 0.3125, 0.0625, -0.270833333333, 0.46875, -0.020833333333, 0.125,
      0.166666666667, -0.083333333333, -0.097222222222, 0.34375, -0.145833333333, 0.0,
    ];
    expectPyTorch(pool(x, { function: 'average', ...window }), [1, 2, 3, 3], expected);
  });
});

test('adaptive pooling averages regions that may overlap', () => {
  const expected = [
    -0.28125, 0.03125, -0.0625, -0.46875, 0.375, 0.208333333333, -0.125, -0.291666666667, 0.3125, -0.09375, -0.1875, -0.59375, 0.46875,
    0.0625, -0.03125, 0.28125, 0.166666666667, 0.0, -0.333333333333, -0.020833333333, 0.34375, -0.0625, -0.15625, 0.15625,
  ];
  expectPyTorch(adaptiveAveragePool(x, [3, 4]), [1, 2, 3, 4], expected);
});

test('bilinear resizing aligns the corners', () => {
  const corner: Array64 = { shape: [1, 1, 3, 2], data: Float64Array.of(...[0, 1, 6, 7, 12, 13].map((i) => x.data[i])) };
  const expected = [
    -1.375, -0.9375, -0.5, -0.0625, 0.375, -0.125, -0.166666666667, -0.208333333333, -0.25, -0.291666666667, 0.166666666667, 0.125,
    0.083333333333, 0.041666666667, 0.0, -0.5, -0.0625, 0.375, 0.8125, 1.25,
  ];
  expectPyTorch(resize(corner, [4, 5]), [1, 1, 4, 5], expected);
});

describe('activations', () => {
  const values: Array64 = { shape: [7], data: Float64Array.of(-3, -1, -0.25, 0, 0.5, 2, 4) };

  test('GELU is the exact one, with the error function', () => {
    const expected = [-0.004049694095, -0.158655253931, -0.100323418579, 0.0, 0.345731230637, 1.954499736104, 3.999873315033];
    expectPyTorch(activate(values, 'gelu', noSlope), [7], expected);
  });

  test('sigmoid', () => {
    const expected = [0.047425873178, 0.26894142137, 0.437823499114, 0.5, 0.622459331202, 0.880797077978, 0.982013790038];
    expectPyTorch(activate(values, 'sigmoid', noSlope), [7], expected);
  });

  test('PReLU has one slope per channel', () => {
    const slope = { shape: [2], data: Float64Array.of(0.25, -0.5) };
    const firstRow = { shape: [1, 2, 1, 3], data: Float64Array.of(...[0, 1, 2, 30, 31, 32].map((i) => x.data[i])) };
    expectPyTorch(
      activate(firstRow, 'prelu', () => slope),
      [1, 2, 1, 3],
      [-0.34375, 0.375, -0.1875, 0.3125, 1.125, 0],
    );
  });

  test('the error function, from the middle to the tails', () => {
    const expected = [-0.999999999998, -0.999593047983, -0.001128378791, 0.520499877813, 0.84270079295, 0.999977909503];
    [-5, -2.5, -1e-3, 0.5, 1, 3].forEach((value, i) => expect(erf(value)).toBeCloseTo(expected[i], 11));
    expect([erf(0), erf(7), erf(-7)]).toEqual([0, 1, -1]);
  });
});

test('cosine scores compare directions, not lengths', () => {
  const expected = [1.0, -0.459272035078, -0.02410933786, -0.459272035078, 1.0, -0.429569130315];
  expectPyTorch(cosineScores(sequence(2, 4), sequence(3, 4)), [2, 3], expected);
});

test('maps are concatenated along their channels, sample by sample', () => {
  const a: Array64 = { shape: [2, 1, 1, 2], data: Float64Array.of(1, 2, 3, 4) };
  const b: Array64 = { shape: [2, 2, 1, 2], data: Float64Array.of(5, 6, 7, 8, 9, 10, 11, 12) };
  expect([...concatChannels([a, b]).data]).toEqual([1, 2, 5, 6, 7, 8, 3, 4, 9, 10, 11, 12]);
});
