import { describe, expect, test } from 'vitest';
import { float32Of, group, readReferenceTensors, referenceCases } from '../../../tests/reference';
import { blockSpec } from '../../model/block-families';
import type { RepBlock } from '../../model/spec';
import { UserError } from '../../base/user-error';
import { add } from './fc-matrix';
import { blockMatrices, provenance } from './matrices';
import { mergeNetwork } from '../merge-network';
import type { MergeStep } from '../report';
import { mergeSteps } from './steps';

const blocks = referenceCases.filter(({ family }) => family === 'repmlp_v1' || family === 'repmlpnet_block');

function blockOf(reference: (typeof blocks)[number]) {
  const tensors = readReferenceTensors(reference.file);
  const spec = blockSpec(reference.family, reference.config);
  return { tensors, spec, block: spec.layers[0] as RepBlock, weights: group(tensors, 'train') };
}

/** One rounding of the step plus those of the float32 reference: a few times 2^-24 of the largest value. */
function expectClose(actual: ArrayLike<number>, expected: Float32Array): void {
  const scale = expected.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0);
  const difference = expected.reduce((largest, value, i) => Math.max(largest, Math.abs(value - actual[i])), 0);
  expect(difference).toBeLessThanOrEqual(4 * 2 ** -24 * scale);
}

describe('the steps are the intermediate results of the official conversion', () => {
  const withSteps = blocks.filter((reference) => reference.groups_of_tensors.includes('step'));

  test.each(withSteps)('$id', (reference) => {
    const { tensors, block, weights } = blockOf(reference);
    const steps = mergeSteps(block, weights);
    const result = (id: MergeStep['id'], index: number): Float32Array => {
      const step = steps.find((candidate) => candidate.id === id) as MergeStep;
      return step.after.at(index)?.data as Float32Array;
    };
    const official = (name: string): Float32Array => float32Of(tensors, `step.${name}`).data;
    expectClose(result('bn-into-fc', 0), official('fc3_bn_fused.weight'));
    expectClose(result('bn-into-fc', 1), official('fc3_bn_fused.bias'));
    block.kernels.forEach((K, index) => {
      expectClose(result('bn-into-conv', 2 * index), official(`repconv${K}_bn_fused.weight`));
      expectClose(result('bn-into-conv', 2 * index + 1), official(`repconv${K}_bn_fused.bias`));
    });
    if (!tensors.has('step.sum_of_branches.weight')) return;
    expectClose(result('pad', -2), official('sum_of_branches.weight'));
    expectClose(result('conv-to-fc', 0), official('conv_as_fc.weight'));
  });
});

test.each(blocks)('the last arrays of the walk through $id are the merged tensors', (reference) => {
  const { spec, block, weights } = blockOf(reference);
  const merged = mergeNetwork(spec, weights).weights;
  const steps = mergeSteps(block, weights);
  const last = (id: MergeStep['id']) => steps.find((step) => step.id === id)?.after.map(({ data }) => data);
  const fc3 = last('add') ?? last('bn-into-fc');
  expect(fc3).toEqual([merged.get('fc3.weight')?.data, merged.get('fc3.bias')?.data]);
  const fc1 = last('pool-bn-into-fc1');
  if (fc1) expect(fc1).toEqual([merged.get('fc1_fc2.fc1.weight')?.data, merged.get('fc1_fc2.fc1.bias')?.data]);
});

test.each(blocks)('before plus added is after, in the matrices of $id', (reference) => {
  const { spec, weights } = blockOf(reference);
  const { before, added, after, rows, columns } = blockMatrices(spec, weights, '');
  expect(after).toEqual(mergeNetwork(spec, weights).weights.get('fc3.weight')?.data);
  expect(after.length).toBe(rows * columns);
  expectClose(add(before, added), after);
});

test.each(blocks)('every cell of $id is its FC part plus its kernels parts', (reference) => {
  const { spec, block, weights } = blockOf(reference);
  const { after, rows, columns } = blockMatrices(spec, weights, '');
  for (let k = 0; k < 50; k++) {
    const index = (k * 7919) % after.length;
    const cell = provenance(block, weights, Math.floor(index / columns), index % columns);
    // The FC's part is rounded three times (scale, product, sum), the kernels' part twice (their sum, the sum).
    const kernels = cell.kernels.reduce((total, { part }) => total + Math.abs(part), 0);
    expect(Math.abs(cell.sum - after[index])).toBeLessThanOrEqual(2 ** -24 * (3 * Math.abs(cell.fc) + 2 * kernels) + 1e-12);
  }
  expect(() => provenance(block, weights, rows, 0)).toThrow('cells, got');
});

test('a cell outside a kernel says so', () => {
  const { block, weights } = blockOf(blocks.find(({ id }) => id === 'v1_k135_g1_nogp') as (typeof blocks)[number]);
  // Output row 0, column 0 of channel 0 against input row 2, column 2: only the 5x5 kernel reaches that far.
  const { kernels, cell } = provenance(block, weights, 0, 2 * 7 + 2);
  expect(cell).toEqual({ o: 0, i: 0, j: 0, c: 0, a: 2, b: 2 });
  expect(kernels.map(({ K, at }) => [K, at])).toEqual([
    [1, null],
    [3, null],
    [5, [4, 4]],
  ]);
});

test('the matrices of a merged block are refused', () => {
  const { spec, weights } = blockOf(blocks[0]);
  const merged = mergeNetwork(spec, weights);
  expect(() => blockMatrices(merged.spec, merged.weights, '')).toThrow(UserError);
  expect(() => blockMatrices(spec, weights, 'stages.9')).toThrow(/no RepMLP block at 'stages.9'/);
});
