// One current network for all stages of the window: opened, designed, reloaded.
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { openCheckpointFile } from '../../electron/files';
import { withStudio } from './studio-in-tests';

const TRAIN_WEIGHTS = new URL('../reference/pth/net_tiny_train.pth', import.meta.url).pathname;

let page: Page;
let problems: readonly string[];
withStudio((studio) => ({ page, problems } = studio));

/** Numbers of the file that are learnt: everything but running statistics and counters. */
async function learntNumbers(): Promise<number> {
  const file = await openCheckpointFile(TRAIN_WEIGHTS);
  const learnt = file.tensors.filter(({ name }) => !/\.(running_mean|running_var|num_batches_tracked)$/.test(name));
  await file.close();
  return learnt.reduce((sum, { shape }) => sum + shape.reduce((product, size) => product * size, 1), 0);
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

test('back and forward lead through the stages', async () => {
  await show('cost');
  await show('model');
  await page.goBack();
  await page.locator('main[data-testid=stage-cost]').waitFor();
  await page.goForward();
  await page.locator('main[data-testid=stage-model]').waitFor();
  expect(problems).toEqual([]);
});
