import { leavesOf } from '../model/walk';
import { describe, expect, test } from 'vitest';
import { float32Of, group, readReferenceTensors, referenceCases, type ReferenceCase } from '../../tests/reference';
import { blockSpec } from '../model/block-families';
import { convBn, relu } from '../model/layers';
import type { NetworkSpec } from '../model/spec';
import { withInputSize } from '../model/walk';
import { parametersOf } from '../model/parameters';
import { deriveSeed, normalArray, randomFrom, seed } from '../tensor/random';
import { elementCount, floatTensor, type FloatTensor, type NamedTensors, type Tensor } from '../tensor/tensor';
import { argMaxAgreement, type OutputArray, type NetworkOutputs } from './compare-arrays';
import { divergenceText } from './divergence-text';
import { mergeNetwork, type WeightedNetwork } from '../merge/merge-network';
import { mergedSpec } from '../model/merged-spec';
import { convToFc, add } from '../merge/mathematics/fc-matrix';
import { rowsOf } from '../matrix/geometry';
import { kernelOf, mergeLayer, realsAt } from '../merge/merge-layer';
import { fcShapeOf } from '../matrix/geometry';
import { randomizeBatchNorm, seededInput } from './seeded-inputs';
import { referencePass } from '../../testing/reference64/reference-pass';
import { compareForms, verifyNetworks } from './verify';
import type { RepMlp, RepMlpNetBlock } from '../model/spec';

const inputs = { source: 'seeded', shape: [], seed: 1 };
const circumstances = { backend: 'reference', inputs };

function caseOf(id: string): { train: WeightedNetwork; x: FloatTensor; tensors: NamedTensors } {
  const reference = referenceCases.find((candidate) => candidate.id === id) as ReferenceCase;
  const tensors = readReferenceTensors(reference.file);
  const spec = withInputSize(blockSpec(reference.family, reference.config), reference.input_shape[2], reference.input_shape[3]);
  return { train: { spec, weights: group(tensors, 'train') }, x: float32Of(tensors, 'x'), tensors };
}

function verify(train: WeightedNetwork, merged: WeightedNetwork, x: FloatTensor) {
  return verifyNetworks(train, merged, x, referencePass, circumstances);
}

describe('a right merge is equivalent', () => {
  test.each(referenceCases)('$id', async ({ id }) => {
    const { train, x } = caseOf(id);
    const report = await verify(train, mergeNetwork(train.spec, train.weights), x);
    expect(report).toMatchObject({ equivalent: true, firstDivergentLayer: null });
    expect(report.layers.length).toBeGreaterThan(0);
  });
});

describe('a wrong merge is caught and located', () => {
  test('a flipped kernel', async () => {
    const { train, x } = caseOf('net_tiny_model');
    const name = 'stages.1.0.repmlp_block.repconv3.conv.weight';
    const flipped = changed(train.weights, name, (data) => data.map((_, i) => data[i - (i % 9) + 8 - (i % 9)]));
    const report = await verify(train, mergeNetwork(train.spec, flipped), x);
    expect(report).toMatchObject({ equivalent: false, firstDivergentLayer: 'stages.1.0.repmlp_block' });
  });

  test('a forgotten batch norm', async () => {
    const { train, x } = caseOf('net_tiny_model');
    const without = withoutNorm(train.weights, 'stages.1.1.repmlp_block.repconv1.bn');
    const report = await verify(train, mergeNetwork(train.spec, without), x);
    expect(report).toMatchObject({ equivalent: false, firstDivergentLayer: 'stages.1.1.repmlp_block' });
  });

  test('a forgotten batch norm before the first fully-connected layer', async () => {
    const { train, x } = caseOf('v1_light_in_ne_out');
    const report = await verify(train, mergeNetwork(train.spec, withoutNorm(train.weights, 'light_repmlp.avg.bn')), x);
    expect(report.firstDivergentLayer).toBe('light_repmlp');
  });

  test('a transposed group: the kernels of two groups exchanged', async () => {
    const { train, x } = caseOf('v1_bottleneck_r2_in_ne_out');
    const name = 'btnk_repmlp.repconv3.conv.weight';
    const exchanged = changed(train.weights, name, (data) => data.map((_, i) => data[(i + data.length / 2) % data.length]));
    const report = await verify(train, mergeNetwork(train.spec, exchanged), x);
    expect(report).toMatchObject({ equivalent: false, firstDivergentLayer: 'btnk_repmlp' });
  });

  test('height and width exchanged in the band', async () => {
    const { train, x } = caseOf('net_unit_c12_s3_rect_2parts');
    const merged = mergeNetwork(train.spec, train.weights);
    const block = { ...blockOf(train.spec), name: '' };
    const shape = fcShapeOf(block);
    const withoutBranches = mergeLayer({ ...block, kernels: [] }, train.weights, 'repmlp_block').get('repmlp_block.fc3.weight') as Tensor;
    const kernel = kernelOf(block, realsAt(train.weights, 'repmlp_block'));
    if (!kernel) throw new Error('the case has branches');
    const band = convToFc(kernel, { ...shape, h: shape.w, w: shape.h });
    const wrong = floatTensor([rowsOf(shape), shape.h * shape.w, 1, 1], add(withoutBranches.data as Float32Array, band));
    const weights = new Map(merged.weights).set('repmlp_block.fc3.weight', wrong);
    const report = await verify(train, { spec: merged.spec, weights }, x);
    expect(report).toMatchObject({ equivalent: false, firstDivergentLayer: 'repmlp_block' });
  });

  test("the official conversion's wrong order where C differs from O", async () => {
    const { train, merged } = officialBugInsideANetwork();
    const report = await verify(train, merged, seededInput(train.spec, 2, seed(3)));
    expect(report).toMatchObject({ equivalent: false, firstDivergentLayer: 'block' });
    expect(report.layers[0]).toMatchObject({ path: 'before', equivalent: true });
  });
});

test('the worst cell is the one that was damaged', async () => {
  const { train, x } = caseOf('v1_k13_g1_rect_nogp');
  const merged = mergeNetwork(train.spec, train.weights);
  const weights = changed(merged.weights, 'fc3.bias', (data) => data.map((value, i) => (i === 31 ? value + 1 : value)));
  const report = await verify(train, { spec: merged.spec, weights }, x);
  // Element 31 of (C, H, W) = (3, 4, 6) is channel 1, row 1, column 1.
  expect(report.layers[0].worst.index.slice(1)).toEqual([1, 1, 1]);
  expect(report.layers[0].maxAbs).toBeCloseTo(1, 5);
});

test.each([NaN, Infinity])('an output of %s is never equivalent, not even to itself', async (value) => {
  const { train, x } = caseOf('v1_k1_g1_nogp');
  const merged = mergeNetwork(train.spec, train.weights);
  const [a, b] = [await referencePass(train, x), await referencePass(merged, x)];
  a.output.data[3] = value;
  b.output.data[3] = value;
  const report = compareForms({ ...train, ...a }, { ...merged, ...b }, circumstances);
  expect(report).toMatchObject({ equivalent: false, maxRel: Infinity });
});

describe('a weight that is no number is a divergence at its layer, whether or not any output shows it', () => {
  const cases: readonly (readonly [string, string, number])[] = [
    ['stages.1.0.repmlp_block', 'repconv3.conv.weight', NaN],
    ['stages.0.0.repmlp_block', 'fc3_bn.running_var', -1],
    // Zero after the sigmoid, or its scale zero: the outputs stay finite and equal.
    ['stages.1.1.repmlp_block', 'gp.fc2.bias', -Infinity],
    ['stages.1.1.prebn2', 'running_var', Infinity],
    ['head', 'weight', NaN],
  ];

  test.each(cases)('%s.%s: %s', async (path, suffix, value) => {
    const { train, x } = caseOf('net_tiny_model');
    const broken = changed(train.weights, `${path}.${suffix}`, (data) => data.fill(value, 1, 2));
    const merged = mergeNetwork(train.spec, broken);
    const report = await verify({ spec: train.spec, weights: broken }, merged, x);
    expect(report).toMatchObject({ equivalent: false, firstDivergentLayer: path });
    expect(divergenceText(report)).toContain(`${path}.${suffix} at [`);
    expect(divergenceText(report)).toContain(`is ${value}`);
  });

  test('in the merged file alone', async () => {
    const { train, x } = caseOf('net_tiny_model');
    const merged = mergeNetwork(train.spec, train.weights);
    const weights = changed(merged.weights, 'stages.0.0.repmlp_block.fc3.weight', (data) => data.fill(NaN, 17, 18));
    const report = await verify(train, { spec: merged.spec, weights }, x);
    expect(report).toMatchObject({ equivalent: false, firstDivergentLayer: 'stages.0.0.repmlp_block' });
    expect(divergenceText(report)).toMatch(/fc3\.weight at \[0, 17, 0, 0\] is NaN \(merged form\)/);
  });
});

test('NaN in an inner layer of one pass alone is found there, at its first cell', async () => {
  const { train, x } = caseOf('net_tiny_model');
  const merged = mergeNetwork(train.spec, train.weights);
  const [a, b] = [await referencePass(train, x), await referencePass(merged, x)];
  const inner = b.layers.get('stages.1.0.repmlp_block') as OutputArray;
  inner.data.fill(NaN, 5);
  const report = compareForms({ ...train, ...a }, { ...merged, ...b }, circumstances);
  expect(report).toMatchObject({ equivalent: false, firstDivergentLayer: 'stages.1.0.repmlp_block' });
  const layer = report.layers.find(({ path }) => path === 'stages.1.0.repmlp_block');
  expect(layer).toMatchObject({ maxAbs: Infinity, maxRel: Infinity, worst: { merged: NaN } });
  expect(layer?.worst.index.at(-1)).toBe(5 % inner.shape[inner.shape.length - 1]);
});

test('NaN has no largest value: such samples never count as agreeing', () => {
  const classes = { shape: [3, 2], data: Float32Array.of(1, 2, NaN, 1, 1, NaN) };
  expect(argMaxAgreement(classes, classes)).toBe(1 / 3);
});

test('two networks that are not forms of one another are refused by name', async () => {
  const [a, b] = [caseOf('net_tiny_model'), caseOf('net_tiny_model_rect')];
  await expect(verify(a.train, b.train, a.x)).rejects.toThrow(/not two forms of one network/);
});

test('arg-max agreement counts the samples whose best class is the same', async () => {
  const { train, x } = caseOf('net_tiny_model');
  const merged = mergeNetwork(train.spec, train.weights);
  expect((await verify(train, merged, x)).argMaxAgreement).toBe(1);
  const { output } = referencePass(train, x) as NetworkOutputs;
  const winner = output.data.indexOf(Math.max(...output.data.subarray(0, 10)));
  const bias = changed(merged.weights, 'head.bias', (data) => data.map((value, i) => value - (i === winner ? 1e3 : 0)));
  expect((await verify(train, { spec: merged.spec, weights: bias }, x)).argMaxAgreement).toBeLessThan(1);
});

describe('random batch-norm statistics reveal what fresh ones hide', () => {
  const { train } = caseOf('net_tiny_model');
  const fresh = new Map([...train.weights].map(([name, tensor]) => [name, /bn|norm/.test(name) ? freshNorm(name, tensor) : tensor]));
  const forgotten = 'stages.0.0.repmlp_block.repconv3.bn';
  const x = seededInput(train.spec, 1, seed(1));

  test('a forgotten batch norm shows as a clear difference', async () => {
    const weights = randomizeBatchNorm(train.spec, fresh, seed(7));
    const report = await verify({ ...train, weights }, mergeNetwork(train.spec, withoutNorm(weights, forgotten)), x);
    expect(report.firstDivergentLayer).toBe('stages.0.0.repmlp_block');
    expect(report.maxRel).toBeGreaterThan(1e-2);
  });

  test('with fresh statistics it is hardly there', async () => {
    const report = await verify({ ...train, weights: fresh }, mergeNetwork(train.spec, withoutNorm(fresh, forgotten)), x);
    expect(report.maxRel).toBeLessThan(1e-4);
  });

  test('the same seed draws the same statistics', () => {
    expect(randomizeBatchNorm(train.spec, fresh, seed(7))).toEqual(randomizeBatchNorm(train.spec, fresh, seed(7)));
  });
});

function freshNorm(name: string, tensor: Tensor): Tensor {
  if (!(tensor.data instanceof Float32Array)) return tensor;
  return floatTensor(
    tensor.shape,
    tensor.data.map(() => (/weight|var/.test(name) ? 1 : 0)),
  );
}

/** The weights with one tensor computed anew. */
function changed(weights: NamedTensors, name: string, change: (data: Float32Array) => Float32Array): NamedTensors {
  const { shape, data } = weights.get(name) as FloatTensor;
  return new Map(weights).set(name, floatTensor(shape, change(data.slice())));
}

/** The weights with one batch norm made the identity (up to eps). */
function withoutNorm(weights: NamedTensors, norm: string): NamedTensors {
  return ['weight', 'bias', 'running_mean', 'running_var'].reduce(
    (result, part) => changed(result, `${norm}.${part}`, (data) => data.fill(part === 'weight' || part === 'running_var' ? 1 : 0)),
    weights,
  );
}

function blockOf(spec: NetworkSpec): RepMlpNetBlock {
  for (const { layer } of leavesOf(spec)) if (layer.kind === 'repmlpNetBlock') return layer;
  throw new Error(`${spec.name} has no RepMLPNet block`);
}

/** conv-BN, the 4 -> 6 channel case with the official (wrong) deploy weights, conv-BN. */
function officialBugInsideANetwork(): { train: WeightedNetwork; merged: WeightedNetwork } {
  const { train: inner, tensors } = caseOf('v1_cneqo_4to6_k135_g2_gp2x2');
  const block: RepMlp = { ...(inner.spec.layers[0] as RepMlp), name: 'block' };
  const layers = [convBn('before', 4, 4, 1, 'relu'), block, relu('relu'), convBn('after', 6, 5, 3, 'none')];
  const spec: NetworkSpec = { ...inner.spec, layers };
  const random = randomFrom(deriveSeed(seed(5), 'weights'));
  const own = new Map<string, Tensor>(
    parametersOf(spec).map(({ name, shape, role }) => {
      if (role === 'counter') return [name, { shape, dtype: 'int64', data: new BigInt64Array(1) }];
      return [name, floatTensor(shape, normalArray(random, elementCount(shape), 0.5))];
    }),
  );
  for (const [name, tensor] of inner.weights) own.set(`block.${name}`, tensor);
  const train = { spec, weights: randomizeBatchNormOf(own, spec, ['before', 'after']) };
  const right = mergeNetwork(spec, train.weights);
  const weights = new Map(right.weights);
  for (const [name, tensor] of group(tensors, 'deploy')) weights.set(`block.${name}`, tensor);
  return { train, merged: { spec: mergedSpec(spec), weights } };
}

function randomizeBatchNormOf(weights: NamedTensors, spec: NetworkSpec, paths: readonly string[]): NamedTensors {
  const drawn = randomizeBatchNorm(spec, weights, seed(11));
  return new Map(
    [...weights].map(([name, tensor]) => [name, paths.some((path) => name.startsWith(path)) ? (drawn.get(name) as Tensor) : tensor]),
  );
}
