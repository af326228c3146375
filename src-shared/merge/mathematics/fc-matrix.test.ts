import { describe, expect, test } from 'vitest';
import { conv2d, groupedFullyConnected, samePadding } from '../../../testing/reference64/convolution';
import { normalArray, randomFrom, seed } from '../../tensor/random';
import { scaleShiftOf } from './batch-norm';
import { add, bnIntoFc, convToFc, mergedBias, mergedMatrix } from './fc-matrix';
import { columnsOf, rowsOf, type FcShape } from '../../matrix/geometry';
import { addKernels, bnIntoConv, padKernel, sumOfBranches, type Branch, type Kernel } from './kernels';
import { poolBnIntoFc1 } from './pool-bn';

const random = randomFrom(seed(1));
const doubles = (count: number): Float64Array => Float64Array.from(normalArray(random, count, 1));
const kernelOf = (O: number, channels: number, K: number): Kernel => {
  return { O, channels, K, weight: doubles(O * channels * K * K), bias: doubles(O) };
};

/** A branch whose BN changes nothing but the bias. */
const unfolded = ({ O, K, weight, bias }: Kernel): Branch => ({ K, weight, norm: { scale: new Float64Array(O).fill(1), shift: bias } });

/** Band shapes: square and not, kernels smaller and larger than the partition, one and several channels. */
const shapes: readonly (readonly [FcShape, number])[] = [
  [{ O: 2, channels: 2, h: 4, w: 4 }, 3],
  [{ O: 3, channels: 1, h: 3, w: 5 }, 5],
  [{ O: 1, channels: 2, h: 5, w: 3 }, 1],
  [{ O: 2, channels: 3, h: 2, w: 3 }, 7],
  [{ O: 2, channels: 1, h: 1, w: 6 }, 3],
  [{ O: 4, channels: 2, h: 7, w: 7 }, 5],
  [{ O: 1, channels: 1, h: 40, w: 33 }, 3],
];

describe.each(shapes)('%j with K = %i', (shape, K) => {
  const kernel = kernelOf(shape.O, shape.channels, K);

  test('the band is the index form, cell by cell', () => {
    const { O, channels, h, w } = shape;
    const [matrix, p] = [convToFc(kernel, shape), (K - 1) / 2];
    let index = 0;
    for (let o = 0; o < O; o++)
      for (let i = 0; i < h; i++)
        for (let j = 0; j < w; j++)
          for (let c = 0; c < channels; c++)
            for (let a = 0; a < h; a++)
              for (let b = 0; b < w; b++, index++) {
                const [u, v] = [a - i + p, b - j + p];
                const inside = u >= 0 && u < K && v >= 0 && v < K;
                const expected = inside ? Math.fround(kernel.weight[((o * channels + c) * K + u) * K + v]) : 0;
                if (matrix[index] !== expected) expect([index, matrix[index]]).toEqual([index, expected]);
              }
    expect(index).toBe(matrix.length);
  });

  test('the matrix computes the convolution', () => {
    const { channels, h, w } = shape;
    const exact = { ...kernel, weight: kernel.weight.map(Math.fround) };
    const x = { shape: [2, channels, h, w], data: doubles(2 * channels * h * w) };
    const F = { shape: [shape.O, channels, K, K], data: exact.weight };
    const M = { shape: [rowsOf(shape), columnsOf(shape)], data: Float64Array.from(convToFc(exact, shape)) };
    const convolved = conv2d(x, F, null, samePadding(K, 1)).data;
    const connected = groupedFullyConnected({ shape: [2, columnsOf(shape)], data: x.data }, M, null, 1).data;
    // Both sums are in double precision, in another order.
    convolved.forEach((value, i) => expect(connected[i]).toBeCloseTo(value, 12));
  });

  test('one pass gives what the separate steps give, bit for bit', () => {
    const weight = normalArray(random, rowsOf(shape) * columnsOf(shape), 1);
    for (const statistics of [rowsOf(shape), shape.O]) {
      const norm = { scale: doubles(statistics), shift: doubles(statistics) };
      const stepwise = add(bnIntoFc(weight, norm, shape).weight, convToFc(kernel, shape));
      const merged = mergedMatrix(weight, norm.scale, kernel, shape);
      expect(merged.findIndex((value, i) => value !== stepwise[i])).toBe(-1);
    }
  });

  test('every value is within three roundings of its double-precision FC part and two of its conv part', () => {
    const weight = normalArray(random, rowsOf(shape) * columnsOf(shape), 1);
    const scale = doubles(shape.O);
    const [merged, band] = [mergedMatrix(weight, scale, kernel, shape), convToFc(kernel, shape)];
    const perChannel = merged.length / shape.O;
    merged.forEach((value, i) => {
      const fc = scale[Math.floor(i / perChannel)] * weight[i];
      // `band` is the kernel rounded once already: its second rounding is the sum's. 2^-20 covers the products of roundings.
      const bound = 2 ** -24 * (3 * Math.abs(fc) + Math.abs(band[i])) * (1 + 2 ** -20);
      if (!(Math.abs(value - (fc + band[i])) <= bound)) expect([i, value]).toEqual([i, fc + band[i]]);
    });
  });
});

test('double-precision weights are rounded to float32 first', () => {
  const shape = { O: 1, channels: 1, h: 1, w: 1 };
  const merged = mergedMatrix(Float64Array.of(1 + 2 ** -25), Float64Array.of(3), null, shape);
  expect(merged[0]).toBe(3);
});

test('the conv bias is repeated over the h*w positions of its channel, beside the shift of the FC', () => {
  const shape = { O: 2, channels: 1, h: 1, w: 2 };
  expect([...mergedBias(Float64Array.of(1, 2, 3, 4), Float64Array.of(10, 20), shape)]).toEqual([11, 12, 23, 24]);
  expect([...mergedBias(Float64Array.of(1, 2), null, shape)]).toEqual([1, 1, 2, 2]);
});

test('batch norm is the affine map gamma (x - mean) / sqrt(variance + 1e-5) + beta', () => {
  const { scale, shift } = scaleShiftOf({ gamma: [2], beta: [3], mean: [4], variance: [0.25 - 1e-5] });
  expect(scale[0]).toBeCloseTo(4, 14);
  expect(shift[0]).toBeCloseTo(3 - 16, 13);
});

test('BN into conv scales each output channel and makes the shift its bias', () => {
  const fused = bnIntoConv(Float32Array.of(1, 2, 3, 4), { scale: Float64Array.of(10, 100), shift: Float64Array.of(5, 6) });
  expect([...fused.weight]).toEqual([10, 20, 300, 400]);
  expect([...fused.bias]).toEqual([5, 6]);
});

describe('padding a kernel', () => {
  test('puts it in the middle of zeros', () => {
    const padded = padKernel({ O: 1, channels: 1, K: 1, weight: Float64Array.of(7), bias: Float64Array.of(1) }, 3);
    expect([...padded.weight]).toEqual([0, 0, 0, 0, 7, 0, 0, 0, 0]);
  });

  test('cannot shrink it, nor move its centre', () => {
    expect(() => padKernel(kernelOf(1, 1, 5), 3)).toThrow(RangeError);
    expect(() => padKernel(kernelOf(1, 1, 2), 3)).toThrow(RangeError);
  });
});

test('branches add up as padded kernels, whatever their order', () => {
  const [k1, k5, k3] = [kernelOf(2, 1, 1), kernelOf(2, 1, 5), kernelOf(2, 1, 3)];
  const sum = sumOfBranches([k5, k1, k3].map(unfolded), { O: 2, channels: 1 }) as Kernel;
  expect(sum.K).toBe(5);
  expect(sum.weight[12]).toBe(k5.weight[12] + k1.weight[0] + k3.weight[4]);
  expect(sum.bias[1]).toBe(k5.bias[1] + k1.bias[1] + k3.bias[1]);
  expect(sumOfBranches([], { O: 2, channels: 1 })).toBeNull();
  expect(sum).toEqual([k5, k1, k3].map((branch) => padKernel(branch, 5)).reduce(addKernels));
  expect(() => addKernels(k1, k3)).toThrow(RangeError);
});

test("the pooling's BN folds into FC1: W s on its columns in the order C, hp, wp, b + W t", () => {
  const fc1 = { weight: Float32Array.of(1, 2, 3, 4), bias: Float32Array.of(100) };
  const fused = poolBnIntoFc1(fc1, { scale: Float64Array.of(2, 3), shift: Float64Array.of(10, 20) }, 2);
  expect([...fused.weight]).toEqual([2, 4, 9, 12]);
  expect([...fused.bias]).toEqual([100 + 10 + 20 + 60 + 80]);
});
