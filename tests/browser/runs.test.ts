// Runs in the window: found by a tag, renamed, held against a baseline, grouped over their seeds, deleted into a trash.
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { keptRun } from '../kept-runs';
import type { StudioHost } from './studio-host';
import { withStudio } from './studio-in-tests';

let host: StudioHost;
let page: Page;
let problems: readonly string[];

async function prepare({ runsFolder }: StudioHost): Promise<void> {
  await keptRun(runsFolder, 'one', 1, 0.8);
  await keptRun(runsFolder, 'two', 2, 0.9);
}
withStudio(
  async (studio) => {
    ({ host, page, problems } = studio);
    await page.getByTestId('rail-training').click();
  },
  { prepare },
);

test('a tag and a note are kept, shown and found by the filter', async () => {
  await page.getByTestId('edit-run-one').click();
  await page.getByTestId('edit-run-tags').fill('wide');
  await page.getByTestId('edit-run-note').fill('before the holidays');
  await page.getByTestId('edit-run-save').click();
  await page.getByTestId('run-one').filter({ hasText: 'wide' }).filter({ hasText: 'before the holidays' }).waitFor();
  await page.getByTestId('run-filter').fill('holidays');
  await page.getByTestId('run-two').waitFor({ state: 'detached' });
  await page.getByTestId('run-filter').fill('');
  await page.getByTestId('run-two').waitFor();
});

test('runs over their seeds have a mean and a deviation, and each its distance from the pinned baseline', async () => {
  await page.getByTestId('pin-run').click();
  await page.getByTestId('run-two').filter({ hasText: '+10.0 points' }).waitFor();
  await page.getByTestId('run-one').filter({ hasText: 'baseline' }).waitFor();
  // Mean and sample deviation of 0.8 and 0.9.
  const cells = await page.getByTestId('run-groups').locator('tbody td').allTextContents();
  expect(cells.slice(2, 8)).toEqual(['2', '85.0 %', '7.1 %', '80.0 %', '90.0 %', '+5.0 points']);
});

test('a renamed run keeps what was said of it; a deleted one is said where it is, and is there', async () => {
  await page.getByTestId('edit-run-name').fill('renamed');
  await page.getByTestId('edit-run-save').click();
  await page.getByTestId('run-renamed').filter({ hasText: 'wide' }).waitFor();
  expect(await readdir(host.runsFolder)).toContain('renamed');
  await page.getByTestId('edit-run-two').click();
  await page.getByTestId('delete-run').click();
  const notice = page.getByTestId('notice-success').filter({ hasText: 'two is in' });
  await notice.waitFor();
  expect(await readdir(join(host.runsFolder, '.trash', 'two'))).toContain('run.json');
  await page.getByTestId('run-two').waitFor({ state: 'detached' });
  expect(problems).toEqual([]);
});
