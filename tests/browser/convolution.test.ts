// The stage "a convolution is a sparse matrix" in a real browser: each of its three pictures moves the other two, by mouse, touch and
// keyboard, and its numbers follow what is changed.
import type { Locator, Page } from 'playwright-core';
import { beforeEach, describe, expect, test } from 'vitest';
import { boxes, ConvolutionPage, eventually, press } from './convolution-page';
import { withStudio } from './studio-in-tests';

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

describe('by touch', () => {
  test('a finger that is drawn over any of the three moves the other two, and a tap does', async () => {
    await chapter('window');
    // The picture has one row of zeros around its 7 x 7 pixels.
    await stage.touch(input(), [9, 9], [2, 2], [5, 3]);
    await eventually(() => boxes(output())).toEqual([[2, 4, 1, 1]]);
    expect(await boxes(matrix())).toEqual([[0, 4 * 7 + 2, 49, 1]]);
    await stage.touch(output(), [7, 7], [0, 0], [6, 5]);
    await eventually(() => boxes(input())).toEqual([[4, 5, 3, 3]]);
    await stage.touch(matrix(), [49, 49], [40, 20], [8, 20]);
    await eventually(() => boxes(output())).toEqual([[1, 1, 1, 1]]);
    const tapped = [3, 3] as const;
    await stage.touch(output(), [7, 7], tapped, tapped);
    await eventually(says).toMatch(/^Row 24,/);
  });

  test('a finger paints', async () => {
    await page.getByTestId('convolution-tool-paint').click();
    await page.getByTestId('convolution-ink').fill('9');
    await stage.touch(input(), [9, 9], [4, 3], [4, 5]);
    await eventually(says).toMatch(/^Column 25, pixel \(3, 4\), 9:/);
    await page.getByTestId('convolution-tool-follow').click();
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

test('the page had no errors of its own', () => {
  expect(problems).toEqual([]);
});
