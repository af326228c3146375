// Blocks nobody thought of: random sizes of both families, C other than O, flat partitions, kernels larger than
// them, several branches. Every merged cell is compared with its double-precision sum, written from the formula.
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { leafParameters } from '../model/parameters';
import type { RepBlock } from '../model/spec';
import { deriveSeed, normalArray, randomFrom, seed, type Random } from '../tensor/random';
import { elementCount, floatTensor, type FloatTensor, type NamedTensors, type Tensor } from '../tensor/tensor';
import { aloneSpec } from '../proof/blocks-inside';
import { mergeBlockByIdentity } from './mathematics/identity';
import { columnsOf, rowsOf } from '../matrix/geometry';
import { mergeBlock } from './merge-layer';
import { fcShapeOf } from '../matrix/geometry';
import { mergeNetwork } from './merge-network';
import { isPadded } from './passes/padded-band';
import { randomizeBatchNorm, seededInput } from '../proof/seeded-inputs';
import { referencePass } from '../../testing/reference64/reference-pass';
import { verifyNetworks } from '../proof/verify';

/** Unit roundoff of float32. */
const u = 2 ** -24;

const among = <T>(random: Random, choices: readonly T[]): T => choices[random.integer(choices.length)];

/** One to four kernel sizes, each once; sometimes none. */
function randomKernels(random: Random): number[] {
  return [1, 3, 5, 7, 11].filter(() => random.uniform() < 0.4);
}

function randomBlock(random: Random): RepBlock {
  const [h, w] = [1 + random.integer(9), 1 + random.integer(9)];
  const kernels = randomKernels(random);
  if (random.uniform() < 0.5) {
    const shareSets = among(random, [1, 2, 3, 4]);
    return {
      kind: 'repmlpNetBlock',
      name: '',
      C: shareSets * (1 + random.integer(3)),
      h,
      w,
      kernels,
      reduction: 1,
      shareSets,
      form: 'train',
    };
  }
  const groups = among(random, [1, 1, 2, 3]);
  const [C, O] = [groups * (1 + random.integer(3)), groups * (1 + random.integer(3))];
  const [H, W] = [h * (1 + random.integer(2)), w * (1 + random.integer(2))];
  return { kind: 'repmlp', name: '', C, O, H, W, h, w, kernels, reduction: 1, groups, withoutGlobal: C !== O, form: 'train' };
}

/** Weights of ordinary size with batch norms drawn so that every part of them shows. */
function randomWeights(block: RepBlock, number: number): NamedTensors {
  const random = randomFrom(deriveSeed(seed(number), 'weights'));
  const drawn = leafParameters(block, '').map(({ name, shape, role }): [string, Tensor] => {
    if (role === 'counter') return [name, { shape, dtype: 'int64', data: new BigInt64Array(1) }];
    return [name, floatTensor(shape, normalArray(random, elementCount(shape), 0.5))];
  });
  return randomizeBatchNorm(aloneSpec(block), new Map(drawn), seed(number));
}

const cases = Array.from({ length: 60 }, (_, index) => {
  const number = index + 1;
  const block = randomBlock(randomFrom(deriveSeed(seed(number), 'block')));
  return { number, block, weights: randomWeights(block, number), kernels: block.kernels.join(', ') };
});

const valuesOf = (weights: NamedTensors, name: string): Float32Array => (weights.get(name) as FloatTensor).data;

/** scale and shift of one channel of a batch norm, from its definition. */
function affine(weights: NamedTensors, norm: string, at: number): [scale: number, shift: number] {
  const [gamma, beta, mean, variance] = ['weight', 'bias', 'running_mean', 'running_var'].map(
    (part) => valuesOf(weights, `${norm}.${part}`)[at],
  );
  const scale = gamma / Math.sqrt(variance + 1e-5);
  return [scale, beta - mean * scale];
}

/** A cell of the merged matrix or bias in double precision: the sum, and the sizes of its parts. */
interface Cell {
  readonly sum: number;
  /** |scale * weight|. */
  readonly fc: number;
  /** Sum over the branches of |scale * kernel|. */
  readonly conv: number;
}

/** Cell (row, column) of FC3, by the index form of arXiv 2105.01883, section 3.3. */
function cellOf(block: RepBlock, weights: NamedTensors, row: number, column: number): Cell {
  const { channels, h, w } = fcShapeOf(block);
  const split = (index: number): [number, number, number] => [Math.floor(index / (h * w)), Math.floor(index / w) % h, index % w];
  const [[o, i, j], [c, a, b]] = [split(row), split(column)];
  const fc =
    affine(weights, 'fc3_bn', block.kind === 'repmlp' ? row : o)[0] * valuesOf(weights, 'fc3.weight')[row * channels * h * w + column];
  let [sum, conv] = [fc, 0];
  for (const K of block.kernels) {
    const [du, dv] = [a - i + (K - 1) / 2, b - j + (K - 1) / 2];
    if (du < 0 || du >= K || dv < 0 || dv >= K) continue;
    const weight = valuesOf(weights, `repconv${K}.conv.weight`)[((o * channels + c) * K + du) * K + dv];
    const part = affine(weights, `repconv${K}.bn`, o)[0] * weight;
    sum += part;
    conv += Math.abs(part);
  }
  return { sum, fc: Math.abs(fc), conv };
}

/** The first cell of a merged matrix farther from its double-precision sum than `bound` allows; null where none is. */
function firstWrong(block: RepBlock, weights: NamedTensors, merged: Float32Array, bound: (cell: Cell) => number): object | null {
  const shape = fcShapeOf(block);
  const columns = columnsOf(shape);
  for (let row = 0; row < rowsOf(shape); row++) {
    for (let column = 0; column < columns; column++) {
      const cell = cellOf(block, weights, row, column);
      const found = merged[row * columns + column];
      // Squares of roundings are 2^-24 of the bound; the last term is for results below the normal numbers.
      if (!(Math.abs(found - cell.sum) <= bound(cell) * (1 + 2 ** -20) + 2 ** -148)) return { row, column, found, ...cell };
    }
  }
  return null;
}

beforeAll(async () => {
  await tf.setBackend('cpu');
});

describe.each(cases)(
  'random block $number: $block.kind $block.C channels, $block.h x $block.w, kernels $kernels',
  ({ block, weights, number }) => {
    const [fast, plain] = [mergeBlock(block, weights), mergeBlock(block, weights, '', { pass: 'plain' })];

    test('WebAssembly and plain code write the same bits', () => {
      for (const [name, { data }] of fast) expect(Buffer.compare(bytesOf(data), bytesOf((plain.get(name) as Tensor).data)), name).toBe(0);
    });

    test('every cell is its double-precision sum but for float32 roundings of its parts', () => {
      // Scale, product and sum are rounded (three of the FC's part); the summed kernel and the sum are (two of the conv's).
      expect(firstWrong(block, weights, valuesOf(fast, 'fc3.weight'), ({ fc, conv }) => (3 * fc + 2 * conv) * u)).toBeNull();
    });

    test('every bias is its double-precision sum, rounded once', () => {
      const bias = valuesOf(fast, 'fc3.bias');
      const { h, w } = fcShapeOf(block);
      const sums = Float32Array.from(bias, (_, row) => {
        const o = Math.floor(row / (h * w));
        const own = affine(weights, 'fc3_bn', block.kind === 'repmlp' ? row : o)[1];
        return block.kernels.reduce((sum, K) => sum + affine(weights, `repconv${K}.bn`, o)[1], own);
      });
      // Doubles may add up in another order: one float32 value apart at most, of sums of a few terms below 8.
      sums.forEach((sum, row) => expect(Math.abs(bias[row] - sum)).toBeLessThanOrEqual(2 * u * Math.max(Math.abs(sum), 2 ** -26)));
    });

    test('the identity form gives the same but for its own roundings', () => {
      const parameter = (suffix: string): tf.Tensor => tf.tensor(valuesOf(weights, suffix), [...(weights.get(suffix) as Tensor).shape]);
      const matrix = tf.tidy(() => mergeBlockByIdentity(block, parameter)['fc3.weight'].dataSync()) as Float32Array;
      // The scale takes four roundings (eps added, root, quotient; eps itself is one), the product one, up to three sums of
      // branches, the last sum one: six of the FC's part, nine of the conv's.
      expect(firstWrong(block, weights, matrix, ({ fc, conv }) => (6 * fc + 9 * conv) * u)).toBeNull();
    });

    test('the merged block computes the same function', async () => {
      const train = { spec: aloneSpec(block), weights };
      const input = seededInput(train.spec, 1, seed(number));
      const inputs = { source: 'seeded', shape: input.shape, seed: number };
      const report = await verifyNetworks(train, mergeNetwork(train.spec, weights), input, referencePass, { backend: 'reference', inputs });
      expect(report).toMatchObject({ equivalent: true, firstDivergentLayer: null });
    });
  },
);

test('the blocks above meet every difficulty', () => {
  const some = (difficulty: (block: RepBlock) => boolean): boolean => cases.some(({ block }) => difficulty(block));
  const staged = (block: RepBlock): boolean => isPadded({ K: Math.max(...block.kernels), ...fcShapeOf(block) }, fcShapeOf(block));
  expect(some((block) => block.kind === 'repmlp' && block.C !== block.O)).toBe(true);
  expect(some((block) => block.kind === 'repmlp' && block.groups > 1 && block.C !== block.O)).toBe(true);
  expect(some((block) => block.kind === 'repmlpNetBlock' && block.shareSets > 1 && block.shareSets < block.C)).toBe(true);
  expect(some(({ h, w }) => h !== w)).toBe(true);
  expect(some(({ h, kernels }) => Math.max(...kernels) > 2 * h)).toBe(true);
  expect(some(({ kernels }) => kernels.length >= 3)).toBe(true);
  expect(some(({ kernels }) => kernels.length === 0)).toBe(true);
  expect(some((block) => block.kernels.length > 0 && staged(block))).toBe(true);
  expect(some((block) => block.kernels.length > 0 && !staged(block))).toBe(true);
});

function bytesOf({ buffer, byteOffset, byteLength }: Tensor['data']): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}
