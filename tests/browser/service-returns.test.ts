// A service that falls silent, ends, and is started again on the same runs folder: the window says so each time, and is
// itself again without being touched.
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { buildWeb } from '../../electron/launcher/build.mjs';
import { launchChromium } from './chromium';
import { openStudio } from './studio-host';

const root = fileURLToPath(new URL('../..', import.meta.url));
const TRAIN_WEIGHTS = new URL('../reference/pth/net_tiny_train.pth', import.meta.url).pathname;

let browser: Browser;
let page: Page;
let runsFolder: string;
let host: ChildProcess;

/** Starts a host as users do, with no port named; gives its address. */
async function startHost(): Promise<string> {
  host = spawn(process.execPath, ['dist/web-host.mjs', '--no-browser', '--runs', runsFolder], { cwd: root });
  let said = '';
  return new Promise((resolve, reject) => {
    host.stdout?.on('data', (chunk: Buffer) => {
      said += chunk.toString();
      const url = /http:\/\/127\.0\.0\.1:\d+\/#token=[\w-]+/.exec(said)?.[0];
      if (url !== undefined) resolve(url);
    });
    host.once('exit', () => reject(new Error(`the browser host ended before it gave an address: ${said}`)));
  });
}

beforeAll(async () => {
  await buildWeb();
  runsFolder = await mkdtemp(join(tmpdir(), 'repmlp-returns-'));
  browser = await launchChromium();
  ({ page } = await openStudio(browser, await startHost()));
  await page.getByTestId('status-connection').filter({ hasText: 'Connected' }).waitFor();
});
afterAll(async () => {
  await browser?.close();
  host?.kill('SIGKILL');
  await rm(runsFolder, { recursive: true, force: true });
});

const note = () => page.getByTestId('service-note');

test('a service that is stopped is said to be silent, and no more once it answers', async () => {
  host.kill('SIGSTOP');
  await note().filter({ hasText: 'has not answered' }).waitFor();
  await page.getByTestId('status-connection').filter({ hasText: 'does not answer' }).waitFor();
  host.kill('SIGCONT');
  await note().waitFor({ state: 'detached' });
});

test('a service that was killed and started again is found by the window, with its network and B', async () => {
  await page.getByTestId('rail-checkpoint').click();
  await page.getByTestId('checkpoint-path').fill(TRAIN_WEIGHTS);
  await page.getByTestId('open-path').click();
  await page.getByTestId('current-source').filter({ hasText: 'net_tiny_train.pth' }).waitFor({ state: 'attached' });
  await page.getByTestId('compare-networks').click();
  await page.getByTestId('compared-picker').selectOption('bundled:pure-mlp-small');
  host.kill('SIGKILL');
  await note().filter({ hasText: 'The service has ended' }).waitFor();
  await startHost();
  await note().waitFor({ state: 'detached' });
  await page.getByTestId('current-source').filter({ hasText: 'net_tiny_train.pth' }).waitFor({ state: 'attached' });
  expect(await page.getByTestId('compared-picker').inputValue()).toBe('bundled:pure-mlp-small');
  await page.getByTestId('rail-merge').click();
  await page.getByTestId('run-merge').click();
  await page.getByTestId('verdict').waitFor({ timeout: 60_000 });
  expect(await page.getByTestId('verdict').getAttribute('data-equivalent')).toBe('true');
});

test('a training that died with its service can be gone on with, and another one started', async () => {
  await page.getByTestId('weights-picker').selectOption('bundled:pure-mlp-small');
  await page.getByTestId('rail-training').click();
  await page.getByTestId('epochs').fill('400');
  await page.getByTestId('run-name').fill('killed');
  await page.getByTestId('start-training').click();
  await page.getByTestId('progress').getByTestId('step').waitFor({ timeout: 60_000 });
  host.kill('SIGKILL');
  await note().filter({ hasText: 'The service has ended' }).waitFor();
  await startHost();
  await note().waitFor({ state: 'detached' });
  await page.getByTestId('training-state').filter({ hasText: 'stopped' }).waitFor();
  await page.getByTestId('resume-run-killed').waitFor();
  await expect.poll(() => page.getByTestId('start-training').isEnabled()).toBe(true);
});

test('what is left for the next host is readable by its owner alone', async () => {
  expect((await stat(join(runsFolder, '.web-host.json'))).mode & 0o777).toBe(0o600);
});
