// Two sets of weights side by side: changes have the sign of "second minus first", missing blocks stay visible.
import { expect, it } from 'vitest';
import type { BlockMatrices } from '../merge/report';
import type { RepMlpNetBlock } from '../model/spec';
import { analyseBlock } from './analyse';
import { comparePatterns } from './compare';

const block: RepMlpNetBlock = {
  kind: 'repmlpNetBlock',
  name: 'b',
  C: 1,
  h: 3,
  w: 3,
  kernels: [1],
  reduction: 1,
  shareSets: 1,
  form: 'train',
};

/** A block whose FC3 is `diagonal` times the identity plus `elsewhere` in every other cell. */
function patternOf(path: string, diagonal: number, elsewhere: number) {
  const before = Float32Array.from({ length: 81 }, (_, i) => (Math.floor(i / 9) === i % 9 ? diagonal : elsewhere));
  const matrices: BlockMatrices = { path, rows: 9, columns: 9, before, added: new Float32Array(81), after: before };
  return analyseBlock(matrices, block);
}

it('a network that became local has a smaller long-range share and radius', () => {
  const [comparison] = comparePatterns([patternOf('b', 1, 1)], [patternOf('b', 1, 0)], 'after');
  expect(comparison.first?.longRangeShare).toBeCloseTo(72 / 81, 12);
  expect(comparison.second?.longRangeShare).toBe(0);
  expect(comparison.change?.longRangeShare).toBeCloseTo(-72 / 81, 12);
  expect(comparison.change?.halfEnergyRadius).toBeLessThan(0);
});

it('a block that only one of both has is listed without a change', () => {
  const comparisons = comparePatterns([patternOf('a', 1, 0)], [patternOf('b', 1, 0)], 'before');
  expect(comparisons.map(({ path, first, second, change }) => [path, first !== null, second !== null, change])).toEqual([
    ['a', true, false, null],
    ['b', false, true, null],
  ]);
});
