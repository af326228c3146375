import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { caseSpec, largestDifference, NODE_BACKENDS, openForTest } from '../../tests/engine';
import { float32Of, group, readReferenceTensors, referenceCases, type ReferenceCase } from '../../tests/reference';
import { mergedSpec } from '../model/merged-spec';
import type { NetworkSpec } from '../model/spec';
import { leavesOf } from '../model/walk';
import type { NamedTensors, Tensor } from '../tensor/tensor';
import { useBackend } from './backend/choose';
import { runForward } from './forward-request';

/**
 * Float32 against double precision: the official code's own float32 error on the same case, times this. Sums run in
 * another order here, which moves single values by a few roundings either way; 2.2 is the worst measured.
 */
const ORDER_OF_SUMS = 3;

interface Run {
  readonly reference: ReferenceCase;
  readonly weights: NamedTensors;
  readonly spec: NetworkSpec;
  readonly tensors: ReadonlyMap<string, Tensor>;
}

async function errorOf({ reference, spec, weights, tensors }: Run): Promise<number> {
  const { output } = await runForward({ spec, weights, input: float32Of(tensors, 'x'), layers: false });
  expect(output.shape).toEqual(reference.output_shape);
  return largestDifference(output.data, tensors.get('y64')?.data as Float64Array);
}

describe.each(NODE_BACKENDS)('on the %s backend every block is as near to double precision as the official float32 code', (backend) => {
  beforeAll(() => openForTest(backend));

  test.each(referenceCases)('$id, train form', async (reference) => {
    useBackend(backend);
    const tensors = readReferenceTensors(reference.file);
    const error = await errorOf({ reference, tensors, spec: caseSpec(reference), weights: group(tensors, 'train') });
    expect(error).toBeLessThan(ORDER_OF_SUMS * reference.metrics.max_abs_train_minus_y64);
  });

  test.each(referenceCases)('$id, merged form', async (reference) => {
    useBackend(backend);
    const tensors = readReferenceTensors(reference.file);
    const weights = group(tensors, reference.official_conversion_equivalent ? 'deploy' : 'fixed');
    const error = await errorOf({ reference, tensors, spec: mergedSpec(caseSpec(reference)), weights });
    // Where the official conversion is wrong its error says nothing; the train form's does.
    const { max_abs_deploy_minus_y64: merged, max_abs_train_minus_y64: train } = reference.metrics;
    expect(error).toBeLessThan(ORDER_OF_SUMS * (reference.official_conversion_equivalent ? merged : train));
  });

  test('a forward pass with all layers leaves no tensor behind and names every leaf', async () => {
    useBackend(backend);
    const reference = referenceCases.find(({ id }) => id === 'net_tiny_model') as ReferenceCase;
    const tensors = readReferenceTensors(reference.file);
    const spec = caseSpec(reference);
    const before = tf.memory().numTensors;
    const { layers } = await runForward({ spec, weights: group(tensors, 'train'), input: float32Of(tensors, 'x'), layers: true });
    expect(tf.memory().numTensors).toBe(before);
    for (const { path, output } of leavesOf(spec)) expect(layers.get(path)?.shape.slice(1)).toEqual(output);
  });

  test('a block on its own is a leaf with the empty path', async () => {
    useBackend(backend);
    const reference = referenceCases[0];
    const tensors = readReferenceTensors(reference.file);
    const before = tf.memory().numTensors;
    const request = { spec: caseSpec(reference), weights: group(tensors, 'train'), input: float32Of(tensors, 'x'), layers: true };
    const { output, layers } = await runForward(request);
    expect(layers.get('')).toEqual(output);
    expect(tf.memory().numTensors).toBe(before);
  });

  test('an input or weights that do not fit are refused in one sentence, and nothing stays on the backend', async () => {
    useBackend(backend);
    const reference = referenceCases[0];
    const tensors = readReferenceTensors(reference.file);
    const request = { spec: caseSpec(reference), weights: group(tensors, 'train'), input: float32Of(tensors, 'x'), layers: false };
    const before = tf.memory().numTensors;
    const narrow = { ...request.input, shape: [8, 1, 4, 4] };
    await expect(runForward({ ...request, input: narrow })).rejects.toThrow('takes an input of shape (N, 4, 4, 4), got [8, 1, 4, 4]');
    await expect(runForward({ ...request, weights: new Map() })).rejects.toThrow('fc3.weight');
    expect(tf.memory().numTensors).toBe(before);
  });
});
