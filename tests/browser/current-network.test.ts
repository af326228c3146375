// One current network for all stages of the window: opened, designed, reloaded.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { openCheckpointFile, writeCheckpointFile } from '../../electron/files';
import { buildModel } from '../../src-shared/model/zoo';
import { noiseWeights } from '../../src-shared/model/noise-weights';
import type { StudioHost } from './studio-host';
import { withStudio } from './studio-in-tests';

const TRAIN_WEIGHTS = new URL('../reference/pth/net_tiny_train.pth', import.meta.url).pathname;

let host: StudioHost;
let page: Page;
let problems: readonly string[];
withStudio((studio) => ({ host, page, problems } = studio));

/** Numbers of the file that are learnt: everything but running statistics and counters. */
async function learntNumbers(): Promise<number> {
  const file = await openCheckpointFile(TRAIN_WEIGHTS);
  await file.close();
  return learntIn(new Map(file.tensors.map((tensor) => [tensor.name, tensor])));
}

function learntIn(tensors: ReadonlyMap<string, { readonly shape: readonly number[] }>): number {
  const learnt = [...tensors].filter(([name]) => !/\.(running_mean|running_var|num_batches_tracked)$/.test(name));
  return learnt.reduce((sum, [, { shape }]) => sum + shape.reduce((product, size) => product * size, 1), 0);
}

const text = async (id: string): Promise<string> => (await page.getByTestId(id).textContent()) ?? '';
const numberOf = async (id: string): Promise<number> => Number((await text(id)).replace(/\D/g, ''));
const show = (stage: string): Promise<void> => page.getByTestId(`rail-${stage}`).click();

async function holdsTheFile(): Promise<void> {
  await page.getByTestId('current-source').filter({ hasText: 'net_tiny_train.pth' }).waitFor({ state: 'attached' });
  await show('cost');
  await expect.poll(() => numberOf('cost-params-train')).toBe(await learntNumbers());
  expect(await numberOf('current-params')).toBe(await learntNumbers());
  await show('model');
  await expect.poll(() => numberOf('params-train')).toBe(await learntNumbers());
}

test('an opened file is the network of every stage, with its own settings, and a reload comes back to it and to the block in focus', async () => {
  await show('checkpoint');
  await page.getByTestId('checkpoint-path').fill(TRAIN_WEIGHTS);
  await page.getByTestId('open-path').click();
  await holdsTheFile();
  await show('merge');
  const block = page.getByTestId('block-picker');
  await expect.poll(() => block.locator('option').count()).toBeGreaterThan(1);
  await block.selectOption({ index: 1 });
  const chosen = await block.inputValue();
  await page.reload();
  await page.locator('main[data-testid=stage-merge]').waitFor();
  await expect.poll(() => page.getByTestId('block-picker').inputValue()).toBe(chosen);
  await holdsTheFile();
});

test('a network without weights shows none of another one, and a reload comes back to its settings', async () => {
  await show('model');
  await page.getByTestId('zoo-repmlpnet-small').click();
  await page.getByTestId('setting-classes').fill('7');
  for (const stage of ['merge', 'matrix', 'pattern']) {
    await show(stage);
    await page.getByTestId('no-weights').waitFor();
  }
  await show('merge');
  expect(await page.getByTestId('run-merge').isDisabled()).toBe(true);
  await show('figure');
  await page.getByTestId('figure-matrices').click();
  await page.getByTestId('figure-problem').filter({ hasText: 'no weights yet' }).waitFor({ state: 'attached' });
  await page.reload();
  await page.getByTestId('current-source').filter({ hasText: 'no weights yet' }).waitFor({ state: 'attached' });
  await show('model');
  expect(await page.getByTestId('setting-classes').inputValue()).toBe('7');
});

test('what a training ends with is the current network of every stage', async () => {
  await page.getByTestId('weights-picker').selectOption('bundled:pure-mlp-small');
  await show('dataset');
  await page.getByTestId('train-count').fill('64');
  await show('training');
  await page.getByTestId('epochs').fill('1');
  await page.getByTestId('run-name').fill('own');
  await page.getByTestId('start-training').click();
  await expect.poll(() => text('current-source'), { timeout: 60_000 }).toBe('own / epoch-0001');
  await page.getByTestId('next-step-go').filter({ hasText: 'Merge and prove it' }).click();
  await page.getByTestId('verdict').waitFor({ timeout: 60_000 });
  expect(await page.getByTestId('weights-picker').inputValue()).toBe('run:own:checkpoints/epoch-0001.safetensors');
  await show('figure');
  await page.getByTestId('figure-matrices').click();
  await page.getByTestId('figure-preview').waitFor();
  const [recipe] = await Promise.all([page.waitForEvent('download'), page.getByTestId('save-recipe').click()]);
  expect(await readFile(await recipe.path(), 'utf8')).toContain('own/checkpoints/epoch-0001.safetensors');
});

test('an opened file keeps its weights when the model stage gives it inputs of another size', async () => {
  const path = join(host.runsFolder, 'open-size.safetensors');
  await writeCheckpointFile(path, noiseWeights(buildModel('repmlpnet-small')));
  await show('checkpoint');
  await page.getByTestId('checkpoint-path').fill(path);
  await page.getByTestId('open-path').click();
  await page.getByTestId('current-source').filter({ hasText: 'open-size' }).waitFor({ state: 'attached' });
  await show('model');
  await page.getByTestId('file-input-size').fill('64x32');
  await page.getByTestId('file-input-size').press('Enter');
  await show('cost');
  await page.getByText('input 1×3×64×32').first().waitFor();
  expect(await text('current-source')).toBe('open-size.safetensors');
  await show('merge');
  await page.getByTestId('run-merge').click();
  await page.getByTestId('verdict').filter({ hasText: '8x3x64x32' }).waitFor({ timeout: 60_000 });
});

test('a second network is chosen beside the first, held against it in cost and matrices, and both change places', async () => {
  await page.getByTestId('weights-picker').selectOption('bundled:pure-mlp-small');
  await page.getByTestId('compare-networks').click();
  await page.getByTestId('compared-picker').selectOption('zoo:wide-convnet-cifar');
  await show('cost');
  const row = page.getByTestId('cost-compared').locator('tbody tr').first();
  const numbers = async (): Promise<number[]> =>
    (await row.locator('td.number').allTextContents()).slice(0, 2).map((cell) => Number(cell.replace(/\D/g, '')));
  const counts = ['pure-mlp-small', 'wide-convnet-cifar'].map((name) => learntIn(noiseWeights(buildModel(name))));
  expect(await numbers()).toEqual(counts);
  await page.getByTestId('swap-networks').click();
  expect(await numbers()).toEqual([...counts].reverse());
  expect(await text('current-name')).toBe('wide-convnet-cifar');
  await page.getByTestId('swap-networks').click();
  await page.getByTestId('compared-picker').selectOption('run:own:checkpoints/epoch-0001.safetensors');
  await show('matrix');
  await page
    .locator('.pane-titles')
    .filter({ hasText: /A: Bundled.*B: own/ })
    .waitFor();
});

test('a reload comes back to what is compared and to the view of a stage', async () => {
  await page.getByTestId('weights-picker').selectOption('bundled:pure-mlp-small');
  await show('cost');
  await page.getByTestId('cost-level-layer').click();
  await page.getByTestId('count-bias').check();
  await page.reload();
  await page.locator('main[data-testid=stage-cost]').waitFor();
  expect(await page.getByTestId('cost-level-layer').getAttribute('aria-pressed')).toBe('true');
  expect(await page.getByTestId('count-bias').isChecked()).toBe(true);
  await expect.poll(() => page.getByTestId('compared-picker').inputValue()).toBe('run:own:checkpoints/epoch-0001.safetensors');
  await page.getByTestId('end-comparison').click();
  await page.getByTestId('cost-compared').waitFor({ state: 'detached' });
});

test('back and forward lead through the stages', async () => {
  await show('cost');
  await show('model');
  await page.goBack();
  await page.locator('main[data-testid=stage-cost]').waitFor();
  await page.goForward();
  await page.locator('main[data-testid=stage-model]').waitFor();
  expect(problems).toEqual([]);
});
