// The window as it stands for its pictures: connected, a run's curves shown, its stages reachable from the rail.
import type { Browser, Page } from 'playwright-core';
import { openStudio } from '../../tests/browser/studio-host';
import type { Look } from './looks';
import { RUN } from './trained';

/** Opens the window and shows the trained run. */
export async function openSet(browser: Browser, url: string): Promise<Page> {
  const { page } = await openStudio(browser, url);
  await page.getByTestId('status-connection').filter({ hasText: 'Connected' }).waitFor();
  await page.getByTestId('rail-training').click();
  await page.getByTestId(`run-${RUN}`).getByRole('checkbox').check();
  return page;
}

/** Gives the window a size and a theme. */
export async function dress(page: Page, { theme, size }: Look): Promise<void> {
  await page.setViewportSize(size);
  while ((await page.evaluate(() => localStorage.getItem('repmlp-theme'))) !== theme) await page.getByTestId('rail-theme').click();
}

/** The stages of the window, as the rail names them. */
export async function stagesOf(page: Page): Promise<string[]> {
  const ids = await page.locator('nav [data-testid^="rail-"]').evaluateAll((all) => all.map(({ dataset }) => dataset.testid ?? ''));
  return ids.map((id) => id.slice('rail-'.length)).filter((name) => name !== 'palette' && name !== 'theme');
}

/** Shows a stage and waits until it has said and drawn what it has to. */
export async function settle(page: Page, stage: string): Promise<void> {
  await page.getByTestId(`rail-${stage}`).click();
  await page.locator(`main[data-testid=stage-${stage}]`).waitFor();
  const [act, shown] = SHOWN[stage] ?? [];
  if (act && (await page.getByTestId(act).isEnabled())) await page.getByTestId(act).click();
  if (shown) await page.locator(shown).first().waitFor({ timeout: 60_000 });
  await page.waitForTimeout(900);
}

/** What is done in a stage before its picture, and what must be there then. */
const SHOWN: Readonly<Record<string, readonly [act: string | null, shown: string]>> = {
  dataset: [null, '[data-testid=samples] canvas'],
  merge: ['run-merge', '[data-testid=verdict]'],
  matrix: [null, '[data-testid=legend]'],
  pattern: [null, '[data-testid=rest-vectors], [data-testid=row-kinds]'],
  figure: [null, '[data-testid=figure-preview]'],
};
