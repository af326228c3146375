// What the window keeps of what its user does: undo and redo, the list of jobs, settings; and the matrices over a lost graphics context
// and for whoever does not see them.
import { decode } from 'fast-png';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { withStudio } from './studio-in-tests';

let page: Page;
let problems: readonly string[];
withStudio((studio) => ({ page, problems } = studio));

const show = async (stage: string): Promise<void> => {
  await page.getByTestId(`rail-${stage}`).click();
  await page.locator(`main[data-testid=stage-${stage}]`).waitFor();
};

/** What of each pane is seen: how many colours. */
async function coloursOfPanes(): Promise<number[]> {
  const counts: number[] = [];
  for (const pane of await page.locator('.matrix-canvas .pane').all()) {
    const { data, channels } = decode(await pane.screenshot());
    const seen = new Set<number>();
    for (let at = 0; at < data.length; at += channels) seen.add((data[at] << 16) | (data[at + 1] << 8) | data[at + 2]);
    counts.push(seen.size);
  }
  return counts;
}

test('Ctrl+Z takes a setting and a view back where they were made, Ctrl+Shift+Z does them again, and a field keeps its own undo', async () => {
  await show('settings');
  await page.getByTestId('settings-theme-dark').click();
  await show('model');
  const width = page.getByTestId('setting-width');
  await page.getByTestId('zoo-pure-mlp-small').click();
  await width.fill('16');
  await width.press('Control+z');
  await expect.poll(() => width.inputValue()).toBe('');
  await width.fill('16');
  await page.locator('h1').first().click();
  await page.keyboard.press('Control+z');
  await expect.poll(() => width.inputValue()).toBe('');
  await page.keyboard.press('Control+Shift+z');
  await expect.poll(() => width.inputValue()).toBe('16');
  for (let steps = 0; steps < 6 && (await page.evaluate(() => document.documentElement.dataset.theme)) === 'dark'; steps++)
    await page.keyboard.press('Control+z');
  expect(await page.evaluate(() => document.documentElement.dataset.theme)).toBe('light');
});

test('settings are kept, reset and undone; a licence of each shipped package is told', async () => {
  await show('settings');
  const threads = page.getByTestId('settings-threads');
  await threads.fill('3');
  await threads.press('Enter');
  await page.reload();
  await expect.poll(() => page.getByTestId('settings-threads').inputValue()).toBe('3');
  await page.getByTestId('settings-reset').click();
  await expect.poll(() => page.getByTestId('settings-threads').inputValue()).toBe('0');
  await page.getByTestId('licences').locator('summary').first().click();
  const listed = page.getByTestId('licences').locator('li > details > summary');
  await expect.poll(() => listed.count()).toBeGreaterThan(30);
  expect(await listed.allTextContents()).toEqual(
    expect.arrayContaining([expect.stringMatching(/^react [\d.]+: MIT/), expect.stringMatching(/^mnist /)]),
  );
});

test('a training stands in the list of jobs with its progress, and is paused and stopped from there', async () => {
  await show('training');
  await page.getByTestId('start-training').click();
  await page.keyboard.press('Alt+j');
  const job = page.locator('[data-testid=job][data-kind=training]').first();
  await job
    .getByTestId('job-progress')
    .filter({ hasText: /of .* steps/ })
    .waitFor({ timeout: 90_000 });
  await job.getByTestId('job-pause').click();
  await expect.poll(() => job.getAttribute('data-state')).toBe('paused');
  await job.getByTestId('job-cancel').click();
  await expect.poll(() => job.getAttribute('data-state'), { timeout: 30_000 }).toBe('stopped');
  await page.keyboard.press('Escape');
  expect(await page.getByTestId('status-jobs').textContent()).toBe('No jobs');
});

test('the cell under the cursor is one of a grid as large as the matrix, by row, column, value and meaning', async () => {
  await show('matrix');
  await page.getByTestId('legend').waitFor();
  const panes = page.locator('.matrix-canvas');
  await panes.focus();
  for (const key of ['Home', 'ArrowRight', 'ArrowRight', 'ArrowDown']) await page.keyboard.press(key);
  const cell = page.getByTestId('matrix-active-cell');
  await cell.filter({ hasText: /row \d+, column 2: .*\d.*; .*channel.* from .*channel/ }).waitFor();
  const grid = page.getByTestId('matrix-grid');
  expect(Number(await grid.getAttribute('aria-rowcount'))).toBeGreaterThan(100);
  expect([await cell.getAttribute('aria-colindex'), await panes.getAttribute('aria-activedescendant')]).toEqual([
    '3',
    await cell.getAttribute('id'),
  ]);
  const shown = await page.getByTestId('cell-after').textContent();
  await cell.filter({ hasText: shown ?? 'nothing' }).waitFor();
});

test('a lost graphics context is said, and all panes are drawn again when it is back', async () => {
  const drawn = async (): Promise<boolean> => (await coloursOfPanes()).every((count) => count > 50);
  await expect.poll(drawn, { timeout: 60_000 }).toBe(true);
  const before = await coloursOfPanes();
  await page.evaluate(() => {
    const gl = document.querySelector<HTMLCanvasElement>('.matrix-canvas canvas')?.getContext('webgl2');
    const lost = gl?.getExtension('WEBGL_lose_context');
    Object.assign(globalThis, { giveBack: () => lost?.restoreContext() });
    lost?.loseContext();
  });
  await page.getByText(/the graphics context was lost/).waitFor();
  expect(await coloursOfPanes()).not.toEqual(before);
  await page.evaluate(() => (globalThis as { giveBack?: () => void }).giveBack?.());
  await page.getByText(/the graphics context was lost/).waitFor({ state: 'detached' });
  await expect.poll(coloursOfPanes, { timeout: 60_000 }).toEqual(before);
  expect(before.length).toBeGreaterThan(1);
  expect(problems).toEqual([]);
});
