// The first start, in a real browser with an empty runs folder: every stage shows something real from the
// network that comes with the program, and nothing complains.
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchChromium } from './chromium';
import { openStudio, startStudioHost, type StudioHost } from './studio-host';

/** What must be seen on each stage before the user has done anything. */
const SEEN: Readonly<Record<string, string>> = {
  dataset: '[data-testid=samples] canvas',
  model: '[data-testid=params-train]',
  training: '[data-testid=recipe]',
  merge: '[data-testid=step-arrays] canvas',
  matrices: '[data-testid=stage-matrices] .pane-after',
  patterns: '[data-testid=invariant-after]',
  cost: '[data-testid=ledger] [role=cell]',
  export: '[data-testid=figure-preview]',
  checkpoint: '[data-testid=tensors] [role=row] .mono',
};
/** A folder for screenshots, where they are wanted. */
const shots = process.env.REPMLP_SCREENSHOTS;

let browser: Browser;
let host: StudioHost;
let page: Page;
let problems: string[];

beforeAll(async () => {
  [browser, host] = await Promise.all([launchChromium(), startStudioHost()]);
  ({ page, problems } = await openStudio(browser, host.url));
});
afterAll(async () => {
  await browser?.close();
  await host?.stop();
});

for (const [stage, selector] of Object.entries(SEEN)) {
  test(`the ${stage} stage shows something real on the first start`, async () => {
    await page.getByTestId(`rail-${stage}`).click();
    await page.locator(selector).first().waitFor();
    if (shots !== undefined) await page.waitForTimeout(1500).then(() => page.screenshot({ path: `${shots}/first-${stage}.png` }));
    expect(await page.getByTestId('notice-error').allTextContents()).toEqual([]);
    expect(await page.locator('.says-error').allTextContents()).toEqual([]);
    expect(problems).toEqual([]);
  });
}
