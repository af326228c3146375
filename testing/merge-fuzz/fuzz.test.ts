// Thousands of changed checkpoints: no wrong merge has a green verdict. A million are `npm run bench -- merge-fuzz`.
import { expect, test } from 'vitest';
import { seed } from '@shared/tensor/random';
import { emptyTally, fuzzMerges } from './campaign';

test('2500 checkpoints, renamed, added to, taken from: what is merged is what the file computes, the rest is refused', async () => {
  const tally = emptyTally();
  await fuzzMerges(seed(1), 0, 2500, tally);
  expect(tally.wrong).toEqual([]);
  expect(tally.merged + tally.refused).toBe(2500);
  // Refusing everything would be right, and of no use: what can be folded is.
  expect(tally.merged).toBeGreaterThan(750);
  const folded = ['convBias', 'fc3Bias', 'branchApart', 'fc3Apart', 'noAffine', 'noCounters', 'toolCounters', 'branchNames', 'noBranch'];
  for (const name of [...folded, 'oneMoreBranch', 'anotherPrefix', 'otherType', 'transpose', 'exchange', 'otherEps'])
    expect(tally.folded.get(name) ?? 0, name).toBeGreaterThan(10);
}, 120_000);
