// The first start, in a real browser with an empty runs folder: every stage shows something real from the
// network that comes with the program, and nothing complains.
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { withStudio } from './studio-in-tests';

/** What must be seen on each stage before the user has done anything. */
const SEEN: Readonly<Record<string, string>> = {
  dataset: '[data-testid=samples] canvas',
  model: '[data-testid=params-train]',
  training: '[data-testid=recipe]',
  merge: '[data-testid=step-arrays] canvas',
  matrix: '[data-testid=stage-matrix] .pane-after',
  pattern: '[data-testid=invariant-after]',
  cost: '[data-testid=ledger] [role=cell]',
  figure: '[data-testid=figure-preview]',
  checkpoint: '[data-testid=tensors] [role=row] .mono',
};
/** A folder for screenshots, where they are wanted. */
const shots = process.env.REPMLP_SCREENSHOTS;

let page: Page;
let problems: readonly string[];
withStudio((studio) => ({ page, problems } = studio));

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
