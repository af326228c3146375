// Weights into the window and out of it again, in a real browser on the browser host: dropped, picked,
// refused, merged and saved.
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { repmlp } from '../cli/repmlp';
import { launchChromium } from './chromium';
import { openStudio, startStudioHost, type StudioHost } from './studio-host';
import { writeCheckpointFile } from '../../electron/service/files';
import { floatTensor } from '@shared/tensor/tensor';

const FOLDER = new URL('../reference/pth/', import.meta.url).pathname;
const TRAIN = join(FOLDER, 'net_tiny_train.pth');

let browser: Browser;
let host: StudioHost;
let page: Page;
let problems: string[];
let folder: string;

beforeAll(async () => {
  [browser, host, folder] = await Promise.all([launchChromium(), startStudioHost(), mkdtemp(join(tmpdir(), 'repmlp-window-'))]);
  ({ page, problems } = await openStudio(browser, host.url));
  await page.getByTestId('status-connection').filter({ hasText: 'Connected' }).waitFor();
});
afterAll(async () => {
  await browser?.close();
  await host?.stop();
  await rm(folder, { recursive: true, force: true });
});

/** Drops a file of this machine on the window, as a file manager would. */
async function drop(path: string): Promise<void> {
  const bytes = (await readFile(path)).toString('base64');
  await page.evaluate(
    ([name, base64]) => {
      const data = new DataTransfer();
      data.items.add(new File([Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0))], name));
      const target = document.querySelector('main') as HTMLElement;
      for (const kind of ['dragover', 'drop']) target.dispatchEvent(new DragEvent(kind, { dataTransfer: data, bubbles: true }));
    },
    [basename(path), bytes],
  );
}

const said = (tone: string, text: string) => page.getByTestId(`notice-${tone}`).filter({ hasText: text });
const shown = (fileName: string) => page.getByTestId('checkpoint').filter({ hasText: fileName });

for (const stage of ['dataset', 'matrices']) {
  test(`a file dropped on the ${stage} stage is shown with its names and shapes`, async () => {
    await page.getByTestId(`rail-${stage}`).click();
    await drop(TRAIN);
    await shown('net_tiny_train.pth').waitFor();
    const row = page.getByTestId('tensors').getByRole('row').filter({ hasText: 'stages.0.0.repmlp_block.fc3.weight' });
    expect(await row.textContent()).toContain('128x64x1x1');
  });
}

for (const format of ['safetensors', 'npz'] as const) {
  test(`a dropped .${format} file is read, its NaN and infinity flagged`, async () => {
    const path = join(folder, `broken-values.${format}`);
    await writeCheckpointFile(path, new Map([['a.weight', floatTensor([2, 2], Float32Array.of(1, NaN, Infinity, 2))]]));
    await drop(path);
    await shown(`broken-values.${format}`).waitFor();
    await page.getByTestId('broken-tensors').filter({ hasText: 'a.weight' }).waitFor();
    expect(await page.getByTestId('tensors').textContent()).toContain('1 NaN, 1 inf');
  });
}

test('a hostile and a damaged file are refused by name; what was open stays', async () => {
  await drop(TRAIN);
  await shown('net_tiny_train.pth').waitFor();
  for (const name of ['evil_os_system.pth', 'bad_truncated_zip.pth']) {
    await drop(join(FOLDER, name));
    await said('error', name).waitFor();
  }
  expect(await shown('net_tiny_train.pth').isVisible()).toBe(true);
  expect(await page.getByTestId('tensors').textContent()).toContain('107 of 107');
  const close = page.getByRole('button', { name: 'Close this message' });
  for (let left = await close.count(); left > 0; left--) await close.first().click();
});

test('the open button uploads a chosen file; one opened by path is offered again among the recent ones', async () => {
  const picked = page.waitForEvent('filechooser');
  await page.getByTestId('open-checkpoint').click();
  await (await picked).setFiles(join(FOLDER, 'net_tiny_deploy.pth'));
  await shown('net_tiny_deploy.pth').waitFor();
  await page.getByTestId('checkpoint-path').fill(TRAIN);
  await page.getByTestId('open-path').click();
  await shown('net_tiny_train.pth').waitFor();
  await page.getByTestId('recent-files').selectOption(TRAIN);
  await shown('net_tiny_train.pth').waitFor();
});

test('the merged weights are saved in each format, byte for byte what the command line writes', async () => {
  await page.getByTestId('merge-file').click();
  await page.getByTestId('run-merge').click();
  await page.getByTestId('verdict').waitFor({ timeout: 60_000 });
  for (const format of ['pth', 'safetensors', 'npz']) {
    const saving = page.waitForEvent('download');
    await page.getByTestId(`download-merged-${format}`).click();
    const saved = await saving;
    expect(saved.suggestedFilename()).toBe(`net_tiny_train-merged.${format}`);
    const expected = join(folder, `command-line.${format}`);
    await repmlp(['merge', TRAIN, expected]);
    expect((await readFile(await saved.path())).equals(await readFile(expected))).toBe(true);
  }
});

test('a table of thousands of tensors holds few rows in the page and is searched at once', async () => {
  const many = Array.from({ length: 5000 }, (_, i) => [`layer.${i}.weight`, floatTensor([1], Float32Array.of(i))] as const);
  const path = join(folder, 'many.safetensors');
  await writeCheckpointFile(path, new Map(many));
  await drop(path);
  await shown('many.safetensors').waitFor();
  await page.getByTestId('tensors').filter({ hasText: 'statistics of 5000 read' }).waitFor();
  expect(await page.getByTestId('tensors').getByRole('row').count()).toBeLessThan(120);
  await page.getByTestId('tensor-search').fill('layer.4999.');
  await page.getByTestId('tensors').filter({ hasText: '1 of 5000' }).waitFor();
  expect(problems).toEqual([]);
});
