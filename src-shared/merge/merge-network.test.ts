import { describe, expect, test } from 'vitest';
import { float32Of, group, readReferenceTensors, referenceCases, type ReferenceCase } from '../../tests/reference';
import { blockSpec } from '../model/blocks';
import { referenceForward } from '../model/reference/forward';
import type { NetworkSpec } from '../model/spec';
import { withInputSize } from '../model/walk';
import type { NamedTensors, Tensor } from '../tensor/tensor';
import { mergeNetwork } from './merge-network';

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
  return (metrics as unknown as { max_abs_fixed_minus_y64: number }).max_abs_fixed_minus_y64;
}

test('the input of a merge is not changed, and tensors that stay are shared', () => {
  const reference = referenceCases.find(({ id }) => id === 'net_unit_c8_s4_k13') as ReferenceCase;
  const before = group(readReferenceTensors(reference.file), 'train');
  const weights: NamedTensors = group(readReferenceTensors(reference.file), 'train');
  const merged = mergeNetwork(specOf(reference), weights);
  expect(weights).toEqual(before);
  expect(merged.weights.get('prebn1.weight')).toBe(weights.get('prebn1.weight'));
});
