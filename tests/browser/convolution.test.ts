// The stage "a convolution is a sparse matrix" in a real browser: each of its three pictures moves the other two, by mouse and by
// keyboard; its numbers follow what is changed; it is read out, plays, folds, and does without motion and without WebGL.
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { AxeResults } from 'axe-core';
import type { Locator, Page } from 'playwright-core';
import { beforeEach, describe, expect, test } from 'vitest';
import { withStudio } from './studio-in-tests';

const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
const CHAPTERS = ['window', 'weight', 'pixel', 'pad', 'stride', 'channels', 'groups', 'kernels', 'batch-norm', 'fc', 'fold'];

let page: Page;
let problems: readonly string[];
withStudio((studio) => ({ page, problems } = studio));

/** Asked again until it holds: a busy machine is slow to draw. */
const eventually = <T>(read: () => Promise<T>) => expect.poll(read, { timeout: 30_000 });

const input = (): Locator => page.getByTestId('convolution-input-0');
const matrix = (): Locator => page.getByTestId('convolution-matrix');
const output = (): Locator => page.getByTestId('convolution-output-0');
const says = (): Promise<string | null> => page.getByTestId('convolution-says').textContent();

async function chapter(name: string): Promise<void> {
  await page.getByTestId('rail-convolution').click();
  await page.getByTestId(`chapter-${name}`).click();
  await page.locator(`[data-testid=chapter-${name}][aria-current=step]`).waitFor();
  await page.getByTestId('convolution-says').waitFor({ timeout: 60_000 });
}

/** Presses a cell of a picture of `rows` x `columns` cells, those around it among them. */
async function press(picture: Locator, row: number, column: number, [rows, columns]: readonly [number, number]): Promise<void> {
  const box = await picture.boundingBox();
  if (!box) throw new Error('the picture is not shown');
  await picture.click({ position: { x: ((column + 0.5) / columns) * box.width, y: ((row + 0.5) / rows) * box.height } });
}

/** The outlines over a picture as [x, y, width, height] in cells. */
function boxes(picture: Locator): Promise<number[][]> {
  return picture
    .locator('rect.mark-line')
    .evaluateAll((all) => all.map((one) => ['x', 'y', 'width', 'height'].map((name) => Number(one.getAttribute(name)))));
}

/** Left upper corner of the only marked cell of a picture that is marked by a path. */
async function markedCell(picture: Locator): Promise<string | undefined> {
  return /^M(\d+ \d+)/.exec((await picture.locator('path.mark-line').first().getAttribute('d')) ?? '')?.[1];
}

describe('window, row and output', () => {
  beforeEach(() => chapter('window'));

  test('a press on the input moves the row and the place in the output', async () => {
    // The picture has one row of zeros around its 7 x 7 pixels.
    await press(input(), 1 + 4, 1 + 2, [9, 9]);
    await eventually(() => boxes(matrix())).toEqual([[0, 30, 49, 1]]);
    expect(await boxes(output())).toEqual([[2, 4, 1, 1]]);
    expect(await boxes(input())).toEqual([[1, 3, 3, 3]]);
    expect(await says()).toMatch(/^Row 30, output \(4, 2\): reads 9 pixels\./);
  });

  test('a press on a row moves the window and the place in the output', async () => {
    await press(matrix(), 0, 20, [49, 49]);
    await eventually(() => boxes(input())).toEqual([[-1, -1, 3, 3]]);
    expect(await boxes(output())).toEqual([[0, 0, 1, 1]]);
    expect(await says()).toMatch(/reads 4 pixels, 5 of the window outside/);
    expect(await page.locator('.product.outside').count()).toBe(5);
  });

  test('a press on the output moves the window and the row', async () => {
    await press(output(), 6, 3, [7, 7]);
    await eventually(() => boxes(input())).toEqual([[2, 5, 3, 3]]);
    expect(await boxes(matrix())).toEqual([[0, 45, 49, 1]]);
  });

  test('dragging moves it along', async () => {
    const box = await input().boundingBox();
    if (!box) throw new Error('no input');
    const at = (cell: number): number => ((cell + 1.5) / 9) * box.width;
    await page.mouse.move(box.x + at(1), box.y + at(1));
    await page.mouse.down();
    await page.mouse.move(box.x + at(5), box.y + at(5), { steps: 4 });
    await page.mouse.up();
    await eventually(() => boxes(output())).toEqual([[5, 5, 1, 1]]);
  });
});

describe('by the keyboard', () => {
  test('arrows, Home and End move what is followed in each of the three, and it is read out', async () => {
    await chapter('window');
    await matrix().focus();
    await page.keyboard.press('Home');
    await eventually(says).toMatch(/^Row 0,/);
    await page.keyboard.press('ArrowDown');
    await eventually(says).toMatch(/^Row 1, output \(0, 1\)/);
    await input().focus();
    await page.keyboard.press('ArrowDown');
    await eventually(says).toMatch(/^Row 8, output \(1, 1\)/);
    await output().focus();
    await page.keyboard.press('ArrowRight');
    await eventually(says).toMatch(/^Row 9, output \(1, 2\)/);
    await page.keyboard.press('End');
    await eventually(says).toMatch(/^Row 48,/);
    const live = page.getByTestId('convolution-says');
    expect([await live.getAttribute('role'), await live.getAttribute('aria-live')]).toEqual(['status', 'polite']);
  });

  test('every control of the stage is reached by Tab, the pictures among them', async () => {
    await chapter('window');
    await page.getByTestId('chapter-window').focus();
    const seen = new Set<string>();
    for (let k = 0; k < 60; k++) {
      await page.keyboard.press('Tab');
      seen.add(await page.evaluate(() => (document.activeElement as HTMLElement | null)?.dataset.testid ?? ''));
    }
    for (const id of [
      'convolution-input-0',
      'weight-0-0-1-1',
      'convolution-matrix',
      'convolution-play',
      'convolution-scrub',
      'convolution-output-0',
    ])
      expect([...seen]).toContain(id);
  });

  test('letters step and play, and turn to the next chapter', async () => {
    await chapter('window');
    await matrix().focus();
    await page.keyboard.press('Home');
    await page.keyboard.press('l');
    await eventually(says).toMatch(/^Row 1,/);
    await page.keyboard.press('j');
    await eventually(says).toMatch(/^Row 0,/);
    await page.keyboard.press('k');
    await eventually(says).toMatch(/^Row [2-9],/);
    await page.keyboard.press('k');
    const put = await says();
    await page.waitForTimeout(1200);
    expect(await says()).toBe(put);
    await page.keyboard.press('Shift+L');
    await eventually(() => page.getByTestId('chapter-title').textContent()).toBe('A weight of the kernel is a set of diagonals');
  });
});

describe('weights and pixels', () => {
  test('a weight that gets the focus lights up its diagonals, and a press on a diagonal finds its weight', async () => {
    await chapter('weight');
    await page.getByTestId('weight-0-0-1-1').focus();
    await eventually(says).toMatch(/^Weight \(1, 1\), 5: 49 cells/);
    // The middle weight stands on the main diagonal.
    expect(await markedCell(matrix())).toBe('0 0');
    await press(matrix(), 0, 8, [49, 49]);
    await eventually(says).toMatch(/^Weight \(2, 2\), 9: 36 cells/);
    expect(await page.locator('.weight.ringed').getAttribute('data-testid')).toBe('weight-0-0-2-2');
  });

  test('a pixel is a column, and goes to the outputs about it', async () => {
    await chapter('pixel');
    await press(input(), 1, 1, [9, 9]);
    await eventually(() => boxes(matrix())).toEqual([[0, 0, 1, 49]]);
    expect(await says()).toMatch(/^Column 0, pixel \(0, 0\), 0: read by 4 outputs/);
    await matrix().focus();
    await page.keyboard.press('ArrowRight');
    await eventually(() => boxes(matrix())).toEqual([[1, 0, 1, 49]]);
    expect(await says()).toMatch(/read by 6 outputs/);
  });

  test('a changed weight changes every output through it: typed, and dragged', async () => {
    await chapter('window');
    await press(output(), 2, 1, [7, 7]);
    // 4 times the pixel 9 less its neighbours 4, 1, 3 and 8.
    await eventually(says).toMatch(/Value 20\.$/);
    await page.getByTestId('weight-0-0-1-1').fill('5');
    await eventually(says).toMatch(/Value 29\.$/);
    const box = await page.getByTestId('weight-0-0-1-1').boundingBox();
    if (!box) throw new Error('no weight');
    await page.mouse.move(box.x + 10, box.y + 10);
    await page.mouse.down();
    await page.mouse.move(box.x + 10, box.y + 10 - 16, { steps: 4 });
    await page.mouse.up();
    // Two steps of one half.
    await eventually(says).toMatch(/Value 38\.$/);
    expect(await page.getByTestId('convolution-sum').textContent()).toContain('38');
  });

  test('a painted pixel changes what reads it, by mouse and by a digit', async () => {
    await chapter('window');
    await page.getByTestId('convolution-tool-paint').click();
    await press(input(), 1 + 3, 1 + 3, [9, 9]);
    await eventually(says).toMatch(/^Column 24, pixel \(3, 3\), 9:/);
    await page.keyboard.press('7');
    await eventually(says).toMatch(/^Column 24, pixel \(3, 3\), 7:/);
    await page.getByTestId('convolution-follow-window').click();
    // 4 times 7, less four neighbours that are 0.
    await eventually(says).toMatch(/^Row 24.*Value 28\.$/);
    await page.getByTestId('convolution-tool-follow').click();
  });

  test('what makes no convolution is refused by its field, and nothing changes', async () => {
    await chapter('window');
    await page.getByTestId('convolution-groups').fill('2');
    await page.getByTestId('convolution-groups').blur();
    await page.getByText(/1 is kept: groups must divide 1 input and 1 output channels/).waitFor();
    expect(await says()).toMatch(/^Row 15,/);
  });
});

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

describe.each(['light', 'dark'])('in the %s theme', (theme) => {
  test('the sentence on what is followed is in sight in every chapter at 1280 x 800', async () => {
    await page.setViewportSize({ width: 1280, height: 800 });
    const below: string[] = [];
    for (const name of CHAPTERS.filter((one) => one !== 'fold')) {
      await chapter(name);
      const { bottom, end } = await page.getByTestId('convolution-says').evaluate((says) => ({
        bottom: says.getBoundingClientRect().bottom,
        end: document.querySelector('main')?.getBoundingClientRect().bottom ?? 0,
      }));
      if (bottom > end) below.push(`${name}: ${Math.round(bottom - end)} pixels below`);
    }
    expect(below).toEqual([]);
  });

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
