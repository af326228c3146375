// Convolution and its filter gradient as the WebAssembly computes them, without tfjs: their work is cut into
// units that the threads share, groups of four maps or blocks of outputs.
import { expect, test } from 'vitest';
import { normalArray, randomFrom, seed } from '../../../tensor/random';
import { kernelsOn, ranges } from '../instance';

const memory = new WebAssembly.Memory({ initial: 512, maximum: 65536 });
const kernels = await kernelsOn(memory);
const [PASS, X, DY, DW, PANELS, SCRATCH] = [2 ** 17, 2 ** 20, 2 ** 21, 2 ** 22, 2 ** 22 + 2 ** 21, 2 ** 23];
const [N, H, W, K] = [5, 6, 7, 3];

interface Sizes {
  readonly groups: number;
  readonly inputs: number;
  readonly outputs: number;
}

const numbersAt = (at: number, length: number): Float32Array => new Float32Array(memory.buffer, at, length);

/** Writes random maps and the Pass of a 3 x 3 kernel of stride 1 that keeps the map's size. */
function prepare({ groups, inputs, outputs }: Sizes, weights: number, bandRows: number): void {
  const random = randomFrom(seed(1));
  const put = (at: number, length: number): void => numbersAt(at, length).set(normalArray(random, length, 1));
  put(X, N * H * W * groups * inputs);
  put(DY, N * H * W * groups * outputs);
  put(DW, groups * outputs * inputs * K * K);
  kernels.packWeights(DW, PANELS, groups, outputs, inputs, K * K, inputs * K * K, K * K, 0);
  const pass = [X, weights, DY, groups, inputs, outputs, K, K, 1, 1, 1, 1, 1, 1, 1, 1, H, W, H, W, bandRows, 0, 0];
  new Int32Array(memory.buffer, PASS, pass.length).set(pass);
}

/** Gradient (g, outputs, inputs, K, K), the blocks of 8 outputs computed in `parts` calls. */
function gradientOf(sizes: Sizes, parts: number): Float32Array {
  prepare(sizes, DW, H);
  const { groups, inputs, outputs } = sizes;
  const result = numbersAt(DW, groups * outputs * inputs * K * K).fill(NaN);
  for (const range of ranges(groups * Math.ceil(outputs / 8), parts, 1)) kernels.filterGradient(PASS, 1, N, ...range, SCRATCH);
  return result.slice();
}

/** Output (N, H, W, g * outputs), computed in `parts` calls. */
function convolutionOf(sizes: Sizes, bandRows: number, parts: number): Float32Array {
  prepare(sizes, PANELS, bandRows);
  const result = numbersAt(DY, N * H * W * sizes.groups * sizes.outputs).fill(NaN);
  const units = Math.ceil((N * Math.ceil(H / bandRows)) / 4) * sizes.groups;
  for (const range of ranges(units, parts, 1)) kernels.correlate(PASS, 1, N, ...range, SCRATCH);
  return result.slice();
}

const cases = [
  { groups: 1, inputs: 5, outputs: 30 },
  { groups: 2, inputs: 4, outputs: 20 },
  { groups: 2, inputs: 8, outputs: 8 },
  { groups: 7, inputs: 1, outputs: 1 },
];

test.each(cases)('the filter gradient of $groups groups of $outputs outputs has the same bits however many threads compute it', (sizes) => {
  const alone = gradientOf(sizes, 1);
  expect(alone.every(Number.isFinite)).toBe(true);
  for (const threads of [2, 3, 8]) expect(gradientOf(sizes, threads)).toEqual(alone);
});

test.each(cases)(
  'a convolution of $groups groups of $outputs outputs has the same bits in whole maps and in bands, on any number of threads',
  (sizes) => {
    const alone = convolutionOf(sizes, H, 1);
    expect(alone.every(Number.isFinite)).toBe(true);
    for (const bandRows of [H, 4, 1]) for (const threads of [1, 2, 3]) expect(convolutionOf(sizes, bandRows, threads)).toEqual(alone);
  },
);

test.each([5, 21])(
  'a depthwise convolution of %s channels and its filter gradient have the same bits on any number of threads',
  (groups) => {
    const run = (weights: number, work: 'depthwise' | 'depthwiseFilter', at: number, units: number, length: number, parts: number) => {
      prepare({ groups, inputs: 1, outputs: 1 }, weights, H);
      kernels.packDepthwise(DW, PANELS, groups, K * K, 0);
      const result = numbersAt(at, length).fill(NaN);
      for (const range of ranges(units, parts, 1)) {
        if (work === 'depthwise') kernels.depthwise(PASS, 1, ...range, SCRATCH);
        else kernels.depthwiseFilter(PASS, 1, N, ...range, SCRATCH);
      }
      return result.slice();
    };
    const output = (parts: number) => run(PANELS, 'depthwise', DY, N * H, N * H * W * groups, parts);
    const gradient = (parts: number) => run(DW, 'depthwiseFilter', DW, Math.ceil(groups / 16), groups * K * K, parts);
    for (const result of [output, gradient]) {
      const alone = result(1);
      expect(alone.every(Number.isFinite)).toBe(true);
      for (const threads of [2, 3]) expect(result(threads)).toEqual(alone);
    }
  },
);
