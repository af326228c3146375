// What somebody does who has never seen the window: nothing but what is written on it, and every press is counted.
import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { withStudio } from './studio-in-tests';

const TRAIN_WEIGHTS = new URL('../reference/pth/net_tiny_train.pth', import.meta.url);

let page: Page;
let problems: readonly string[];
withStudio((studio) => ({ page, problems } = studio));

let presses = 0;

/** Presses the button, or the place in the rail, of this label. */
async function press(label: string | RegExp): Promise<void> {
  presses++;
  await page.getByRole('button', { name: label, exact: typeof label === 'string' }).click({ timeout: 60_000 });
}

const seen = (text: string | RegExp) => page.getByText(text).filter({ visible: true }).first().waitFor({ timeout: 60_000 });

/** Presses a button that saves a file; gives its text. */
async function saved(label: string): Promise<string> {
  const [file] = await Promise.all([page.waitForEvent('download', { timeout: 60_000 }), press(label)]);
  return readFile(await file.path(), 'utf8');
}

/** Drops a file on the window, as from a file manager. */
async function drop(url: URL): Promise<void> {
  const content = (await readFile(url)).toString('base64');
  await page.evaluate(
    ([text, name]) => {
      const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
      const dataTransfer = new DataTransfer();
      dataTransfer.items.add(new File([bytes], name));
      window.dispatchEvent(new DragEvent('drop', { dataTransfer, cancelable: true, bubbles: true }));
    },
    [content, url.pathname.split('/').at(-1) ?? ''] as const,
  );
}

test('the first screen can be touched: a row of the merged matrix says where it writes and lights up what it reads', async () => {
  const matrix = page.getByTestId('touch-matrix');
  await matrix.hover({ position: { x: 30, y: 3 } });
  const first = await page.getByTestId('touch-says').textContent();
  await matrix.hover({ position: { x: 30, y: 200 } });
  await expect.poll(() => page.getByTestId('touch-says').textContent()).not.toBe(first);
  // Once touched it stays where it was put.
  const put = await page.getByTestId('touch-says').textContent();
  await page.waitForTimeout(700);
  expect(await page.getByTestId('touch-says').textContent()).toBe(put);
});

test('from the first screen to a saved figure of an own trained network in under ten presses', async () => {
  presses = 0;
  await press('Train one here and make a figure');
  await press('Start');
  await page.waitForFunction(() => /Step\s*(?:[3-9]|\d\d)/.test(document.body.innerText.replace(/\n/g, ' ')), undefined, {
    timeout: 100_000,
  });
  await press('Stop');
  await press('Merge and prove it');
  await seen(/^Equivalent$/);
  await press('See the matrices');
  await press('See where it looks');
  await press('See what it costs');
  await press('Put it in a figure');
  await page.getByRole('img', { name: /Preview/ }).waitFor({ timeout: 60_000 });
  const figure = await saved('Save SVG');
  expect(presses).toBeLessThan(10);
  expect(figure).toContain('pure-mlp-small-seed1');
  expect(problems).toEqual([]);
});

test('from a dropped .pth to its verdict, its cost and its figure in under six presses', async () => {
  presses = 0;
  await drop(TRAIN_WEIGHTS);
  await press('Merge and prove it');
  await seen(/^Equivalent$/);
  await press('Cost');
  // The file's own network, not another one of its family: 14,632 learnt numbers.
  await seen(/14\s?632/);
  await press('Put it in a figure');
  await page.getByRole('img', { name: /Preview/ }).waitFor({ timeout: 60_000 });
  const figure = await saved('Save SVG');
  expect(presses).toBeLessThan(6);
  expect(figure).toContain('net_tiny_train.pth');
  expect(problems).toEqual([]);
});
