// The matrices of a run's epochs in the studio itself, in a real Chromium: the slider over them, and two of them compared.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { noiseWeights } from '@shared/model/noise-weights';
import { buildModel } from '@shared/model/zoo';
import { writeCheckpointFile } from '../../../electron/files';
import type { StudioHost } from '../../../tests/browser/studio-host';
import { withStudio } from '../../../tests/browser/studio-in-tests';
import { repmlp } from '../../../tests/cli/repmlp';

const EPOCHS = 3;
let folder: string;
let page: Page;
let problems: readonly string[];

async function prepare({ runsFolder }: StudioHost): Promise<void> {
  const data = 'shapes:train=100,validation=50';
  const run = ['train', '--model', 'pure-mlp-small', '--data', data, '--epochs', String(EPOCHS), '--out', join(runsFolder, 'r1')];
  expect(await repmlp(run)).toMatchObject({ code: 0 });
}

withStudio(
  async (studio) => {
    ({ page, problems } = studio);
    await page.getByTestId('rail-matrix').click();
    await page.getByTestId('weights-picker').selectOption('run:r1:checkpoints/epoch-0001.safetensors');
  },
  { prepare },
);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'repmlp-compared-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Waits until the cell under the cursor shows a value other than `old`; returns it. */
async function valueAfter(testId: string, old: string): Promise<string> {
  const text = async (): Promise<string> =>
    (await page
      .getByTestId(testId)
      .textContent({ timeout: 1000 })
      .catch(() => null)) ?? '';
  await expect.poll(text, { timeout: 20_000 }).toMatch(/\d/);
  await expect.poll(text, { timeout: 20_000 }).not.toBe(old);
  return text();
}

/** Starts a training of many short epochs from the window. */
async function startLongTraining(name: string): Promise<void> {
  await page.getByTestId('rail-dataset').click();
  await page.getByTestId('train-count').fill('32');
  await page.getByTestId('train-count').press('Enter');
  await page.getByTestId('rail-training').click();
  for (const [field, value] of Object.entries({ 'batch-size': '16', epochs: '500' })) {
    await page.getByTestId(field).fill(value);
    await page.getByTestId(field).press('Enter');
  }
  await page.getByTestId('run-name').fill(name);
  await page.getByTestId('start-training').click();
}

describe('the epochs of a run', () => {
  it('are scrubbed with a slider: the merged weight under the cursor changes with the epoch, its place does not', async () => {
    await expect.poll(() => page.locator('.epoch-scrubber').textContent(), { timeout: 20_000 }).toContain(`Epoch 1 of ${EPOCHS}`);
    await expect.poll(() => page.getByTestId('pooling-text').textContent(), { timeout: 20_000 }).toMatch(/Each dot|Every cell/);
    await page.locator('.matrix-canvas').focus();
    await page.keyboard.press('ArrowRight');
    const first = await valueAfter('cell-after', '');
    await page.getByTestId('matrices-epoch').fill('2');
    await expect.poll(() => page.locator('.epoch-scrubber').textContent()).toContain(`Epoch 3 of ${EPOCHS}`);
    expect(await valueAfter('cell-after', first)).not.toBe(first);
    expect(await page.getByTestId('cell-readout').textContent()).toMatch(/row 0.*column 1from/);
  });

  it('are compared two at a time, their difference between them', async () => {
    const before = await valueAfter('cell-before', '');
    await page.getByTestId('matrices-other').selectOption('run:r1:checkpoints/epoch-0001.safetensors');
    await expect
      .poll(() => page.locator('.pane-titles').textContent(), { timeout: 20_000 })
      .toMatch(/A: r1 \/ epoch-0003.*B - A.*B: r1 \/ epoch-0001/);
    await valueAfter('cell-before', before);
    const numbers = async (): Promise<number[]> =>
      Promise.all(['before', 'added', 'after'].map(async (id) => Number(await page.getByTestId(`cell-${id}`).textContent())));
    // Six digits are shown of weights below ten: three roundings of at most 5e-6.
    await expect
      .poll(async () => {
        const [a, difference, b] = await numbers();
        return difference !== 0 && Math.abs(b - a - difference) < 2e-5;
      })
      .toBe(true);
    // The slider over the epochs and the second network leave the picture its height.
    const [picture, stage] = await Promise.all(['.matrix-canvas', 'main'].map((one) => page.locator(one).boundingBox()));
    expect((picture?.height ?? 0) / (stage?.height ?? 0)).toBeGreaterThanOrEqual(0.7);
    // Nothing here is before or after a merge, and what lies between the two is no kernel.
    expect(await page.locator('.readout-values dt').allTextContents()).toEqual(['A', 'B - A', 'B']);
    expect(await page.getByTestId('panel-maps').locator('figcaption').allTextContents()).toEqual(['A', 'B - A', 'B', 'A', 'B - A', 'B']);
    expect(await page.getByTestId('matrices-panel-maps').count()).toBe(1);
    expect(await page.getByTestId('matrices-panel-kernel').count()).toBe(0);
  });

  it('are not compared with weights that hold no block, which says so and leaves the comparison as it is', async () => {
    const path = join(folder, 'no-block.safetensors');
    await writeCheckpointFile(path, noiseWeights(buildModel('facenet-small')));
    await page.getByTestId('rail-checkpoint').click();
    await page.getByTestId('checkpoint-path').fill(path);
    await page.getByTestId('open-path').click();
    await page.getByTestId('checkpoint').filter({ hasText: 'no-block.safetensors' }).waitFor();
    await page.getByTestId('rail-matrix').click();
    await page.getByTestId('weights-picker').selectOption('run:r1:checkpoints/epoch-0003.safetensors');
    const titles = page.locator('.pane-titles').filter({ hasText: /A: r1 \/ epoch-0003/ });
    await titles.waitFor();
    await page.getByTestId('matrices-other').selectOption({ label: 'no-block.safetensors' });
    await page.getByTestId('notice-error').filter({ hasText: 'no-block.safetensors holds no RepMLP block to compare with' }).waitFor();
    expect(await titles.textContent()).toMatch(/B: r1 \/ epoch-0001/);
  });

  it('are followed while a training runs: each new checkpoint comes into view, until an older one is asked for', async () => {
    await page.getByTestId('matrices-other').selectOption({ index: 0 });
    await startLongTraining('live');
    await page.getByTestId('rail-matrix').click();
    await page.getByTestId('weights-picker').selectOption('run:live:checkpoints/epoch-0001.safetensors', { timeout: 60_000 });
    await page.getByTestId('matrices-follow').check();
    const shown = async (): Promise<number> => Number(/Epoch (\d+)/.exec((await page.locator('.epoch-scrubber').textContent()) ?? '')?.[1]);
    await expect.poll(shown, { timeout: 60_000 }).toBeGreaterThan(1);
    const before = await shown();
    await expect.poll(shown, { timeout: 60_000 }).toBeGreaterThan(before);
    await page.getByTestId('matrices-epoch').fill('0');
    expect(await page.getByTestId('matrices-follow').isChecked()).toBe(false);
    await page.getByTestId('rail-training').click();
    await page.getByTestId('stop-training').click();
    await page.getByTestId('training-state').filter({ hasText: 'stopped' }).waitFor({ timeout: 60_000 });
  });

  it('raise no errors on the way', () => expect(problems).toEqual([]));
});
