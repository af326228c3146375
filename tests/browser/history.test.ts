// Back and forward come to the place that was left: stage, networks A and B, block, and what was looked at of it.
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { withStudio } from './studio-in-tests';

const TRAIN_WEIGHTS = new URL('../reference/pth/net_tiny_train.pth', import.meta.url).pathname;

let page: Page;
let problems: readonly string[];
withStudio((studio) => ({ page, problems } = studio));

const show = (stage: string): Promise<void> => page.getByTestId(`rail-${stage}`).click();
const at = (stage: string): Promise<void> => page.locator(`main[data-testid=stage-${stage}]`).waitFor();
const isNetwork = (key: string | RegExp) =>
  // A file is opened first, which takes a while on a busy machine.
  expect
    .poll(() => page.getByTestId('weights-picker').inputValue(), { timeout: 20_000 })
    .toMatch(key instanceof RegExp ? key : new RegExp(`^${key}$`));
const isBlock = (path: string) => expect.poll(() => page.getByTestId('block-picker').inputValue()).toBe(path);

async function blocks(): Promise<string[]> {
  const options = page.getByTestId('block-picker').locator('option');
  // The first stage after the start waits for the rest of the window.
  await expect.poll(() => options.count(), { timeout: 20_000 }).toBeGreaterThan(1);
  return options.evaluateAll((all) => all.map((option) => (option as HTMLOptionElement).value));
}

test('another network and another stage are taken back one after the other, and come again', async () => {
  await show('merge');
  const [, second] = await blocks();
  await page.getByTestId('block-picker').selectOption(second);
  await show('checkpoint');
  await page.getByTestId('checkpoint-path').fill(TRAIN_WEIGHTS);
  await page.getByTestId('open-path').click();
  await isNetwork(/^file:/);
  await show('cost');
  await at('cost');
  await page.goBack();
  await at('checkpoint');
  await isNetwork(/^file:/);
  await page.goBack();
  await at('checkpoint');
  await isNetwork('bundled:pure-mlp-small');
  await page.goBack();
  await at('merge');
  await isBlock(second);
  await isNetwork('bundled:pure-mlp-small');
  await page.goForward();
  await page.goForward();
  await isNetwork(/^file:/);
  await page.goForward();
  await at('cost');
  await isNetwork(/^file:/);
});

test('what is compared is taken back, too', async () => {
  await page.getByTestId('weights-picker').selectOption('bundled:pure-mlp-small');
  await show('model');
  await page.getByTestId('compare-networks').click();
  await page.getByTestId('compared-picker').selectOption('zoo:wide-convnet-cifar');
  await show('cost');
  await page.getByTestId('end-comparison').click();
  await page.goBack();
  await expect.poll(() => page.getByTestId('compared-picker').inputValue()).toBe('zoo:wide-convnet-cifar');
  await page.goForward();
  await page.getByTestId('compared-picker').waitFor({ state: 'detached' });
});

test('the part of a matrix that was looked at is there again after another network, and after a reload', async () => {
  await page.getByTestId('weights-picker').selectOption('bundled:pure-mlp-small');
  await show('matrix');
  await isBlock((await blocks())[0]);
  await page.getByTestId('legend').waitFor();
  await page.getByTestId('matrices-mode-split').click();
  await page.locator('.matrix-canvas').focus();
  for (const key of ['=', '=', 'ArrowRight', 'ArrowRight', 'ArrowDown']) await page.keyboard.press(key);
  const readout = page.getByTestId('cell-readout');
  await readout.filter({ hasText: /column \d/ }).waitFor();
  const [, place] = /(row \d+.*?column \d+)/.exec((await readout.textContent()) ?? '') ?? [];
  await page.getByTestId('weights-picker').selectOption({ label: 'net_tiny_train.pth' });
  await isNetwork(/^file:/);
  await page.getByTestId('matrices-mode-side').click();
  await page.goBack();
  await isNetwork('bundled:pure-mlp-small');
  await expect.poll(() => page.getByTestId('matrices-mode-split').getAttribute('aria-pressed')).toBe('true');
  await readout.filter({ hasText: place }).waitFor();
  await page.reload();
  await at('matrix');
  await readout.filter({ hasText: place }).waitFor();
  expect(await page.getByTestId('matrices-mode-split').getAttribute('aria-pressed')).toBe('true');
});

test('the step of a merge that was looked at is there again', async () => {
  await show('merge');
  await page.getByTestId('step-add').click();
  await show('model');
  await show('merge');
  await page.getByTestId('step-pad').click();
  await page.goBack();
  await page.goBack();
  await at('merge');
  await expect.poll(() => page.getByTestId('step-add').getAttribute('aria-current')).toBe('step');
  expect(problems).toEqual([]);
});

test('what was looked at closely in a pattern, and the figure that was begun, are there again, after a reload too', async () => {
  await page.getByTestId('weights-picker').selectOption('bundled:pure-mlp-small');
  await show('pattern');
  await page.getByTestId('pattern-group').selectOption('1');
  await page.getByTestId('more-place').click();
  await page.getByTestId('kernel-input').fill('2');
  await page.getByTestId('kernel-input').press('Enter');
  await show('figure');
  await page.getByTestId('figure-figure5').click();
  await show('cost');
  await show('figure');
  await page.getByTestId('figure-cost-bars').click();
  await page.goBack();
  await at('cost');
  await page.goBack();
  await at('figure');
  const isFigure5 = () => expect.poll(() => page.getByTestId('figure-figure5').getAttribute('aria-checked')).toBe('true');
  await isFigure5();
  await page.reload();
  await at('figure');
  await isFigure5();
  await page.goBack();
  await at('pattern');
  await expect.poll(() => page.getByTestId('pattern-group').inputValue()).toBe('1');
  await expect.poll(() => page.getByTestId('kernel-input').inputValue()).toBe('2');
  expect(problems).toEqual([]);
});
