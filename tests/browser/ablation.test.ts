// The ablation in a real browser: it is stopped, goes on, outlives reloads of the page that computes, and its runs
// can be made longer where their schedule allows it.
import { join } from 'node:path';
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readRun } from '../../electron/runs';
import { zoo } from '../../src-shared/model/zoo';
import { launchChromium } from './chromium';
import { openStudio, startStudioHost, type StudioHost } from './studio-host';

let browser: Browser;
let host: StudioHost;
let page: Page;
let problems: readonly string[];
const VARIANTS = zoo.map(({ name }) => name).filter((name) => name.startsWith('pure-mlp-small'));
const shots = process.env.REPMLP_SCREENSHOTS;

beforeAll(async () => {
  [browser, host] = await Promise.all([launchChromium(), startStudioHost(['--engine', 'window'])]);
  ({ page, problems } = await openStudio(browser, host.url));
  await page.getByTestId('status-connection').filter({ hasText: 'Connected' }).waitFor();
  await page.getByTestId('rail-dataset').click();
  await fill('train-count', '48');
  await page.getByTestId('rail-training').click();
  await fill('epochs', '2');
  await fill('batch-size', '16');
});
afterAll(async () => {
  await browser?.close();
  await host?.stop();
});

async function fill(field: string, value: string): Promise<void> {
  await page.getByTestId(field).fill(value);
  await page.getByTestId(field).press('Enter');
}

const variant = (name: string, state: string): Locator => page.getByTestId(`variant-${name}`).filter({ hasText: state });

/** The page goes away while it computes, and comes back. */
async function reload(): Promise<void> {
  await page.reload();
  await page.getByTestId('rail-training').click();
}

async function shoot(name: string): Promise<void> {
  if (shots !== undefined) await page.screenshot({ path: `${shots}/${name}.png` });
}

test('an ablation is stopped, goes on, and outlives reloads of the page that computes', async () => {
  await page.getByTestId('start-ablation').click();
  await variant('pure-mlp-small', 'under way').waitFor();
  await page.getByTestId('training-state').filter({ hasText: 'running' }).waitFor({ timeout: 60_000 });
  await page.getByTestId('stop-ablation').click();
  await page.getByTestId('ablation').filter({ hasText: 'was stopped' }).waitFor({ timeout: 60_000 });
  await shoot('ablation-stopped');
  await reload();
  await page.getByTestId('resume-ablation').click();
  await variant('pure-mlp-small', 'done').waitFor({ timeout: 60_000 });
  await shoot('ablation-under-way');
  await reload();
  for (const name of VARIANTS) await variant(name, 'done').waitFor({ timeout: 60_000 });
  for (const name of VARIANTS)
    expect(await readRun(join(host.runsFolder, `${name}-seed1`))).toMatchObject({ state: 'finished', config: { seed: 1 } });
  for (const name of VARIANTS) expect(await page.getByLabel(`Show ${name}-seed1`, { exact: true }).isChecked()).toBe(true);
  expect(problems).toEqual([]);
}, 240_000);

test('a finished run is offered more epochs, or the reason why its schedule allows none', async () => {
  await page.getByTestId('extend-run-pure-mlp-small-seed1').click();
  await page
    .getByTestId('more-epochs-reason')
    .filter({ hasText: "The run's cosine schedule spreads its learning rates over its 2 epochs" })
    .waitFor();
  expect(await page.getByTestId('more-epochs-go').isDisabled()).toBe(true);
  await shoot('more-epochs');
});
