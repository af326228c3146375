// Compares a training step with the official code's, computed in double precision.
import { expect } from 'vitest';
import { toFloat64 } from '../src-shared/tensor/convert';
import type { NamedTensors } from '../src-shared/tensor/tensor';
import { largestDifference } from './engine';
import { group } from './reference';

function expectedOf(tensors: NamedTensors): Map<string, Float64Array> {
  const named = [...group(tensors, 'tm')].filter(([name]) => /^(y$|loss$|grad\.|after\.)/.test(name));
  return new Map(named.map(([name, tensor]) => [name, toFloat64(tensor)]));
}

const largest = (values: Float64Array): number => values.reduce((max, value) => Math.max(max, Math.abs(value)), 0);

/**
 * Float32 against double precision, as a share of the largest value. Outputs and statistics: the official code's own
 * float32 outputs are up to 7e-7 off on these cases. Gradients are measured against the largest gradient of the case,
 * since some are zero by construction (a bias before a batch norm) and what is left of them is the rounding of the rest:
 * worst measured 1.1e-6 where sums run in double precision (cpu), 3.0e-6 where in float32 (wasm).
 */
const TOLERANCE = { 'double sums': { value: 1e-6, gradient: 3e-6 }, 'float32 sums': { value: 3e-6, gradient: 8e-6 } } as const;

/** Expects output, loss, gradients and running statistics of a case (`tm.*` of its tensors). */
export function expectOfficialStep(
  found: ReadonlyMap<string, ArrayLike<number>>,
  tensors: NamedTensors,
  precision: keyof typeof TOLERANCE,
): void {
  const expected = expectedOf(tensors);
  expect([...found.keys()].sort()).toEqual([...expected.keys()].sort());
  const gradientScale = Math.max(...[...expected].filter(([name]) => name.startsWith('grad.')).map(([, truth]) => largest(truth)));
  for (const [name, truth] of expected) {
    const difference = largestDifference(found.get(name) as ArrayLike<number>, truth);
    const { value, gradient } = TOLERANCE[precision];
    const bound = name.startsWith('grad.') ? gradient * gradientScale : value * largest(truth);
    expect(difference, name).toBeLessThanOrEqual(bound);
  }
}
