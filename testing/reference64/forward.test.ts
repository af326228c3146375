import { describe, expect, test } from 'vitest';
import { float32Of, group, readReferenceTensors, referenceCases, type ReferenceCase } from '../../tests/reference';
import { blockSpec } from '@shared/model/block-families';
import { withInputSize, leavesOf } from '@shared/model/walk';
import type { NetworkSpec } from '@shared/model/spec';
import { referenceForward } from './forward';

function specOf({ family, config, input_shape }: ReferenceCase): NetworkSpec {
  return withInputSize(blockSpec(family, config), input_shape[2], input_shape[3]);
}

describe('the double-precision forward pass is the official block in double precision', () => {
  test.each(referenceCases)('$id', (reference) => {
    const tensors = readReferenceTensors(reference.file);
    const spec = specOf(reference);
    const y = referenceForward(spec, group(tensors, 'train'), float32Of(tensors, 'x'));
    const truth = tensors.get('y64')?.data as Float64Array;
    expect(y.shape).toEqual(reference.output_shape);
    expect(largestDifference(y.output, truth)).toBeLessThan(1e-13 * reference.metrics.max_abs_y64);
  });
});

test('every leaf outside side heads leaves its output under its path', () => {
  const reference = referenceCases.find(({ id }) => id === 'net_tiny_model') as ReferenceCase;
  const tensors = readReferenceTensors(reference.file);
  const spec = specOf(reference);
  const { layers } = referenceForward(spec, group(tensors, 'train'), float32Of(tensors, 'x'), { layers: true });
  for (const { path, output } of leavesOf(spec)) expect(layers.get(path)?.shape.slice(1)).toEqual(output);
});

function largestDifference(a: Float64Array, b: Float64Array): number {
  return a.reduce((largest, value, index) => Math.max(largest, Math.abs(value - b[index])), 0);
}
