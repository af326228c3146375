// A large network analysed in the window, end to end: its train-form and merged files are opened in Chromium, every
// block is analysed, and the analysis is stopped half way. Total times, and the longest task of the page's main thread.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { writeCheckpointFile } from '../../electron/service/files';
import { mergeNetwork, type WeightedNetwork } from '../../src-shared/merge/merge-network';
import { launchChromium } from '../../tests/browser/chromium';
import { openStudio, startStudioHost } from '../../tests/browser/studio-host';

/** Measures the network in a window and prints what came out. */
export async function runInWindow(train: WeightedNetwork): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'repmlp-pattern-'));
  const [browser, host] = await Promise.all([launchChromium(), startStudioHost()]);
  try {
    const paths = await writeForms(folder, train);
    const { page, problems } = await openStudio(browser, host.url);
    await page.getByTestId('status-connection').filter({ hasText: 'Connected' }).waitFor();
    await page.waitForTimeout(1500);
    await page.evaluate(watchTasks);
    await report(page, 'merged file opened, statistics read', () => open(page, paths.merged));
    await report(page, 'train-form file opened, statistics read', () => open(page, paths.train));
    await report(page, 'patterns stage, first block analysed', () => firstBlock(page));
    await report(page, 'analysis stopped within a block', () => stopHalfWay(page));
    await report(page, 'all blocks analysed', () => analyseAll(page));
    for (const stage of ['cost', 'matrices', 'patterns']) await report(page, `${stage} stage shown`, () => goTo(page, stage));
    if (problems.length > 0) console.log(`the page reported: ${problems.join('; ')}`);
  } finally {
    await browser.close();
    await host.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

async function writeForms(folder: string, train: WeightedNetwork): Promise<Record<'train' | 'merged', string>> {
  const paths = { train: join(folder, 'train.safetensors'), merged: join(folder, 'merged.safetensors') };
  await writeCheckpointFile(paths.train, train.weights);
  await writeCheckpointFile(paths.merged, mergeNetwork(train.spec, train.weights).weights);
  return paths;
}

/** Runs in the page: keeps the durations of tasks of 50 ms and more. */
function watchTasks(): void {
  const tasks: number[] = [];
  new PerformanceObserver((list) => tasks.push(...list.getEntries().map(({ duration }) => duration))).observe({ entryTypes: ['longtask'] });
  Object.assign(window, { longTasks: tasks });
}

async function report(page: Page, what: string, work: () => Promise<void>): Promise<void> {
  const start = performance.now();
  await work();
  const seconds = (performance.now() - start) / 1000;
  await page.waitForTimeout(300);
  const tasks = await page.evaluate(() => (window as unknown as { longTasks: number[] }).longTasks.splice(0));
  const long = tasks.length === 0 ? 'no task of 50 ms' : `tasks of 50 ms and more: ${tasks.map((task) => task.toFixed(0)).join(', ')} ms`;
  console.log(`${what}: ${seconds.toFixed(2)} s, ${long}`);
}

async function open(page: Page, path: string): Promise<void> {
  await page.getByTestId('rail-checkpoint').click();
  await page.getByTestId('checkpoint-path').fill(path);
  await page.getByTestId('open-path').click();
  const file = path.replace(/.*\//, '');
  await page.getByTestId('checkpoint').filter({ hasText: file }).waitFor();
  // "300 of 300; statistics of 300 read"
  await page.waitForFunction(() => /(\d+) of \1; statistics of \1 read/.test(document.body.textContent ?? ''), null, { timeout: 120_000 });
}

async function goTo(page: Page, stage: string): Promise<void> {
  await page.getByTestId(`rail-${stage}`).click();
  await page.getByRole('heading', { level: 1, name: new RegExp(stage, 'i') }).waitFor();
}

async function firstBlock(page: Page): Promise<void> {
  await goTo(page, 'patterns');
  await page.getByTestId('pattern-blocks').filter({ hasText: '1 analysed' }).waitFor({ timeout: 120_000 });
}

async function stopHalfWay(page: Page): Promise<void> {
  await page.getByTestId('analyse-all').click();
  await page.getByRole('progressbar', { name: 'Analysis' }).waitFor();
  await page.waitForTimeout(200);
  await page.getByTestId('stop-analysis').click();
  await page.getByTestId('analyse-all').waitFor();
}

async function analyseAll(page: Page): Promise<void> {
  const blocks = await page.getByTestId('block-picker').locator('option').count();
  await page.getByTestId('analyse-all').click();
  await page
    .getByTestId('pattern-blocks')
    .filter({ hasText: `${blocks} analysed` })
    .waitFor({ timeout: 120_000 });
}
