// The explorer in a real Chromium, on a block whose values are known: pointer, keys, layouts and panels.
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { build } from 'esbuild';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { launchChromium } from '../../../tests/browser/chromium';

let browser: Browser;
let server: Server;
let page: Page;
const problems: string[] = [];

/** Page, style and worker by URL path; the page lies two folders deep, so that the worker's relative address fits. */
async function bundle(): Promise<Map<string, string>> {
  const common = { bundle: true, format: 'esm', write: false, alias: { '@shared': './src-shared' }, jsx: 'automatic' } as const;
  const [view, worker] = await Promise.all([
    build({ ...common, entryPoints: ['testing/matrix-picture/explorer-page.tsx'], outdir: 'a/b' }),
    build({ ...common, entryPoints: ['renderer/workers/matrix/matrix.worker.ts'] }),
  ]);
  const files = new Map(view.outputFiles.map(({ path, text }) => [path.endsWith('.css') ? '/a/b/page.css' : '/a/b/page.js', text]));
  return files.set('/workers/matrix/matrix.worker.ts', worker.outputFiles[0].text);
}

const html = `<!doctype html><link rel="stylesheet" href="/a/b/page.css"><div id="root"></div><script type="module" src="/a/b/page.js"></script>`;

beforeAll(async () => {
  const files = await bundle();
  server = createServer(({ url = '' }, response) => {
    const type = url.endsWith('.css') ? 'text/css' : files.has(url) ? 'text/javascript' : 'text/html';
    response.writeHead(200, { 'Content-Type': type }).end(files.get(url) ?? html);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  browser = await launchChromium();
});

beforeEach(async () => {
  await page?.close();
  page = await browser.newPage({ viewport: { width: 1000, height: 700 } });
  page.on('pageerror', (error) => problems.push(String(error)));
  await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  await page.waitForSelector('.pane-after');
  await textBecomes('pooling-text', /Every cell|Each dot/);
});

afterAll(async () => {
  await browser?.close();
  server?.close();
});

/** Waits until an element's text matches; fails with what it says after all. */
async function textBecomes(testId: string, pattern: RegExp): Promise<void> {
  await expect.poll(() => page.getByTestId(testId).textContent(), { timeout: 20_000 }).toMatch(pattern);
}

async function focusPanes(): Promise<void> {
  await page.locator('.matrix-canvas').focus();
}

/** Pixels above the panes in the colour of lit cells. */
function litPixels(): Promise<number> {
  return page.locator('canvas.overlay').evaluate((canvas: HTMLCanvasElement) => {
    const data = canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height).data ?? [];
    let count = 0;
    for (let k = 0; k < data.length; k += 4) if (data[k] === 255 && data[k + 1] === 212 && data[k + 2] === 0) count++;
    return count;
  });
}

/** Maps of the panel that wait for their values. */
function greyMaps(): Promise<number> {
  return page.getByTestId('panel-maps').evaluate((panel) => {
    const waits = (canvas: HTMLCanvasElement): boolean =>
      canvas
        .getContext('2d')
        ?.getImageData(0, 0, canvas.width, canvas.height)
        .data.every((byte, k) => byte === (k % 4 === 3 ? 255 : 128)) ?? true;
    return [...panel.querySelectorAll('canvas')].filter(waits).length;
  });
}

/** Counts the small pictures drawn from now on; returns how to read the count. */
async function countPictures(): Promise<() => Promise<number>> {
  const drawn = await page.evaluateHandle(() => {
    const count = { pictures: 0 };
    const original = CanvasRenderingContext2D.prototype.putImageData as (image: ImageData, x: number, y: number) => void;
    CanvasRenderingContext2D.prototype.putImageData = function (this: CanvasRenderingContext2D, image: ImageData, x: number, y: number) {
      count.pictures++;
      original.call(this, image, x, y);
    };
    return count;
  });
  return () => drawn.evaluate(({ pictures }) => pictures);
}

describe('the matrix explorer', () => {
  it('tells row, column, meaning and the three values under the pointer', async () => {
    const pane = await page.getByTestId('pane-after').boundingBox();
    await page.mouse.move((pane?.x ?? 0) + (pane?.width ?? 0) / 2 + 2, (pane?.y ?? 0) + (pane?.height ?? 0) / 2 + 2);
    await textBecomes('cell-readout', /row 32group 1, output channel 2, y 0, x 0/);
    await textBecomes('cell-readout', /column 16from input channel 3, y 0, x 0/);
    await textBecomes('cell-before', /^32\.0160$/);
    // (o 2, i 0, j 0) reads (c 1, a 0, b 0) through the kernel's centre, 111.
    await textBecomes('cell-added', /^111\.000$/);
    await textBecomes('cell-after', /^143\.016$/);
  });

  it('moves the cell cursor by cells, map rows and maps, and to the ends', async () => {
    await focusPanes();
    await page.keyboard.press('ArrowRight');
    await textBecomes('cell-readout', /row 0.*column 1from/);
    await page.keyboard.press('Shift+ArrowDown');
    await textBecomes('cell-readout', /row 4group 0, output channel 0, y 1, x 0/);
    await page.keyboard.press('Control+ArrowDown');
    await textBecomes('cell-readout', /row 20group 0, output channel 1, y 1, x 0/);
    await page.keyboard.press('Control+End');
    await textBecomes('cell-readout', /row 63.*column 31from/);
    await page.keyboard.press('Home');
    await textBecomes('cell-readout', /row 63.*column 0from/);
    expect(await page.getByTestId('cell-readout').getAttribute('aria-live')).toBe('polite');
    // The largest sum: K[2, 2] = 122 where it reaches furthest down, from (3, 3) to (2, 2) of the last channels.
    await page.keyboard.press('m');
    await textBecomes('cell-after', /^180\.031$/);
  });

  it('leaves the cursor where the keys put it when the panes move under a resting mouse, or away from it', async () => {
    await focusPanes();
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowDown');
    await textBecomes('cell-readout', /row 1g.*column 1from/);
    // As browsers tell of it: events without a movement.
    await page.locator('.matrix-canvas').evaluate((canvas) => {
      const { left, top, width, height } = canvas.getBoundingClientRect();
      const at = { bubbles: true, pointerType: 'mouse', clientX: left + width * 0.7, clientY: top + height * 0.7 };
      canvas.dispatchEvent(new PointerEvent('pointermove', at));
      canvas.dispatchEvent(new PointerEvent('pointerout', { ...at, relatedTarget: document.body }));
    });
    await page.keyboard.press('ArrowRight');
    await textBecomes('cell-readout', /row 1g.*column 2from/);
  });

  it('keeps a cell meaning the same weight in the map of maps', async () => {
    await page.getByTestId('matrices-layout').selectOption('gridOfGrids');
    await focusPanes();
    // Picture row (o, i, a) = (0, 1, 2), column (c, j, b) = (0, 0, 0): stored row 4, column 8.
    for (let n = 0; n < 6; n++) await page.keyboard.press('ArrowDown');
    await textBecomes('cell-readout', /row 4group 0, output channel 0, y 1, x 0column 8from input channel 0, y 2, x 0/);
    await textBecomes('cell-before', /^4\.00800$/);
  });

  it('says that a cell of another group holds no weight', async () => {
    await page.getByTestId('matrices-layout').selectOption('blockDiagonal');
    await focusPanes();
    await page.keyboard.press('End');
    await textBecomes('cell-readout', /No weight here/);
  });

  it('lights up the diagonals of a kernel weight', async () => {
    await page.getByTestId('matrices-panel-kernel').click();
    const kernel = page.getByTestId('panel-kernel').locator('canvas');
    await expect.poll(() => kernel.count()).toBe(1);
    expect(await litPixels()).toBe(0);
    await kernel.click({ position: { x: 66, y: 20 } });
    await textBecomes('lit-text', /Weight \[0, 1\] = 101\.000 stands in 12 cells/);
    // No cell was pinned or pointed at: the diagonals of the kernel that the panel shows.
    await expect.poll(litPixels).toBeGreaterThan(100);
  });

  it('zooms with the wheel and leaves the page where it is', async () => {
    await page.addStyleTag({
      content: 'html, body, #root { height: auto !important; overflow: visible !important } body { min-height: 3000px }',
    });
    const pane = await page.getByTestId('pane-after').boundingBox();
    await page.mouse.move((pane?.x ?? 0) + 50, (pane?.y ?? 0) + 50);
    await page.mouse.wheel(0, 300);
    await page.mouse.move(2, 695);
    await page.mouse.wheel(0, 200);
    await expect.poll(() => page.evaluate(() => window.scrollY)).toBe(200);
  });

  it('lights up a kernel weight from the keyboard as well', async () => {
    await page.getByTestId('matrices-panel-kernel').click();
    await page.getByTestId('panel-kernel').getByRole('img').focus();
    // From the middle of 3 x 3.
    for (const key of ['ArrowUp', 'ArrowRight', 'Enter']) await page.keyboard.press(key);
    await textBecomes('lit-text', /Weight \[0, 2\] = 102\.000 stands in 9 cells/);
  });

  it('draws the maps of the picked cell for another cell only, not with every frame of the matrices', async () => {
    await page.waitForSelector('.legend-counts');
    await expect.poll(greyMaps).toBe(0);
    const readDrawn = await countPictures();
    await focusPanes();
    for (let n = 0; n < 4; n++) await page.keyboard.press('+');
    await textBecomes('pooling-text', /^Every cell is shown$/);
    expect(await readDrawn()).toBe(0);
    // The input map of the next channel in three matrices, and its fan-out.
    await page.keyboard.press('Control+ArrowRight');
    await expect.poll(readDrawn).toBe(6);
  });

  it('confirms that figure 5 property on this block', async () => {
    await page.getByTestId('matrices-panel-figure5').click();
    await textBecomes('figure5-property', /one constant, as printed in the paper/);
  });

  it('moves the diagonals of the lesson at once when a kernel weight changes', async () => {
    await page.getByTestId('matrices-panel-lesson').click();
    await textBecomes('lesson-filled', /^156 of 1296/);
    await page.getByTestId('lesson-0-0').fill('2');
    await textBecomes('lesson-filled', /^181 of 1296/);
  });

  it('compares in one pane with a slider that the keyboard moves', async () => {
    await page.getByTestId('matrices-mode-split').click();
    const width = async (): Promise<number> => (await page.getByTestId('pane-before').boundingBox())?.width ?? 0;
    // In its new mode the pane has the width of the handle's place.
    await page.getByTestId('split-handle').focus();
    const before = await width();
    await page.keyboard.press('ArrowLeft');
    await expect.poll(width).toBeLessThan(before);
  });

  it('draws on the CPU where there is no WebGL2, and says so', async () => {
    await page.addInitScript(() => {
      const original = HTMLCanvasElement.prototype.getContext as (kind: string) => RenderingContext | null;
      const without = function (this: HTMLCanvasElement, kind: string): RenderingContext | null {
        return kind.startsWith('webgl') ? null : original.call(this, kind);
      };
      Object.assign(HTMLCanvasElement.prototype, { getContext: without });
    });
    await page.reload();
    await textBecomes('pooling-text', /drawn on the CPU: no WebGL2 here/);
    expect((await page.getByTestId('pane-after').boundingBox())?.height).toBeGreaterThan(200);
    const colours = (): Promise<number> =>
      page.evaluate(() => {
        const { width, height } = document.querySelector('canvas') as HTMLCanvasElement;
        const image = document.querySelector('canvas')?.getContext('2d')?.getImageData(0, 0, width, height);
        return new Set(new Uint32Array(image?.data.buffer ?? new ArrayBuffer(0))).size;
      });
    await expect.poll(colours, { timeout: 20_000 }).toBeGreaterThan(20);
    await textBecomes('pooling-text', /^Every cell is shown/);
  });

  it('raises no errors on the way', () => {
    expect(problems).toEqual([]);
  });
});
