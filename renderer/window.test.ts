// The window in a real browser, driven by keyboard and mouse, on the browser host.
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { withStudio } from '../tests/browser/studio-in-tests';

const STAGES = ['dataset', 'model', 'training', 'merge', 'matrix', 'pattern', 'cost', 'figure', 'checkpoint'];
const TRAIN_WEIGHTS = new URL('../tests/reference/pth/net_tiny_train.pth', import.meta.url).pathname;
const BROKEN_WEIGHTS = new URL('../tests/reference/pth/bad_html_download_page.pth', import.meta.url).pathname;

let page: Page;
let problems: readonly string[];
withStudio((studio) => ({ page, problems } = studio));

test('every stage is reached from the rail and by its key, without an error in the page', async () => {
  for (const [index, stage] of STAGES.entries()) {
    await page.getByTestId(`rail-${stage}`).click();
    await page.locator(`main[data-testid=stage-${stage}]`).waitFor();
    await page.keyboard.press(`Alt+${((index + 1) % STAGES.length) + 1}`);
    await page.locator(`main[data-testid=stage-${STAGES[(index + 1) % STAGES.length]}]`).waitFor();
  }
  expect(problems).toEqual([]);
});

test('the palette finds a command by a part of its name and runs it', async () => {
  await page.keyboard.press('Control+k');
  await page.getByTestId('palette').waitFor();
  await page.keyboard.type('show cost');
  await page.locator('[cmdk-item][data-selected=true]', { hasText: 'Show cost' }).waitFor();
  await page.keyboard.press('Enter');
  await page.locator('main[data-testid=stage-cost]').waitFor();
  expect(await page.getByTestId('palette').isVisible()).toBe(false);
});

test('the theme goes from system to light to dark and stays after a reload', async () => {
  const shown = () => page.evaluate(() => document.documentElement.dataset.theme);
  await page.getByTestId('rail-theme').click();
  expect(await shown()).toBe('light');
  await page.getByTestId('rail-theme').click();
  expect(await shown()).toBe('dark');
  await page.reload();
  await page.getByTestId('rail-theme').waitFor();
  expect(await shown()).toBe('dark');
});

test('counts follow a hyper-parameter while it is typed; a wrong one is explained', async () => {
  await page.getByTestId('rail-model').click();
  await page.getByTestId('zoo-pure-mlp-small').click();
  const params = () => page.getByTestId('params-train').textContent();
  const before = await params();
  await page.getByTestId('setting-width').fill('16');
  await page.waitForFunction((old) => document.querySelector('[data-testid=params-train]')?.textContent !== old, before);
  await page.getByTestId('setting-width').fill('wide');
  expect(await page.getByTestId('model-problem').textContent()).toContain('width');
  await page.getByTestId('setting-width').fill('');
  expect(await params()).toBe(before);
});

test('clicking a count shows a formula whose numbers give it', async () => {
  await page.getByTestId('rail-cost').click();
  await page.getByTestId('ledger-open-all').click();
  const cell = page.locator('[data-testid=ledger] .cell-button[title]').nth(2);
  const count = (await cell.textContent()) ?? '';
  await cell.click();
  const formula = (await page.getByTestId('formula').locator('.mono').textContent()) ?? '';
  const product = [...formula.split('=')[0].matchAll(/\d+/g)].reduce((value, [number]) => value * Number(number), 1);
  expect(product).toBe(Number(count.replace(/\D/g, '')));
});

test('a PyTorch file is recognised, merged and found equivalent; its steps and patterns show', async () => {
  await page.getByTestId('rail-checkpoint').click();
  await page.getByTestId('checkpoint-path').fill(TRAIN_WEIGHTS);
  await page.getByTestId('open-path').click();
  // The file that comes with the program is in train form, too, and shown until this one is read.
  await page.getByTestId('checkpoint').filter({ hasText: 'net_tiny_train.pth' }).waitFor();
  await page.getByTestId('recognised').filter({ hasText: 'train form' }).waitFor();
  await page.getByTestId('merge-file').click();
  await page.getByTestId('step-conv-to-fc').click();
  await expect.poll(() => page.getByTestId('step-arrays').locator('.heat canvas').count()).toBe(2);
  await page.getByTestId('run-merge').click();
  await page.getByTestId('verdict').waitFor({ timeout: 60_000 });
  expect(await page.getByTestId('verdict').getAttribute('data-equivalent')).toBe('true');
  await page.getByTestId('rail-pattern').click();
  const share = async (id: string) => Number.parseFloat((await page.getByTestId(id).textContent()) ?? '');
  await page.getByTestId('invariant-after').waitFor();
  expect(await share('invariant-after')).toBeGreaterThan(await share('invariant-before'));
});

test('a file that is no checkpoint is refused with a sentence that names it', async () => {
  await page.getByTestId('rail-checkpoint').click();
  await page.getByTestId('checkpoint-path').fill(BROKEN_WEIGHTS);
  await page.getByTestId('open-path').click();
  const notice = page.getByTestId('notice-error').filter({ hasText: 'bad_html_download_page' });
  await notice.waitFor();
  expect(problems).toEqual([]);
});
