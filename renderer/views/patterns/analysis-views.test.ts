// The patterns and cost stages in a real browser: what they compute, and where their pictures lead.
import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { launchChromium } from '../../../tests/browser/chromium';
import { openStudio, startStudioHost, type StudioHost } from '../../../tests/browser/studio-host';
import { repmlp, temporaryFolder } from '../../../tests/cli/repmlp';

let browser: Browser;
let host: StudioHost;
let page: Page;
let problems: string[];

/** A run of two epochs, small enough for seconds. */
async function tinyRun(): Promise<string> {
  const run = join(await temporaryFolder(), 'tiny');
  const data = ['--data', 'shapes:train=32,validation=16', '--recipe-set', 'batchSize=16', '--backend', 'wasm'];
  expect((await repmlp(['train', '--model', 'pure-mlp-small', '--set', 'width=4', ...data, '--epochs', '2', '--out', run])).code).toBe(0);
  return run;
}

beforeAll(async () => {
  const run = await tinyRun();
  [browser, host] = await Promise.all([launchChromium(), startStudioHost()]);
  await cp(run, join(host.runsFolder, 'tiny'), { recursive: true });
  ({ page, problems } = await openStudio(browser, host.url));
});
afterAll(async () => {
  await browser?.close();
  await host?.stop();
});

describe('patterns', () => {
  test('a click on a displacement leads to a cell of FC3 that has it', async () => {
    await page.getByTestId('rail-patterns').click();
    const after = page.getByTestId('displacement-maps').getByRole('img', { name: 'Energy by displacement, after' });
    const box = await after.boundingBox();
    // The middle of the picture is no displacement: output and input are the same place.
    await after.click({ position: { x: (box?.width ?? 0) / 2, y: (box?.height ?? 0) / 2 } });
    await page.getByText('output channel 0, y 4, x 4').waitFor();
    await page.getByText('from input channel 0, y 4, x 4').waitFor();
  });

  test('the line of the projections, kinds of rows and singular vectors of a chosen group show', async () => {
    await page.getByTestId('rail-patterns').click();
    expect(await page.getByTestId('projection-line').textContent()).toMatch(/equals the merged kernel: max difference/);
    await page.getByTestId('pattern-group').selectOption('1');
    await page.getByTestId('rest-vectors').filter({ hasText: 'group 1' }).waitFor();
    expect(await page.getByTestId('channel-pairs').getByRole('img').count()).toBe(2);
    expect(await page.getByTestId('row-kinds').getByRole('img').count()).toBeGreaterThan(2);
  });

  test('a position map lies on the mean of a class and on a sample', async () => {
    await page.getByTestId('overlay').filter({ hasText: 'mean of' }).waitFor();
    await page.getByTestId('overlay-picture').selectOption('sample 2');
    await page.getByTestId('overlay').filter({ hasText: 'sample 2 of shapes' }).waitFor();
  });

  test('a network beside itself has no difference', async () => {
    await page.getByTestId('beside-weights').selectOption('bundled:pure-mlp-small');
    const cells = page.getByTestId('beside-table').locator('tbody td:last-child');
    await cells.first().waitFor();
    expect(await cells.allTextContents()).toEqual(['0', '0', '0', '0', '0']);
  });

  test('a run shows its block at every epoch', async () => {
    const option = page.getByTestId('weights-picker').locator('option', { hasText: 'tiny / epoch-0002' });
    await page.getByTestId('weights-picker').selectOption((await option.getAttribute('value')) ?? '');
    await page.getByTestId('analyse-epochs').click();
    await page.getByTestId('pattern-epochs').getByText('2 of 2 checkpoints').waitFor();
    expect(
      await page
        .getByTestId('pattern-epochs')
        .getByRole('img', { name: /at epoch/ })
        .count(),
    ).toBe(2);
  });
});

describe('cost', () => {
  test('every layer has a measured time in both forms', async () => {
    await page.getByTestId('rail-cost').click();
    await page.getByTestId('measure').click();
    const total = page.getByTestId('times').locator('tbody tr').last();
    await total.filter({ hasText: 'times as fast' }).waitFor({ timeout: 100_000 });
  });

  test('an operation of the icicle shows its formula, and a run its accuracy against its cost', async () => {
    await page.getByTestId('icicle').locator('.operation').first().click();
    await page.getByTestId('formula').waitFor();
    await page.getByTestId('scatter-tiny').waitFor();
  });

  test('the published figure stands beside the computed one, with what explains the difference', async () => {
    await page.getByTestId('cost-model').selectOption('wide-convnet-cifar');
    await page.getByTestId('published').filter({ hasText: 'cut off instead of rounded' }).waitFor();
    expect(problems).toEqual([]);
  });
});
