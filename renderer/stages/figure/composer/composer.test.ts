// The composer in a real browser: panels from any figure, moved by drag and by keys, undone, and opened again from the file; and a
// film that plays for as long as it says.
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { AxeResults } from 'axe-core';
import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { withStudio } from '../../../../tests/browser/studio-in-tests';

const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

let page: Page;
let problems: readonly string[];

withStudio((studio) => {
  ({ page, problems } = studio);
});

const headings = () => page.locator('.composer-grip strong').allTextContents();
const panel = (at: number) => page.getByTestId(`panel-${at}`);

async function saved(testId: string): Promise<string> {
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByTestId(testId).click()]);
  return download.path();
}

describe('the composer', () => {
  test('takes panels of the figure that is shown and of any kind', async () => {
    await page.getByTestId('rail-figure').click();
    await page.getByTestId('figure-matrices').click();
    await page.getByTestId('add-to-composed').click();
    await page.getByTestId('figure-composed').click();
    await page.getByTestId('add-panel').selectOption('position-maps');
    await page.getByTestId('add-panel').selectOption('figure5');
    expect(await headings()).toEqual(['(a) FC3 before, added, after', '(b) Position maps', '(c) Figure 5 of the paper']);
    await page.getByTestId('figure-preview').waitFor();
  });

  test('moves a panel by the arrow keys, says where it is, and keeps the focus on it', async () => {
    await panel(2).getByRole('button').first().focus();
    await page.keyboard.press('ArrowLeft');
    await page.getByTestId('composer-said').filter({ hasText: 'Now (b): row 1, column 2.' }).waitFor();
    await page.keyboard.press('ArrowLeft');
    expect(await headings()).toEqual(['(a) Figure 5 of the paper', '(b) FC3 before, added, after', '(c) Position maps']);
    expect(
      await panel(0)
        .getByRole('button')
        .first()
        .evaluate((element) => element === document.activeElement),
    ).toBe(true);
  });

  test('drags a panel to another place, and takes that back', async () => {
    const target = await panel(2).boundingBox();
    await panel(0).dragTo(panel(2), { targetPosition: { x: (target?.width ?? 10) - 4, y: 10 } });
    const dragged = ['(a) FC3 before, added, after', '(b) Position maps', '(c) Figure 5 of the paper'];
    await expect.poll(headings).toEqual(dragged);
    await page.keyboard.press('Control+z');
    await expect.poll(headings).toEqual(['(a) Figure 5 of the paper', '(b) FC3 before, added, after', '(c) Position maps']);
    await page.keyboard.press('Control+Shift+Z');
    await expect.poll(headings).toEqual(dragged);
  });

  test('has no fault that axe finds', async () => {
    await page.evaluate(await readFile(AXE, 'utf8'));
    const { violations } = (await page.evaluate('axe.run()')) as AxeResults;
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0].html}`)).toEqual([]);
  });

  test('saves one file, which opens again as it was', async () => {
    await page.getByTestId('figure-preview').waitFor();
    const content = (await readFile(await saved('save-figure'))).toString('base64');
    await page.getByRole('button', { name: 'Take panel (b) away' }).click();
    await expect.poll(headings).toHaveLength(2);
    await page.evaluate((base64) => {
      const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
      const dropped = new DataTransfer();
      dropped.items.add(new File([bytes], 'composed.svg', { type: 'image/svg+xml' }));
      window.dispatchEvent(new DragEvent('drop', { dataTransfer: dropped, bubbles: true }));
    }, content);
    await expect
      .poll(headings, { timeout: 20_000 })
      .toEqual(['(a) FC3 before, added, after', '(b) Position maps', '(c) Figure 5 of the paper']);
  });
});

describe('a film', () => {
  test('of the merge steps plays in the size and length that are said, and ends in its last picture', async () => {
    await page.getByTestId('figure-merge-equation').click();
    await page.getByTestId('film-seconds').fill('3');
    await page.getByTestId('film-width').fill('640');
    await page.keyboard.press('Enter');
    const path = await saved('film-make');
    const made = await page.getByTestId('film-made').textContent();
    const [, pictures, width, height] = /Saved: (\d+) pictures of (\d+) x (\d+) pixels, 3 s/.exec(made ?? '') ?? [];
    // The studio's own pages play no video: its rules leave it out.
    const player = await page.context().newPage();
    await player.route('http://film.test/', (route) => route.fulfill({ contentType: 'text/html', body: '<title>film</title>' }));
    await player.goto('http://film.test/');
    const film = await player.evaluate(played, (await readFile(path)).toString('base64'));
    await player.close();
    expect(Number(pictures)).toBeGreaterThan(2);
    expect(film).toMatchObject({ duration: 3, width: Number(width) });
    expect(Math.abs(film.height - Number(height))).toBeLessThanOrEqual(1);
    // Paper is white, and the first and the last step are no one picture.
    expect(Math.min(...film.corner)).toBeGreaterThan(245);
    expect(film.differ).toBeGreaterThan(100);
  });

  test('is saved as GIF, APNG and flip-book too, each with its size in words, and the figure for all blocks as an archive', async () => {
    await page.getByTestId('film-width').fill('320');
    for (const [format, start, words] of [
      ['gif', 'GIF89a', /^Saved: \d+ frames, 320 x \d+ pixels, [\d.]+ s\.$/],
      ['apng', '\x89PNG', /^Saved: \d+ frames, 320 x \d+ pixels, [\d.]+ s\.$/],
      ['pdf', '%PDF', /^Saved: \d+ pages, [\d.]+ x [\d.]+ mm\.$/],
    ] as const) {
      await page.getByTestId('film-format').selectOption(format);
      const path = await saved('film-make');
      expect((await readFile(path)).toString('latin1', 0, start.length)).toBe(start);
      await expect.poll(() => page.getByTestId('film-made').textContent()).toMatch(words);
    }
    await page.getByTestId('film-format').selectOption('webm');
    const archive = await saved('batch-make');
    expect((await readFile(archive)).toString('latin1', 0, 2)).toBe('PK');
    await expect.poll(() => page.getByTestId('batch-made').textContent()).toMatch(/^Saved: \d+ figures?\.$/);
  });

  test('that is cancelled leaves nothing', async () => {
    await page.getByTestId('film-make').click();
    await page.getByTestId('film-cancel').click();
    await page.getByTestId('film-make').waitFor();
    expect(await page.getByTestId('film-made').count()).toBe(0);
  });

  test('went through all this without an error of the page', () => expect(problems).toEqual([]));
});

/** In the page: loads a film, and looks at its first and last picture. */
async function played(base64: string) {
  const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  const video = document.createElement('video');
  video.muted = true;
  video.src = URL.createObjectURL(new Blob([bytes], { type: 'video/webm' }));
  await new Promise((resolve, reject) => {
    video.addEventListener('loadeddata', resolve);
    video.addEventListener('error', () => reject(new Error(video.error?.message ?? 'the film does not load')));
  });
  const canvas = new OffscreenCanvas(video.videoWidth, video.videoHeight);
  const context = canvas.getContext('2d');
  if (context === null) throw new Error('no canvas');
  const pixelsAt = async (time: number): Promise<Uint8ClampedArray> => {
    const there = new Promise((resolve) => video.addEventListener('seeked', resolve, { once: true }));
    video.currentTime = time;
    await there;
    context.drawImage(video, 0, 0);
    return context.getImageData(0, 0, canvas.width, canvas.height).data;
  };
  const first = await pixelsAt(0.01);
  const last = await pixelsAt(video.duration - 0.05);
  let differ = 0;
  for (let i = 0; i < first.length; i += 4) if (Math.abs(first[i] - last[i]) > 60) differ++;
  return {
    duration: Math.round(video.duration * 1000) / 1000,
    width: video.videoWidth,
    height: video.videoHeight,
    corner: [...first.slice(0, 3)],
    differ,
  };
}
