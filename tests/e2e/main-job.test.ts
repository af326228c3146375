// The main job in both hosts: the browser host in its own process, and the desktop app's bundles against
// the stand-in `electron`.
import { fileURLToPath } from 'node:url';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildDesktop } from '../../electron/launcher/build.mjs';
import { readRun } from '../../electron/runs/read';
import { launchChromium } from '../browser/chromium';
import { openStudio, startStudioHost } from '../browser/studio-host';
import { startDesktop } from '../electron/stand-in/start';
import { mainJob, train, type MainJobOutcome } from './main-job';

/** A folder for screenshots of every stage, where one is wanted. */
const shots = process.env.REPMLP_SCREENSHOTS ?? null;
let browser: Browser;

beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser?.close());

describe('the main job', () => {
  it('goes from model to figure in the browser host', async () => {
    const host = await startStudioHost();
    try {
      const { page, problems } = await openStudio(browser, host.url);
      const outcome = await mainJob(page, shots);
      expectDone(outcome);
      // The test browser draws in software, so the service computes itself and says why.
      expect(outcome.verdict).toContain("computed by a thread of the service: the window's WebGL is software");
      expect(problems).toEqual([]);
      expect(existsSync(join(host.runsFolder, 'main-job', 'run.json'))).toBe(true);
    } finally {
      await host.stop();
    }
  });

  it('goes from model to figure in the desktop app', async () => {
    await buildDesktop();
    const desktop = await startDesktop(browser, fileURLToPath(new URL('../../dist/main.cjs', import.meta.url)));
    try {
      const outcome = await mainJob(await desktop.studioPage());
      expectDone(outcome);
      expect(outcome.verdict).toContain('computed in a window');
    } finally {
      await desktop.stop();
    }
  });
});

describe('training in the worker of a browser window', () => {
  it('is persisted by the service, and when the page is closed it waits and goes on in the next one', async () => {
    const host = await startStudioHost(['--engine', 'window']);
    try {
      const { page } = await openStudio(browser, host.url);
      await train(page);
      expect(await page.getByTestId('backend-reason').textContent()).toContain('computed in a window');
      const stopped = await readRun(join(host.runsFolder, 'main-job'));
      expect(stopped.checkpoints).toHaveLength(1);
      await page.getByTestId('resume-run-main-job').click();
      await page.getByTestId('training-state').filter({ hasText: 'running' }).waitFor();
      const next = await page.context().newPage();
      await page.close();
      await next.goto(new URL(host.url).origin);
      await next.getByTestId('rail-training').click();
      await next
        .getByTestId('progress')
        .filter({ hasText: /going on in epoch/ })
        .waitFor();
      await next.getByTestId('stop-training').click();
      await expect.poll(async () => (await readRun(join(host.runsFolder, 'main-job'))).state, { timeout: 20_000 }).toBe('stopped');
    } finally {
      await host.stop();
    }
  });
});

function expectDone({ step, loss, equivalent, layersCompared, cell, figure, complaints }: MainJobOutcome): void {
  expect(step).toBeGreaterThanOrEqual(3);
  // A network that knows nothing about ten classes starts near ln 10 = 2.3; a few steps do not change that much.
  expect(loss).toBeGreaterThan(0.5);
  expect(loss).toBeLessThan(10);
  expect(equivalent).toBe('true');
  expect(layersCompared).toBeGreaterThan(3);
  const [before, added, after] = cell;
  // Values are shown with at least three significant digits.
  expect(Math.abs(before + added - after)).toBeLessThanOrEqual(0.01 * Math.max(...cell.map(Math.abs)));
  expect(figure).toContain('<svg');
  expect(complaints).toEqual([]);
}
