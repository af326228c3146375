// The pictures that the README opens with: the first screen, the matrices, the centre of a merge and a figure, each small.
import { decode } from 'fast-png';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { dress, settle, stagesOf } from './set';
import { smallPng } from './small-png';

const SIZE = { width: 1280, height: 780 };
/** All but the status line, which names a folder of the machine that made the picture. */
const CLIP = { x: 0, y: 0, width: SIZE.width, height: SIZE.height - 26 };
/** An equation stands in it in one line, and whole; and so does a figure. */
const TALL = { width: 1400, height: 1600 };
const COLOURS = 48;

/** Makes the pictures anew in `folder` and says where each is and how large. */
export async function takeReadmePictures(page: Page, folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  const [first] = await stagesOf(page);
  await dress(page, { theme: 'light', size: SIZE });
  await settle(page, first);
  await store(folder, 'first-screen', await page.screenshot({ clip: CLIP }));
  await dress(page, { theme: 'dark', size: SIZE });
  await settle(page, 'matrix');
  await store(folder, 'matrices', await page.screenshot({ clip: CLIP }));
  await dress(page, { theme: 'light', size: TALL });
  await settle(page, 'merge');
  await page.getByTestId('step-add').click();
  await page.waitForTimeout(500);
  await store(folder, 'merge', await page.getByTestId('step-arrays').locator('.equation-line').first().screenshot());
  await settle(page, 'figure');
  await page.getByTestId('figure-figure5').click();
  await page.waitForTimeout(2500);
  await store(folder, 'figure', await page.getByTestId('figure-preview').screenshot());
}

async function store(folder: string, name: string, picture: Buffer): Promise<void> {
  const bytes = smallPng(decode(picture), COLOURS);
  const path = join(folder, `${name}.png`);
  await writeFile(path, bytes);
  console.log(`${path}: ${Math.round(bytes.length / 1024)} KiB`);
}
