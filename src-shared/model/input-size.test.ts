import { beforeAll, describe, expect, test } from 'vitest';
import { largestDifference, openForTest } from '../../tests/engine';
import { ledger } from '../cost/ledger';
import { runForward } from '../compute/forward-request';
import { mergeNetwork } from '../merge/merge-network';
import { randomizeBatchNorm, seededInput } from '../proof/seeded-inputs';
import { seed } from '../tensor/random';
import { tensorInfos, type FloatTensor, type NamedTensors } from '../tensor/tensor';
import { blockSpec } from './block-families';
import { initialWeights } from './initialise';
import { isSizeOpen, parseInputSize, withSizeOf } from './input-size';
import { recognise } from './recognise/recognise';
import { referenceForward } from '../../testing/reference64/forward';
import { BN_EPSILON, type RepMlpNetBlock } from './spec';
import { leavesOf } from './walk';
import { buildModel } from './zoo';

/** Two by two partitions in the first stage, one in the second. */
const CONFIG = {
  in_channels: 3,
  num_class: 5,
  patch_size: [2, 2],
  num_blocks: [1, 1],
  channels: [8, 16],
  hs: [8, 8],
  ws: [8, 8],
  sharesets_nums: [2, 8],
  reparam_conv_k: [1, 3],
  globalperceptron_reduce: 4,
};
const spec = blockSpec('repmlpnet_model', CONFIG);
const weights = randomizeBatchNorm(spec, initialWeights(spec, seed(1)), seed(2));

type Reader = (name: string) => (index: number) => number;

function readerOf(tensors: NamedTensors, path: string): Reader {
  return (name) => {
    const { data } = tensors.get(`${path}.${name}`) as FloatTensor;
    return (index) => data[index];
  };
}

function normaliser(read: Reader, bn: string): (value: number, channel: number) => number {
  const [gamma, beta, mean, variance] = ['weight', 'bias', 'running_mean', 'running_var'].map((name) => read(`${bn}.${name}`));
  return (value, c) => ((value - mean(c)) / Math.sqrt(variance(c) + BN_EPSILON)) * gamma(c) + beta(c);
}

/**
 * The train-form block, value by value in double precision, partition after partition with zeros around each. A row of S channels
 * is number ((n, row, column) of its partition, set q) when it is cut and (n, q, row, column) when it is put back, as in the official code.
 */
function blockByLoops({ C, h, w, shareSets: S, kernels, reduction }: RepMlpNetBlock, read: Reader, x: FloatTensor): Float64Array {
  const [N, , H, W] = x.shape;
  const [hp, wp, sets, area] = [H / h, W / w, C / S, h * w];
  const at = (n: number, c: number, i: number, j: number): number => ((n * C + c) * H + i) * W + j;
  const [fc3, fc3Bn] = [read('fc3.weight'), normaliser(read, 'fc3_bn')];
  const branches = kernels.map((K) => ({ K, kernel: read(`repconv${K}.conv.weight`), bn: normaliser(read, `repconv${K}.bn`) }));
  const y = new Float64Array(N * C * H * W);
  for (let row = 0; row < N * hp * wp * sets; row++) {
    const [n, top, left, q] = [
      Math.floor(row / (hp * wp * sets)),
      Math.floor(row / (wp * sets)) % hp,
      Math.floor(row / sets) % wp,
      row % sets,
    ];
    const [toQ, toTop, toLeft] = [Math.floor(row / (hp * wp)) % sets, Math.floor(row / wp) % hp, row % wp];
    for (let s = 0; s < S; s++) {
      const input = (i: number, j: number): number =>
        i < 0 || j < 0 || i >= h || j >= w ? 0 : x.data[at(n, q * S + s, top * h + i, left * w + j)];
      for (let i = 0; i < h; i++) {
        for (let j = 0; j < w; j++) {
          let dense = 0;
          for (let k = 0; k < area; k++) dense += fc3((s * area + i * w + j) * area + k) * input(Math.floor(k / w), k % w);
          let sum = fc3Bn(dense, s);
          for (const { K, kernel, bn } of branches) {
            let local = 0;
            for (let a = 0; a < K * K; a++)
              local += kernel(s * K * K + a) * input(i + Math.floor(a / K) - (K - 1) / 2, j + (a % K) - (K - 1) / 2);
            sum += bn(local, s);
          }
          y[at(n, toQ * S + s, toTop * h + i, toLeft * w + j)] = sum;
        }
      }
    }
  }
  return y.map(
    (value, index) => value * squeezed(read, { C, reduction, H, W }, x, Math.floor(index / (C * H * W)))[Math.floor(index / (H * W)) % C],
  );
}

const scales = new WeakMap<FloatTensor, Map<number, number[]>>();

/** The Global Perceptron's vector of sample n: from the average over the whole map, all partitions together. */
function squeezed(
  read: Reader,
  { C, reduction, H, W }: { C: number; reduction: number; H: number; W: number },
  x: FloatTensor,
  n: number,
): number[] {
  const known = scales.get(x) ?? new Map<number, number[]>();
  scales.set(x, known);
  const found = known.get(n);
  if (found) return found;
  const hidden = C / reduction;
  const means = Array.from({ length: C }, (_, c) => {
    const first = (n * C + c) * H * W;
    return x.data.subarray(first, first + H * W).reduce((sum, value) => sum + value, 0) / (H * W);
  });
  const layer = (name: string, rows: number, inputs: readonly number[]): number[] => {
    const [weight, bias] = [read(`gp.${name}.weight`), read(`gp.${name}.bias`)];
    return Array.from({ length: rows }, (_, o) => inputs.reduce((sum, value, c) => sum + weight(o * inputs.length + c) * value, bias(o)));
  };
  const squeezedMeans = layer('fc1', hidden, means).map((value) => Math.max(0, value));
  const scale = layer('fc2', C, squeezedMeans).map((value) => 1 / (1 + Math.exp(-value)));
  known.set(n, scale);
  return scale;
}

function largest(values: ArrayLike<number>): number {
  return Array.from(values).reduce((most, value) => Math.max(most, Math.abs(value)), 0);
}

/** Float32 sums of at most 64 + 9 products, each rounded to 2^-24 of a partial sum: some 1e-6 of the largest output, with room. */
const FLOAT32_BLOCK = 5e-6;
/** The whole network: some twenty such layers one after the other. */
const FLOAT32_NETWORK = 1e-4;

describe('a RepMLPNet whose first stage has 2x2 partitions', () => {
  beforeAll(() => openForTest('wasm'));

  test('is described for the least input that all its stages can split', () => {
    expect(spec.input).toEqual({ channels: 3, height: 32, width: 32 });
    expect(leavesOf(spec).find(({ path }) => path === 'stages.0.0.repmlp_block')?.input).toEqual([8, 16, 16]);
  });

  test.each([
    ['its own', 32, 32],
    ['a larger one', 64, 32],
  ])('on inputs of %s size each block computes what a loop over partitions computes', async (_, height, width) => {
    const sized = withSizeOf(spec, { height, width });
    const { layers } = await runForward({ spec: sized, weights, input: seededInput(sized, 2, seed(3)), layers: true });
    for (const stage of ['stages.0.0', 'stages.1.0']) {
      const visit = leavesOf(sized).find(({ path }) => path === `${stage}.repmlp_block`);
      const expected = blockByLoops(
        visit?.layer as RepMlpNetBlock,
        readerOf(weights, `${stage}.repmlp_block`),
        layers.get(`${stage}.prebn1`) as FloatTensor,
      );
      const computed = layers.get(`${stage}.repmlp_block`) as FloatTensor;
      expect(largestDifference(computed.data, expected)).toBeLessThan(FLOAT32_BLOCK * largest(expected));
    }
  });

  test('computes in train and merged form, on 64x96 inputs, what double precision computes in train form', async () => {
    const sized = withSizeOf(spec, { height: 64, width: 96 });
    const input = seededInput(sized, 1, seed(4));
    const truth = referenceForward(sized, weights, input).output;
    const merged = mergeNetwork(sized, weights);
    expect(merged.spec.input).toEqual(sized.input);
    for (const form of [{ spec: sized, weights }, merged]) {
      const { output } = await runForward({ ...form, input, layers: false });
      expect(output.shape).toEqual([1, 5]);
      expect(largestDifference(output.data, truth)).toBeLessThan(FLOAT32_NETWORK * largest(truth));
    }
  });

  test('is recognised from its tensors with the same input', () => {
    expect(recognise(tensorInfos(weights)).recognised?.spec).toEqual(spec);
  });

  test('costs FC3 once a partition: on twice the side, four times the multiply-accumulates and the same parameters', () => {
    const fc3Of = (height: number) => {
      const rows = ledger(withSizeOf(spec, { height, width: height })).layers;
      return rows.find(({ name }) => name === 'stages.0.0.repmlp_block.fc3');
    };
    // Partitions of 8x8: each of C = 8 channels multiplies 64 x 64.
    expect(fc3Of(32)?.macs).toBe(4 * 8 * 64 * 64);
    expect(fc3Of(64)?.macs).toBe(16 * 8 * 64 * 64);
    expect(fc3Of(64)?.params).toBe(fc3Of(32)?.params);
  });
});

test('the constructor of the paper, one partition in every stage, is described for h x patch as before', () => {
  const one = blockSpec('repmlpnet_model', { ...CONFIG, patch_size: [4, 4], hs: [7, 3], ws: [7, 3] });
  expect(one.input).toEqual({ channels: 3, height: 28, width: 28 });
});

test.each([
  ['repmlpnet-t224', true],
  ['resnet50', true],
  ['repmlp-res50-bottleneck-224', false],
  ['pure-mlp-small', false],
  ['pspnet-small', false],
  ['repmlp-pspnet-small', false],
  ['mobilefacenet', false],
])('%s leaves its input size open: %s', (name, open) => {
  expect(isSizeOpen(buildModel(name))).toBe(open);
});

test('a network whose size is built in refuses another, naming the layer', () => {
  expect(() => withSizeOf(buildModel('repmlp-res50-bottleneck-224'), { height: 256, width: 256 })).toThrow(
    /^repmlp-res50-bottleneck-224, described for inputs of 224x224, cannot take 256x256: layer stage\d\.\d\.btnk_repmlp: expected its input/,
  );
});

test('a map that the partitions do not divide is refused, naming the layer', () => {
  expect(() => withSizeOf(buildModel('repmlpnet-t224'), { height: 256, width: 224 })).toThrow(
    'cannot take 256x224: layer stages.0.0.repmlp_block: a map of 64x56 cannot be split into partitions of 56x56',
  );
});

test.each([
  ['224', { height: 224, width: 224 }],
  ['192x256', { height: 192, width: 256 }],
])('an input size is written %s, height before width', (text, size) => {
  expect(parseInputSize('--input-size', text)).toEqual(size);
});

test.each(['', 'x', '0', '-1', '1.5', '1e3', '224x', '224x224x3', '70000', '99999999999999999999'])(
  'the input size "%s" is refused',
  (text) => {
    expect(() => parseInputSize('--input-size', text)).toThrow('--input-size takes N or HxW in pixels');
  },
);
