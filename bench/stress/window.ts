// Engines in pages of a browser: one page after the other is closed amid steps, beside one that trains to the end and
// whose weights are compared.
import type { Browser, Page } from 'playwright-core';
import { launchChromium } from '../../tests/browser/chromium';
import { openIsolatedPage } from '../../tests/browser/isolated-page';
import { type Findings, stressConfig } from './findings';

/** Steps are under way after so long, and the training is not done. */
const [SHORTEST_MS, LONGEST_MS] = [1500, 4000];

/** Goes on until `end`, a time of `performance.now()`. */
export async function closePagesAmidSteps(findings: Findings, end: number): Promise<void> {
  const browser = await launchChromium();
  try {
    for (let closed = 0; performance.now() < end; closed++) {
      const [page, victim] = [await openEngine(browser), await openEngine(browser)];
      const training = trainIn(page);
      const lost = trainIn(victim).catch(() => null);
      // Another moment every time, spread evenly.
      await new Promise((resolve) => setTimeout(resolve, SHORTEST_MS + ((closed * 0.618) % 1) * (LONGEST_MS - SHORTEST_MS)));
      await victim.close();
      await lost;
      const trained = await training;
      for (const message of [...trained.mended, ...(trained.error === null ? [] : [trained.error])]) findings.failed(message);
      if (trained.error === null) for (let epoch = 0; epoch < stressConfig.recipe.epochs; epoch++) findings.epochDone();
      findings.compare('training beside a page that was closed', trained.digest);
      await page.close();
    }
  } finally {
    await browser.close();
  }
}

async function openEngine(browser: Browser): Promise<Page> {
  const scripts = { page: 'tests/browser/broken-engine-page.ts', worker: 'tests/browser/broken-engine-worker.ts' };
  const page = await openIsolatedPage(browser, scripts);
  await page.waitForFunction(() => 'brokenEnginePage' in globalThis);
  return page;
}

/** Trains once, on an engine in which nothing is broken. */
async function trainIn(page: Page): Promise<{ mended: string[]; error: string | null; digest: string }> {
  return (await page.evaluate((config) => globalThis.brokenEnginePage.train('none', config, 1), stressConfig))[0];
}
