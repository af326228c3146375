// What the shapes of a file leave open, asked in the window, in a real browser on the browser host: the partition of a block
// and the eps of its batch norms. What is merged then is what PyTorch gave, and what the command line merges when told the same.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { largestDifference, repmlp, tensorsOf } from '../cli/repmlp';
import { referencePath } from '../reference';
import { withStudio } from './studio-in-tests';

const OPEN = referencePath('foreign/square-area-that-is-no-square/block_2x8.pth');
const EXPECTED = referencePath('foreign/square-area-that-is-no-square/block_2x8_expected.pth');
const PICKLED = referencePath('foreign/bn-eps-in-whole-model/eps_1e-3.pth');

let page: Page;
let problems: readonly string[];
let folder: string;
withStudio((studio) => ({ page, problems } = studio));
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'repmlp-settle-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function open(path: string): Promise<void> {
  await page.getByTestId('rail-checkpoint').click();
  await page.getByTestId('checkpoint-path').fill(path);
  await page.getByTestId('open-path').click();
}

/** Merges the file in focus in the window; the path of what was saved. */
async function mergeAndSave(): Promise<string> {
  await page.getByTestId('merge-file').click();
  await page.getByTestId('run-merge').click();
  await page.getByTestId('verdict').waitFor({ timeout: 60_000 });
  const saving = page.waitForEvent('download');
  await page.getByTestId('download-merged-safetensors').click();
  const path = await (await saving).path();
  await page.getByTestId('rail-checkpoint').click();
  return path;
}

/** Largest difference of FC3 between two files. */
async function apart(a: string, b: string): Promise<number> {
  const [one, other] = [await tensorsOf(a), await tensorsOf(b)];
  const of = (name: string): number => largestDifference(one.get(name)?.data as Float32Array, other.get(name)?.data as Float32Array);
  return Math.max(of('fc3.weight'), of('fc3.bias'));
}

test('nothing is computed with a block before its partition is said; then its merge is the right one', async () => {
  await open(OPEN);
  const question = page.getByTestId('partition-question');
  await question.waitFor();
  expect(await question.textContent()).toContain('Say what the network was built with');
  expect(await page.getByTestId('partition-settle').isDisabled()).toBe(true);
  expect(await page.getByTestId('merge-file').count()).toBe(0);
  await page.getByTestId('partition-choice').selectOption('2x8');
  await page.getByTestId('partition-settle').click();
  await question.waitFor({ state: 'detached' });
  // Some roundings to float32 of values up to 10.
  expect(await apart(await mergeAndSave(), EXPECTED)).toBeLessThan(4e-6);
});

test('another eps keeps the partition that was said before, also after a reload of the window', async () => {
  await page.reload();
  await page.getByTestId('rail-checkpoint').click();
  await page.getByTestId('eps').filter({ hasText: '0.00001' }).waitFor();
  await page.getByTestId('eps-value').fill('0.5');
  await page.getByTestId('eps-settle').click();
  await page.getByTestId('eps').filter({ hasText: 'eps of the batch norms: 0.5' }).waitFor();
  expect(await page.getByTestId('partition-question').count()).toBe(0);
  const told = join(folder, 'told.safetensors');
  await repmlp(['merge', OPEN, told, '--partition', '2x8', '--eps', '0.5']);
  expect(await apart(await mergeAndSave(), told)).toBe(0);
});

test('the eps of a pickled module is shown and used, and one that contradicts it is refused', async () => {
  await open(PICKLED);
  await page.getByTestId('eps').filter({ hasText: 'eps of the batch norms: 0.001' }).waitFor();
  await page.getByTestId('eps-value').fill('0.5');
  await page.getByTestId('eps-settle').click();
  await page.getByTestId('notice-error').filter({ hasText: 'contradicts the file' }).waitFor();
  expect(await apart(await mergeAndSave(), referencePath('foreign/bn-eps-in-whole-model/expected.pth'))).toBeLessThan(4e-6);
  expect(problems).toEqual([]);
});
