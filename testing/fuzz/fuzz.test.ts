// A short fuzzing campaign in every test run; bench/fuzz.ts runs it a million times over.
import { fuzz } from './campaign';
import { seed } from '@shared/tensor/random';
import { expect, it } from 'vitest';
import { fuzzFiles } from './fuzz-files';

it('no damaged file and no random pickle crashes the readers, costs more than its size allows or is taken for good', async () => {
  const tally = await fuzz(await fuzzFiles(), seed(1), 0, 4000);
  expect(tally.read + tally.refused).toBe(4000);
  expect(tally.read).toBeGreaterThan(100);
  expect(tally.refused).toBeGreaterThan(1000);
});
