// A large network analysed in the window, end to end: its train-form and merged files are opened in Chromium, every
// block is analysed, and the analysis is stopped half way. Total times, and the longest tasks of the page's main thread
// by the clock and by processor time, which other work on the machine does not lengthen.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { writeCheckpointFile } from '../../electron/files';
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
    await report(browser, page, 'merged file opened, statistics read', () => open(page, paths.merged));
    await report(browser, page, 'train-form file opened, statistics read', () => open(page, paths.train));
    await report(browser, page, 'patterns stage, first block analysed', () => firstBlock(page));
    await report(browser, page, 'analysis stopped within a block', () => stopHalfWay(page));
    await report(browser, page, 'all blocks analysed', () => analyseAll(page));
    for (const stage of ['cost', 'matrix', 'pattern', 'matrix', 'pattern'])
      await report(browser, page, `${stage} stage shown`, () => goTo(page, stage));
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

async function report(browser: Browser, page: Page, what: string, work: () => Promise<void>): Promise<void> {
  await browser.startTracing(page, { categories: TRACED });
  const start = performance.now();
  await work();
  const seconds = (performance.now() - start) / 1000;
  await page.waitForTimeout(300);
  const trace = JSON.parse((await browser.stopTracing()).toString()) as { traceEvents: TraceEvent[] };
  console.log(`${what}: ${seconds.toFixed(2)} s, ${tasksText(mainTasks(trace.traceEvents))}`);
}

const TRACED = ['disabled-by-default-devtools.timeline', 'devtools.timeline', '__metadata'];

/** Durations in microseconds: by the clock, and of the thread's processor time. */
interface TraceEvent {
  readonly name: string;
  readonly pid: number;
  readonly tid: number;
  readonly dur?: number;
  readonly tdur?: number;
  readonly args?: { readonly name?: string };
}

/** Tasks of the main thread of the page's process, the renderer with most of them. */
function mainTasks(events: readonly TraceEvent[]): TraceEvent[] {
  const threads = new Set(
    events.flatMap(({ name, args, pid, tid }) => (name === 'thread_name' && args?.name === 'CrRendererMain' ? [`${pid} ${tid}`] : [])),
  );
  return events.filter(({ name, pid, tid, dur }) => name === 'RunTask' && dur !== undefined && threads.has(`${pid} ${tid}`));
}

function tasksText(tasks: readonly TraceEvent[]): string {
  const longest = (key: 'dur' | 'tdur'): number[] =>
    tasks
      .map((task) => (task[key] ?? 0) / 1000)
      .filter((ms) => ms >= 50)
      .sort((a, b) => b - a);
  const text = (values: readonly number[]): string =>
    values.length === 0
      ? 'none'
      : values
          .slice(0, 6)
          .map((ms) => ms.toFixed(0))
          .join(', ');
  const most = Math.max(0, ...tasks.map(({ tdur = 0 }) => tdur / 1000));
  return `tasks of 50 ms: ${text(longest('dur'))} by the clock, ${text(longest('tdur'))} of processor time (longest ${most.toFixed(0)})`;
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
  await goTo(page, 'pattern');
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
