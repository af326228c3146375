// The matrices of a run's epochs in the studio itself, in a real Chromium: the slider over them, and two of them compared.
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import type { StudioHost } from '../../../tests/browser/studio-host';
import { withStudio } from '../../../tests/browser/studio-in-tests';
import { repmlp } from '../../../tests/cli/repmlp';

const EPOCHS = 3;
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
    await page.getByTestId('rail-matrices').click();
    await page.getByTestId('weights-picker').selectOption('run:r1:checkpoints/epoch-0001.safetensors');
  },
  { prepare },
);

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
  });

  it('raise no errors on the way', () => expect(problems).toEqual([]));
});
