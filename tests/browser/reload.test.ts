// A training that a page of the browser host computes, and the page is reloaded: it goes back to its last
// checkpoint, goes on by itself, says so, and ends with the weights of a training nobody disturbed.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { readMetrics, readRun } from '../../electron/runs';
import { launchChromium } from './chromium';
import { openStudio, startStudioHost, type StudioHost } from './studio-host';

let browser: Browser;
let host: StudioHost;
let page: Page;

beforeAll(async () => {
  [browser, host] = await Promise.all([launchChromium(), startStudioHost(['--engine', 'window'])]);
  ({ page } = await openStudio(browser, host.url));
  await page.getByTestId('status-connection').filter({ hasText: 'Connected' }).waitFor();
  await page.getByTestId('rail-dataset').click();
  await page.getByTestId('train-count').fill('160');
  await page.getByTestId('train-count').press('Enter');
});
afterAll(async () => {
  await browser?.close();
  await host?.stop();
});

const EPOCHS = 3;

async function start(name: string): Promise<void> {
  await page.getByTestId('rail-training').click();
  await fill('epochs', String(EPOCHS));
  await fill('batch-size', '16');
  await page.getByTestId('run-name').fill(name);
  await page.getByTestId('start-training').click();
}

async function fill(field: string, value: string): Promise<void> {
  await page.getByTestId(field).fill(value);
  await page.getByTestId(field).press('Enter');
}

async function finished(name: string): Promise<void> {
  const panel = page.getByTestId('progress').filter({ hasText: name });
  await panel.getByTestId('training-state').filter({ hasText: 'finished' }).waitFor({ timeout: 110_000 });
}

/** The bytes of the last checkpoint's weights. */
async function lastWeights(name: string): Promise<Buffer> {
  const folder = join(host.runsFolder, name);
  return readFile(join(folder, (await readRun(folder)).checkpoints.at(-1)?.file ?? 'none'));
}

test('a reloaded page takes its training up again from the last checkpoint, to the same weights', async () => {
  await start('undisturbed');
  await page.getByTestId('page-note').waitFor();
  await finished('undisturbed');

  await start('reloaded');
  const folder = join(host.runsFolder, 'reloaded');
  await vi.waitUntil(async () => (await readRun(folder).catch(() => null))?.checkpoints.some(({ epoch }) => epoch === 1), {
    timeout: 60_000,
    interval: 10,
  });
  await page.reload();
  await page.getByTestId('rail-training').click();
  await page
    .getByTestId('progress')
    .filter({ hasText: /going on in epoch [23]|3 epochs done/ })
    .waitFor({ timeout: 60_000 });
  await finished('reloaded');

  expect(await lastWeights('reloaded')).toEqual(await lastWeights('undisturbed'));
  const epochs = (await readMetrics(folder)).flatMap((event) => (event.type === 'epoch' ? [event.epoch] : []));
  expect(epochs).toEqual([1, 2, 3]);
});
