import { expect, test } from 'vitest';
import { referencePath } from '../../../tests/reference';
import { openNamedWeights } from '../checkpoint/weights-file';
import { readSource } from './source';

/** What is said while a source is read. */
async function saidOf(source: Parameters<typeof readSource>[0]): Promise<string[]> {
  const said: string[] = [];
  await readSource(source, { open: openNamedWeights, read: (file) => file.readAll(), say: (text) => said.push(text) });
  return said;
}

test('a partition that a figure only assumes is said, and one that its recipe names is not', async () => {
  const path = referencePath('foreign/verify-of-its-own-merge/v1_C4_O8.pth');
  expect((await saidOf({ path })).join()).toMatch(/v1_C4_O8\.pth: assumed a partition of 2x2.*1x4 or 4x1 would fit/);
  expect(await saidOf({ path, partitions: [[2, 2]] })).toEqual([]);
});
