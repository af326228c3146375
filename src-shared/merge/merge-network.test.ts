import { describe, expect, test } from 'vitest';
import { float32Of, group, readReferenceTensors, referenceCases, type ReferenceCase } from '../../tests/reference';
import { blockSpec } from '../model/block-families';
import { referenceForward } from '../../testing/reference64/forward';
import type { NetworkSpec } from '../model/spec';
import { withInputSize } from '../model/walk';
import type { NamedTensors, Tensor } from '../tensor/tensor';
import { toFloat32, toFloatType } from '../tensor/convert';
import { parametersOf } from '../model/parameters';
import { mergeLayer } from './merge-layer';
import { mergeNetwork, mergeNetworkAsync, mergePlan } from './merge-network';
import { mergedSpec } from '../model/merged-spec';
import type { MergeProgress } from './report';

function specOf({ family, config, input_shape }: ReferenceCase): NetworkSpec {
  return withInputSize(blockSpec(family, config), input_shape[2], input_shape[3]);
}

function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  return Array.from(a).reduce((largest, value, index) => Math.max(largest, Math.abs(value - b[index])), 0);
}

describe('merged weights are those of the official conversion (of the corrected one where C differs from O)', () => {
  test.each(referenceCases)('$id', (reference) => {
    const tensors = readReferenceTensors(reference.file);
    const merged = mergeNetwork(specOf(reference), group(tensors, 'train'));
    const truth = group(tensors, reference.official_conversion_equivalent ? 'deploy' : 'fixed');
    expect([...merged.weights.keys()].sort()).toEqual([...truth.keys()].sort());
    for (const [name, tensor] of truth) expectNear(merged.weights.get(name), tensor, name);
  });
});

/** The reference conversion works in float32: up to five roundings of values up to the tensor's largest, 2^-24 relative each. */
function expectNear(actual: Tensor | undefined, expected: Tensor, name: string): void {
  expect(actual?.shape, name).toEqual(expected.shape);
  if (expected.dtype === 'int64') return expect(actual?.data).toEqual(expected.data);
  const values = Array.from(expected.data as Float32Array);
  const scale = values.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0);
  expect(largestDifference(actual?.data as Float32Array, values), name).toBeLessThanOrEqual(8 * 2 ** -24 * scale);
}

describe('the merged network computes the function of the training network', () => {
  test.each(referenceCases)('$id', (reference) => {
    const tensors = readReferenceTensors(reference.file);
    const merged = mergeNetwork(specOf(reference), group(tensors, 'train'));
    const y = referenceForward(merged.spec, merged.weights, float32Of(tensors, 'x'));
    const truth = tensors.get('y64')?.data as Float64Array;
    // Weights were rounded once; PyTorch's own conversion and forward pass round more often.
    expect(largestDifference(y.output, truth)).toBeLessThanOrEqual(officialError(reference));
  });
});

/** How far the official float32 merge is from the truth. */
function officialError({ metrics, official_conversion_equivalent }: ReferenceCase): number {
  if (official_conversion_equivalent) return metrics.max_abs_deploy_minus_y64;
  if (metrics.max_abs_fixed_minus_y64 === undefined)
    throw new Error('a case whose official conversion is wrong has the right one beside it');
  return metrics.max_abs_fixed_minus_y64;
}

describe('what a merge leaves alone', () => {
  const { spec, weights, before } = unit();

  test('its input, and tensors that stay are shared', () => {
    const merged = mergeNetwork(spec, weights);
    expect(weights).toEqual(before);
    expect(merged.weights.get('prebn1.weight')).toBe(weights.get('prebn1.weight'));
  });

  test('a network that is merged already', () => {
    const merged = mergeNetwork(spec, weights);
    expect(mergeNetwork(merged.spec, merged.weights)).toEqual(merged);
  });
});

test('the result is in state-dict order, with the names and shapes of the merged description', () => {
  const { spec, weights } = unit();
  const merged = mergeNetwork(spec, weights);
  expect(merged.spec).toEqual(mergedSpec(spec));
  expect([...merged.weights].map(([name, { shape }]) => [name, shape])).toEqual(
    parametersOf(merged.spec).map(({ name, shape }) => [name, shape]),
  );
});

describe('conv-BN pairs that the official conversion leaves', () => {
  const { spec, weights, x, truth } = unit();

  test('stay as they are by default', () => {
    expect(mergeNetwork(spec, weights).weights.has('ffn_block.ffn_fc1.bn.weight')).toBe(true);
  });

  test('are fused where asked for, and compute the same', () => {
    const merged = mergeNetwork(spec, weights, { fuseAllConvBn: true });
    expect([...merged.weights.keys()].filter((name) => name.includes('.bn.'))).toEqual([]);
    expect(merged.weights.get('ffn_block.ffn_fc1.conv.bias')?.shape).toEqual([32]);
    // Every weight is rounded once, 2^-24 of its value; a handful of layers add that up.
    expect(largestDifference(referenceForward(merged.spec, merged.weights, x).output, truth)).toBeLessThan(1e-6 * 5);
  });
});

test('a Global Perceptron on its own merges like the one in a block', () => {
  const reference = referenceCases.find(({ id }) => id === 'v1_k13_g2_gp2x2') as ReferenceCase;
  const tensors = readReferenceTensors(reference.file);
  const layer = { kind: 'globalPerceptron', name: '', C: 4, H: 8, W: 8, h: 4, w: 4, reduction: 1, form: 'train' } as const;
  const weights = new Map([...group(tensors, 'train')].filter(([name]) => /^(fc1_fc2|avg)/.test(name)));
  const spec = { ...specOf(reference), layers: [layer] };
  const merged = mergeNetwork(spec, weights);
  expectNear(merged.weights.get('fc1_fc2.fc1.weight'), tensors.get('deploy.fc1_fc2.fc1.weight') as Tensor, 'weight');
  const x = float32Of(tensors, 'x');
  const [before, after] = [referenceForward(spec, weights, x).output, referenceForward(merged.spec, merged.weights, x).output];
  // FC1 has 16 inputs, each weight rounded once.
  expect(largestDifference(before, after)).toBeLessThan(16 * 2 ** -24 * 20);
});

describe('weights of other types', () => {
  const { spec, weights } = unit();
  const inType = (dtype: 'float64' | 'float16' | 'bfloat16'): NamedTensors =>
    new Map([...weights].map(([name, tensor]) => [name, tensor.dtype === 'float32' ? toFloatType(tensor, dtype) : tensor]));

  test('double precision gives bit for bit the merge of the same values in float32', () => {
    expect(mergeNetwork(spec, inType('float64')).weights.get('repmlp_block.fc3.weight')).toEqual(
      mergeNetwork(spec, weights).weights.get('repmlp_block.fc3.weight'),
    );
  });

  test.each(['float16', 'bfloat16'] as const)('%s values are merged exactly and rounded to float32', (dtype) => {
    const narrow = inType(dtype);
    const widened = new Map([...narrow].map(([name, tensor]) => [name, tensor.dtype === dtype ? toFloat32(tensor) : tensor]));
    const name = 'repmlp_block.fc3.weight';
    expect(mergeNetwork(spec, narrow).weights.get(name)).toEqual(mergeNetwork(spec, widened).weights.get(name));
  });
});

describe('a long merge', () => {
  const tiny = referenceCases.find(({ id }) => id === 'net_tiny_model') as ReferenceCase;
  const [spec, weights] = [specOf(tiny), group(readReferenceTensors(tiny.file), 'train')];

  test('tells after each layer how far it is', () => {
    const seen: MergeProgress[] = [];
    mergeNetwork(spec, weights, { onProgress: (progress) => seen.push(progress) });
    expect(seen.map(({ done, total }) => [done, total])).toEqual([
      [1, 3],
      [2, 3],
      [3, 3],
    ]);
    expect(seen[0].layer).toBe('stages.0.0.repmlp_block');
  });

  test('lets other work run between layers and gives the same result', async () => {
    let ticks = 0;
    const timer = setInterval(() => ticks++, 0);
    const merged = await mergeNetworkAsync(spec, weights, { onProgress: () => spin(3) });
    clearInterval(timer);
    expect(ticks).toBeGreaterThan(0);
    expect(merged).toEqual(mergeNetwork(spec, weights));
  });

  test('ends when it is cancelled', async () => {
    const abort = new AbortController();
    const done: string[] = [];
    const merge = mergeNetworkAsync(spec, weights, {
      signal: abort.signal,
      onProgress: ({ layer }) => {
        done.push(layer);
        abort.abort(new Error('cancelled by the user'));
      },
    });
    await expect(merge).rejects.toThrow('cancelled by the user');
    expect(done).toHaveLength(1);
  });
});

test('weights that do not fit are refused before anything is merged', () => {
  const { spec, weights } = unit();
  const wrong = new Map(weights);
  wrong.delete('prebn1.bias');
  expect(() => mergeNetwork(spec, wrong)).toThrow(/missing: prebn1.bias/);
});

/** Keeps the processor busy for some milliseconds, as a large matrix would. */
function spin(milliseconds: number): void {
  const end = performance.now() + milliseconds;
  while (performance.now() < end);
}

function unit() {
  const reference = referenceCases.find(({ id }) => id === 'net_unit_c8_s4_k13') as ReferenceCase;
  const tensors = readReferenceTensors(reference.file);
  return {
    spec: specOf(reference),
    weights: group(tensors, 'train') as NamedTensors,
    before: group(readReferenceTensors(reference.file), 'train'),
    x: float32Of(tensors, 'x'),
    truth: tensors.get('y64')?.data as Float64Array,
  };
}

test('each FC3 matrix is allocated once, when its turn comes, and is the result itself: input, output and no more', () => {
  const { spec, weights } = caseOf('net_tiny_model');
  const allocated: Float32Array[] = [];
  const allocate = (length: number): Float32Array => {
    allocated.push(new Float32Array(length));
    return allocated[allocated.length - 1];
  };
  const counts: number[] = [];
  const merged = mergeNetwork(spec, weights, { allocate, onProgress: () => counts.push(allocated.length) });
  const matrices = [...merged.weights].filter(([name]) => name.endsWith('fc3.weight')).map(([, { data }]) => data);
  expect(allocated).toHaveLength(matrices.length);
  expect(matrices.every((data, index) => data === allocated[index])).toBe(true);
  expect(counts.every((count, index) => count - (counts[index - 1] ?? 0) <= 1)).toBe(true);
  // What the merge does not change is shared with the input, not copied.
  const changed = new Set(mergePlan(spec).flatMap(({ layer, path }) => [...mergeLayer(layer, weights, path).keys()]));
  for (const [name, tensor] of merged.weights) if (!changed.has(name)) expect(tensor).toBe(weights.get(name));
});

function caseOf(id: string): { spec: NetworkSpec; weights: NamedTensors } {
  const reference = referenceCases.find((candidate) => candidate.id === id) as ReferenceCase;
  return { spec: specOf(reference), weights: group(readReferenceTensors(reference.file), 'train') };
}
