// The export stage in a real browser: figures of their true size, for a venue, inspected, and opened again from their file.
import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { withStudio } from '../../../tests/browser/studio-in-tests';

let page: Page;
let problems: readonly string[];

withStudio((studio) => {
  ({ page, problems } = studio);
});

const preview = () => page.getByTestId('figure-preview');

/** Width of the preview in CSS millimetres, once it is a drawing of `widthMm`. */
async function previewWidth(widthMm: string): Promise<number> {
  const panel = page.getByRole('region', { name: 'Preview' });
  await expect.poll(() => panel.textContent(), { timeout: 20_000 }).toMatch(new RegExp(`Preview${widthMm} x`));
  const box = await preview().boundingBox();
  return ((box?.width ?? 0) / 96) * 25.4;
}

async function saved(testId: string): Promise<string> {
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByTestId(testId).click()]);
  return download.path();
}

describe('the export stage', () => {
  test('shows a figure at its true size, and says so where it does not', async () => {
    await page.getByTestId('rail-figure').click();
    await page.getByTestId('figure-cost-bars').click();
    await preview().waitFor();
    await page.getByTestId('figure-width').fill('84');
    await page.keyboard.press('Enter');
    expect(await previewWidth('84')).toBeCloseTo(84, 0);
    await page.getByText('as it will be printed').waitFor();
    await page.getByTestId('figure-zoom').selectOption('2');
    await page.getByText('in print, shown at 200 % of that').waitFor();
    expect(await previewWidth('84')).toBeCloseTo(168, 0);
    await page.getByTestId('figure-zoom').selectOption('1');
  });

  test('has recipe and preview beside each other, and the caption as text', async () => {
    const [recipe, drawn] = await Promise.all([page.getByTestId('figure-width').boundingBox(), preview().boundingBox()]);
    expect((recipe?.x ?? 0) + (recipe?.width ?? 0)).toBeLessThan(drawn?.x ?? 0);
    await page.getByTestId('figure-caption-text').filter({ hasText: 'Convention: 1 multiply-accumulate' }).waitFor();
  });

  test('makes a figure for a venue, whose inspection passes', async () => {
    await page.getByTestId('figure-venue').selectOption('nature double');
    expect(await previewWidth('183')).toBeCloseTo(183, 0);
    await page.getByTestId('figure-inspect').click();
    await page.getByTestId('figure-inspection').filter({ hasText: 'It passes.' }).waitFor();
  });

  test('saves a figure that is opened again as it was, whatever was chosen meanwhile', async () => {
    await page.getByTestId('figure-title').fill('A title of its own');
    await page.getByTestId('figure-caption').uncheck();
    const path = await saved('save-figure-pdf');
    await page.getByTestId('figure-figure5').click();
    expect(await page.getByTestId('figure-title').inputValue()).toBe('A title of its own');
    await page.getByTestId('figure-title').fill('Another');
    const content = (await readFile(path)).toString('base64');
    await page.evaluate((base64) => {
      const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
      const dropped = new DataTransfer();
      dropped.items.add(new File([bytes], 'cost.pdf', { type: 'application/pdf' }));
      window.dispatchEvent(new DragEvent('drop', { dataTransfer: dropped, bubbles: true }));
    }, content);
    await page.locator('[data-testid=figure-cost-bars][aria-checked=true]').waitFor();
    expect(await page.getByTestId('figure-title').inputValue()).toBe('A title of its own');
    expect(await page.getByTestId('figure-caption').isChecked()).toBe(false);
    expect(await page.getByTestId('figure-change').count()).toBe(0);
    expect(Buffer.compare(await readFile(await saved('save-figure-pdf')), await readFile(path))).toBe(0);
  });

  test('saves without recipe where that is wanted', async () => {
    await page.getByTestId('figure-strip').check();
    expect(await readFile(await saved('save-figure'), 'utf8')).not.toContain('<metadata>');
    await page.getByTestId('figure-strip').uncheck();
  });
});

describe('a stage', () => {
  test('opens the figure that is on screen: the icicle with its measure', async () => {
    await page.getByTestId('rail-cost').click();
    await page.getByTestId('icicle-metric-bytes').click();
    await page.getByTestId('figure-of-icicle').click();
    expect(await page.getByTestId('cost-chart').inputValue()).toBe('icicle');
    expect(await page.getByTestId('cost-metric').inputValue()).toBe('bytes');
  });

  test('went through all this without an error of the page', () => expect(problems).toEqual([]));
});
