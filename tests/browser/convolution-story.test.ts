// The story of the convolution stage in a real browser: its chapters, own images and saved views, the fold, less motion, and that all of
// it is in sight and accessible at the sizes of a laptop and of a projector.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AxeResults } from 'axe-core';
import { encode } from 'fast-png';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CHAPTERS, ConvolutionPage, eventually, press } from './convolution-page';
import { withStudio } from './studio-in-tests';

const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

let page: Page;
let problems: readonly string[];
let stage: ConvolutionPage;
withStudio((studio) => {
  ({ page, problems } = studio);
  stage = new ConvolutionPage(page);
});
const input = () => stage.input();
const matrix = () => stage.matrix();
const output = () => stage.output();
const says = () => stage.says();
const chapter = (name: string) => stage.chapter(name);

describe('the rest of the story', () => {
  test('padding adds rows, a stride leaves rows out, groups empty blocks', async () => {
    const size = (): Promise<string | null> => page.locator('.matrix-heading small').textContent();
    await chapter('pad');
    await page.getByTestId('chapter-pad-0').click();
    await eventually(size).toMatch(/^16 × 36,/);
    await page.getByTestId('chapter-pad-2').click();
    await eventually(size).toMatch(/^64 × 36,/);
    await chapter('stride');
    await eventually(size).toMatch(/^16 × 49,/);
    await page.getByTestId('chapter-stride-1').click();
    await eventually(size).toMatch(/^49 × 49,/);
    await chapter('groups');
    // 13 + 13 + 13 rows and columns of a 3 x 3 window on 5 x 5: 169 a plane.
    await eventually(size).toBe('50 × 50, 338 of 2500 cells reached');
    await page.getByTestId('chapter-groups-1').click();
    await eventually(size).toBe('50 × 50, 676 of 2500 cells reached');
  });

  test('folding a batch norm changes the weights and not the output', async () => {
    await chapter('batch-norm');
    const numbers = (): Promise<string[]> => output().locator('text').allTextContents();
    const before = await numbers();
    await page.getByTestId('product-1-1').filter({ hasText: '4 × 9' }).waitFor();
    await page.getByTestId('convolution-folded-folded').click();
    await page.getByTestId('product-1-1').filter({ hasText: '2 × 9' }).waitFor();
    expect(await numbers()).toEqual(before);
    expect(await page.getByTestId('convolution-equality').textContent()).toMatch(/^The same output\./);
  });

  test('the parts of a sum are shown one by one, and the FC of the bundled network leaves one matrix', async () => {
    await chapter('kernels');
    await page.getByTestId('part-1').click();
    // A 1 x 1 kernel of weight 2 reaches the diagonal alone.
    await page.locator('.matrix-heading').filter({ hasText: '49 of 2401 cells reached' }).waitFor();
    await chapter('fc');
    await page.getByTestId('part-whole').waitFor({ timeout: 60_000 });
    await page.getByTestId('convolution-equality').filter({ hasText: 'The same output.' }).waitFor();
    await page.locator('.matrix-heading').filter({ hasText: '64 × 64, every cell has a number' }).waitFor();
    await page.getByTestId('part-kernels').click();
    await page
      .locator('.matrix-heading')
      .filter({ hasText: /\d+ of 4096 cells reached/ })
      .waitFor();
  });

  test('the first screen and the palette lead here', async () => {
    await page.getByTestId('rail-home').click();
    await page.getByTestId('door-learn').click();
    await page.locator('main[data-testid=stage-convolution]').waitFor();
    await eventually(() => page.getByTestId('chapter-title').textContent()).toBe('A window position is a row');
    await page.getByTestId('rail-home').click();
    await page.keyboard.press('Control+K');
    await page.keyboard.type('sparse');
    await page.getByRole('option', { name: /Learn why a convolution is a sparse matrix/ }).click();
    await page.locator('main[data-testid=stage-convolution]').waitFor();
  });
});

test('F1 opens the page on the chapter', async () => {
  await chapter('batch-norm');
  await page.keyboard.press('F1');
  await page.locator('[data-testid=help-page][data-page=batch-norm] h1').waitFor();
  await page.keyboard.press('Escape');
  await page.getByTestId('help').waitFor({ state: 'detached' });
});

describe('files', () => {
  let folder: string;
  beforeAll(async () => void (folder = await mkdtemp(join(tmpdir(), 'repmlp-convolution-'))));
  afterAll(() => rm(folder, { recursive: true, force: true }));

  /** Presses a button that asks for a file, and gives it this one. */
  async function choose(button: string, path: string): Promise<void> {
    const asked = page.waitForEvent('filechooser');
    await page.getByTestId(button).click();
    await (await asked).setFiles(path);
  }

  test('an own image becomes the picture, shrunk, and says where it is from; what is none is refused', async () => {
    await chapter('window');
    const path = join(folder, 'half.png');
    // Left half black, right half white: 14 x 14 pixels are averaged down to 7 x 7.
    const data = Uint8Array.from({ length: 14 * 14 }, (_, at) => (at % 14 < 7 ? 0 : 255));
    await writeFile(path, encode({ width: 14, height: 14, channels: 1, depth: 8, data }));
    await choose('convolution-own-picture', path);
    await page.getByTestId('convolution-picture-panel').filter({ hasText: 'half.png, averaged down to 7 × 7' }).waitFor();
    expect((await input().locator('text').allTextContents()).slice(0, 7)).toEqual(['0', '0', '0', '5', '9', '9', '9']);
    await writeFile(join(folder, 'no.png'), 'no picture');
    await choose('convolution-own-picture', join(folder, 'no.png'));
    await page.getByTestId('notice-error').filter({ hasText: 'no.png is no image' }).waitFor();
    await page.getByRole('button', { name: 'Close this message' }).click();
  });

  test('a view that was saved is shown again as it was; another file is refused and changes nothing', async () => {
    await chapter('channels');
    await press(output(), 0, 3, [5, 5]);
    const saving = page.waitForEvent('download');
    await page.getByTestId('save-scene').click();
    const path = join(folder, 'view.json');
    await (await saving).saveAs(path);
    await chapter('pad');
    await choose('open-scene', path);
    await eventually(says).toMatch(/^Row 3, output channel 0 \(0, 3\)/);
    await writeFile(join(folder, 'other.json'), '{"h": 99}');
    await choose('open-scene', join(folder, 'other.json'));
    await page.getByTestId('notice-error').filter({ hasText: 'other.json holds no view of the convolution' }).waitFor();
    await page.getByRole('button', { name: 'Close this message' }).click();
    expect(await says()).toMatch(/^Row 3, output channel 0/);
  });

  test('the view is a figure in the export stage, of the same numbers', async () => {
    await chapter('stride');
    await page.getByTestId('scene-figure').click();
    await page.getByTestId('stage-figure').waitFor();
    await page.locator('[data-testid=figure-convolution][aria-checked=true]').waitFor();
    await page
      .getByText(/stride 2, as a matrix of 16 rows .* and 49 columns/)
      .first()
      .waitFor({ timeout: 60_000 });
  });
});

describe('the fold', () => {
  test('unrolls by play and by hand, and its text says where the cell is', async () => {
    await chapter('fold');
    const text = (): Promise<string | null> => page.getByTestId('fold-says').textContent();
    await page.getByTestId('fold-solid').waitFor();
    await eventually(text).toMatch(/^Folded: the tensor \(2, 4, 4, 2, 4, 4\), a map for each of 32 outputs\. Cell \(o 0, i 1, j 2,/);
    await page.getByText('j: output column').waitFor();
    await page.getByTestId('fold-slider').fill('1');
    await eventually(text).toMatch(/^Unrolled: the matrix of 32 rows and 32 columns\./);
    await page.getByText('column (c, a, b)', { exact: true }).waitFor();
    await page.getByTestId('fold-play').click();
    await eventually(text).toMatch(/^Folded/);
  });

  test('without WebGL it is drawn flat, and that is said', async () => {
    await page.addInitScript(() => {
      const own = Object.getOwnPropertyDescriptor(HTMLCanvasElement.prototype, 'getContext')?.value as (...all: unknown[]) => unknown;
      HTMLCanvasElement.prototype.getContext = function (this: HTMLCanvasElement, ...all: unknown[]) {
        return sessionStorage.getItem('no-webgl') && String(all[0]).startsWith('webgl') ? null : own.apply(this, all);
      } as typeof HTMLCanvasElement.prototype.getContext;
    });
    await page.evaluate(() => sessionStorage.setItem('no-webgl', 'yes'));
    await page.reload();
    await chapter('fold');
    await page.getByTestId('fold-flat').waitFor();
    await page.getByText('WebGL cannot be had here: the fold is drawn flat.').waitFor();
    // Cells are there: more than the ground and the dots.
    const colours = await page.getByTestId('fold-flat').evaluate((canvas: HTMLCanvasElement) => {
      const { data } = canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height) ?? { data: [] };
      return new Set(Array.from({ length: data.length / 4 }, (_, k) => `${data[4 * k]} ${data[4 * k + 1]} ${data[4 * k + 2]}`)).size;
    });
    expect(colours).toBeGreaterThan(5);
    await page.evaluate(() => sessionStorage.removeItem('no-webgl'));
    await page.reload();
  });
});

test('where less motion is asked for, playing is one step', async () => {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await chapter('window');
  await matrix().focus();
  await page.keyboard.press('Home');
  await page.getByTestId('convolution-play').click();
  await eventually(says).toMatch(/^Row 1,/);
  await page.waitForTimeout(1200);
  expect(await says()).toMatch(/^Row 1,/);
  await page.emulateMedia({ reducedMotion: null });
});

test('a reload comes back to what was shown', async () => {
  await chapter('channels');
  await press(output(), 0, 4, [5, 5]);
  await eventually(says).toMatch(/^Row 4, output channel 0 \(0, 4\)/);
  await page.reload();
  await eventually(says).toMatch(/^Row 4, output channel 0 \(0, 4\)/);
});

test.each([
  [1280, 800],
  [1024, 768],
])('the sentence on what is followed is in sight in every chapter at %d x %d, and the matrix is no stamp', async (width, height) => {
  await page.setViewportSize({ width, height });
  const wrong: string[] = [];
  for (const name of CHAPTERS) {
    await chapter(name);
    const matrixPicture = name === 'fold' ? page.getByTestId('convolution-fold') : matrix();
    await matrixPicture.waitFor();
    const { below, side } = await matrixPicture.evaluate((picture) => ({
      below:
        (document.querySelector('[data-testid=convolution-says]')?.getBoundingClientRect().bottom ?? Number.NaN) -
        (document.querySelector('main')?.getBoundingClientRect().bottom ?? 0),
      side: picture.getBoundingClientRect().width,
    }));
    if (!(below <= 0)) wrong.push(`${name}: ${Math.round(below)} pixels below`);
    if (side < 200) wrong.push(`${name}: the matrix is ${Math.round(side)} pixels wide`);
  }
  expect(wrong).toEqual([]);
});

describe.each(['light', 'dark'])('in the %s theme', (theme) => {
  test('axe finds nothing in any chapter, at 1280x800 and at 1024x768 nothing is wider than its place', async () => {
    while ((await page.evaluate(() => document.documentElement.dataset.theme)) !== theme) await page.getByTestId('rail-theme').click();
    await page.evaluate(await readFile(AXE, 'utf8'));
    const found: string[] = [];
    for (const name of CHAPTERS) {
      await chapter(name);
      const { violations } = (await page.evaluate('axe.run()')) as AxeResults;
      found.push(
        ...violations.flatMap(({ id, nodes }) =>
          nodes.map(({ target, any }) => `${name}, ${id}: ${target.join(' ')}: ${any.map(({ message }) => message).join('; ')}`),
        ),
      );
      for (const width of [1024, 1280]) {
        await page.setViewportSize({ width, height: width === 1024 ? 768 : 800 });
        const wider = await page.locator('.stage-body').evaluate((body) => body.scrollWidth - body.clientWidth);
        if (wider > 0) found.push(`${name}: ${wider} pixels wider than its place at ${width}`);
      }
    }
    expect(found).toEqual([]);
  });
});

test('nothing complains but three.js, of the WebGL that was taken away', () => {
  expect(problems.filter((problem) => !/WebGL/.test(problem))).toEqual([]);
});
