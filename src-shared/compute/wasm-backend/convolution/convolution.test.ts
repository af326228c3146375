import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, test } from 'vitest';
import { largestDifference, openForTest } from '../../../../tests/engine';
import { convolutionGradients, convolutionsOf, ownConvolution } from '../../../model/forward/kernels/own-convolution';
import { sameConv } from '../../../model/forward/convolution';
import type { ConvGeometry, Pair } from '../../../model/spec';
import { normalArray, randomFrom, seed } from '../../../tensor/random';

beforeAll(() => openForTest('wasm'));

interface Maps {
  readonly N: number;
  readonly size: Pair;
  readonly outSize: Pair;
}

interface Connection {
  readonly output: number;
  readonly input: number;
  readonly weight: number;
}

/** Every product a convolution sums: indices into y (N, H', W', O), x (N, H, W, C) and weight (O, C/g, kh, kw). */
function* connections(geometry: ConvGeometry, { N, size, outSize }: Maps): Generator<Connection> {
  const { in: C, out: O, groups, kernel, stride, padding, dilation } = geometry;
  const [I, perGroup] = [C / groups, O / groups];
  for (let output = 0; output < N * outSize[0] * outSize[1] * O; output++) {
    const o = output % O;
    const pixel = Math.floor(output / O);
    const [x, y, n] = [pixel % outSize[1], Math.floor(pixel / outSize[1]) % outSize[0], Math.floor(pixel / (outSize[0] * outSize[1]))];
    for (let a = 0; a < kernel[0]; a++) {
      for (let b = 0; b < kernel[1]; b++) {
        const [row, column] = [y * stride[0] + a * dilation[0] - padding[0], x * stride[1] + b * dilation[1] - padding[1]];
        if (row < 0 || column < 0 || row >= size[0] || column >= size[1]) continue;
        for (let i = 0; i < I; i++) {
          const input = ((n * size[0] + row) * size[1] + column) * C + Math.floor(o / perGroup) * I + i;
          yield { output, input, weight: ((o * I + i) * kernel[0] + a) * kernel[1] + b };
        }
      }
    }
  }
}

const plain = { stride: [1, 1], padding: [0, 0], dilation: [1, 1] } as const;

test.each<{ N: number; size: Pair; geometry: ConvGeometry }>([
  { N: 3, size: [8, 8], geometry: { ...plain, in: 16, out: 16, groups: 2, kernel: [3, 3], padding: [1, 1] } },
  { N: 2, size: [7, 7], geometry: { ...plain, in: 16, out: 16, groups: 2, kernel: [5, 5], padding: [2, 2] } },
  { N: 2, size: [7, 7], geometry: { ...plain, in: 15, out: 21, groups: 3, kernel: [1, 1] } },
  { N: 2, size: [5, 17], geometry: { ...plain, in: 7, out: 7, groups: 7, kernel: [3, 3], padding: [1, 1] } },
  { N: 1, size: [6, 9], geometry: { ...plain, in: 8, out: 8, groups: 8, kernel: [7, 7], padding: [3, 3] } },
  { N: 2, size: [9, 6], geometry: { ...plain, in: 5, out: 9, groups: 1, kernel: [3, 2], padding: [1, 0] } },
  { N: 2, size: [9, 8], geometry: { ...plain, in: 4, out: 10, groups: 2, kernel: [3, 3], stride: [2, 3], padding: [1, 1] } },
  { N: 2, size: [8, 8], geometry: { ...plain, in: 3, out: 8, groups: 1, kernel: [4, 4], stride: [4, 4] } },
  { N: 1, size: [11, 11], geometry: { ...plain, in: 6, out: 6, groups: 2, kernel: [3, 3], padding: [2, 2], dilation: [2, 2] } },
  { N: 2, size: [4, 4], geometry: { ...plain, in: 3, out: 3, groups: 1, kernel: [2, 2], padding: [3, 3] } },
  { N: 6, size: [7, 9], geometry: { ...plain, in: 16, out: 24, groups: 2, kernel: [5, 3], padding: [2, 1] } },
  {
    N: 5,
    size: [9, 9],
    geometry: { ...plain, in: 12, out: 10, groups: 2, kernel: [3, 3], stride: [2, 2], padding: [1, 1], dilation: [2, 2] },
  },
  { N: 3, size: [5, 4], geometry: { ...plain, in: 11, out: 6, groups: 1, kernel: [1, 1] } },
  { N: 3, size: [9, 6], geometry: { ...plain, in: 21, out: 21, groups: 21, kernel: [3, 3], stride: [2, 2], padding: [1, 1] } },
  { N: 2, size: [8, 9], geometry: { ...plain, in: 6, out: 6, groups: 6, kernel: [3, 2], padding: [2, 3], dilation: [2, 3] } },
  { N: 1, size: [1, 1], geometry: { ...plain, in: 1, out: 1, groups: 1, kernel: [3, 3], padding: [1, 1] } },
])('a convolution $geometry of $N maps of $size and both its gradients equal double precision', ({ N, size, geometry }) => {
  const random = randomFrom(seed(1));
  const normal = (shape: number[]): tf.Tensor4D =>
    tf.tensor4d(
      normalArray(
        random,
        shape.reduce((a, b) => a * b, 1),
        1,
      ),
      shape as [number, number, number, number],
    ); // prettier-ignore
  const before = tf.memory().numTensors;
  tf.tidy(() => {
    const x = normal([N, ...size, geometry.in]);
    const weight = normal([geometry.out, geometry.in / geometry.groups, ...geometry.kernel]);
    const y = ownConvolution(x, weight, geometry);
    const dy = normal(y.shape);
    const [dx, dw] = tf.grads((x, weight) => ownConvolution(x as tf.Tensor4D, weight as tf.Tensor4D, geometry))([x, weight], dy);
    const values = [x, weight, dy].map((tensor) => tensor.dataSync());
    const truth = [y.size, x.size, weight.size].map((length) => new Float64Array(length));
    const outSize: Pair = [y.shape[1], y.shape[2]];
    for (const { output, input, weight: at } of connections(geometry, { N, size, outSize })) {
      truth[0][output] += values[0][input] * values[1][at];
      truth[1][input] += values[2][output] * values[1][at];
      truth[2][at] += values[2][output] * values[0][input];
    }
    // Rounding of float32 sums of at most 400 products of normal values, relative to the largest.
    [y, dx, dw].forEach((tensor, i) => {
      const scale = truth[i].reduce((max, value) => Math.max(max, Math.abs(value)), 0);
      expect(largestDifference(tensor.dataSync(), truth[i])).toBeLessThan(2e-6 * scale);
    });
  });
  expect(tf.memory().numTensors).toBe(before);
});

test.each([
  { O: 24, groups: 2 },
  { O: 16, groups: 16 },
])('$groups groups of convolutions of one map computed together have the bits they have one by one, and add up', ({ O, groups }) => {
  const geometries = [5, 1, 3].map((K) => sameConv(16, O, K, groups));
  const random = randomFrom(seed(2));
  const normal = (shape: [number, number, number, number]): tf.Tensor4D =>
    tf.tensor4d(normalArray(random, tf.util.sizeFromShape(shape), 1), shape);
  tf.tidy(() => {
    const x = normal([6, 8, 7, 16]);
    const weights = geometries.map(({ kernel }) => normal([O, 16 / groups, ...kernel]));
    const together = convolutionsOf(x, weights, geometries);
    const dys = together.map(() => normal([6, 8, 7, O]));
    const { dx, dWeights } = convolutionGradients(x, weights, geometries, dys);
    const alone = geometries.map((geometry, i) => convolutionGradients(x, [weights[i]], [geometry], [dys[i]]));
    geometries.forEach((geometry, i) => {
      expect(together[i].dataSync()).toEqual(ownConvolution(x, weights[i], geometry).dataSync());
      expect(dWeights[i].dataSync()).toEqual(alone[i].dWeights[0].dataSync());
    });
    expect(dx.dataSync()).toEqual(tf.addN(alone.map((one) => one.dx)).dataSync());
  });
});
