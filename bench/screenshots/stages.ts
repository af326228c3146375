// Every stage in one look, a file each: `screenshots/STAGE-WIDTH-THEME.png`.
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import type { Look } from './looks';
import { dress, settle, stagesOf } from './set';

interface Which {
  /** Stages by name; empty for all. */
  readonly only: readonly string[];
  /** The window as high as the stage is. */
  readonly whole: boolean;
  readonly folder: string;
}

/** Takes the pictures and says where each is. */
export async function takeStages(page: Page, look: Look, { only, whole, folder }: Which): Promise<void> {
  await dress(page, look);
  const stages = (await stagesOf(page)).filter((stage) => only.length === 0 || only.includes(stage));
  for (const stage of stages) {
    await settle(page, stage);
    if (whole) await grow(page, look);
    const path = join(folder, `${stage}-${look.size.width}-${look.theme}${whole ? '-whole' : ''}.png`);
    await page.screenshot({ path });
    console.log(path);
    if (whole) await page.setViewportSize(look.size);
  }
}

/** Makes the window as high as what its stage holds. */
async function grow(page: Page, { size }: Look): Promise<void> {
  const beyond = await page.locator('.stage-body').evaluate((body) => body.scrollHeight - body.clientHeight);
  if (beyond <= 0) return;
  await page.setViewportSize({ width: size.width, height: size.height + beyond });
  await page.waitForTimeout(600);
}
