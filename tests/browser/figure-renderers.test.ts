// Cells of figures in two more renderers: Chromium draws the SVG, pdf.js the PDF, at three resolutions; and text of an SVG is
// set in the font it brings, whatever fonts there are.
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type * as Pdfjs from 'pdfjs-dist';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encodeFigure } from '@shared/figure/encode/encode';
import { textAt, type DisplayList } from '@shared/figure/page/display-list';
import { faceWidth } from '@shared/figure/page/font-metrics';
import { figureAsset } from '../../electron/app/figure/font-files';
import { CELL_SHEETS, differingCells, type Pixels } from '../../testing/figure/cell-sheets';
import { launchChromium } from './chromium';

let browser: Browser;
let page: Page;
const DPI = [150, 300, 600] as const;
const ORIGIN = 'https://figures.test';

beforeAll(async () => {
  browser = await launchChromium();
  page = await browser.newPage();
  // Nothing leaves the machine: the address is answered here.
  await page.route(`${ORIGIN}/**`, async (route) => {
    const name = new URL(route.request().url()).pathname.slice(1);
    if (name === '') return route.fulfill({ contentType: 'text/html', body: '<!doctype html><canvas></canvas>' });
    const body = await readFile(createRequire(import.meta.url).resolve(`pdfjs-dist/build/${name}`));
    return route.fulfill({ contentType: 'text/javascript', body });
  });
  await page.goto(`${ORIGIN}/`);
  const start = `import * as pdfjs from '/pdf.min.mjs'; pdfjs.GlobalWorkerOptions.workerSrc = '/pdf.worker.min.mjs'; window.pdfjs = pdfjs;`;
  await page.addScriptTag({ type: 'module', content: start });
  await page.waitForFunction(() => 'pdfjs' in window);
}, 60_000);

afterAll(() => browser?.close());

interface Drawn {
  readonly width: number;
  readonly height: number;
  readonly rgba: string;
}

function pixelsOf({ width, height, rgba }: Drawn): Pixels {
  const data = Buffer.from(rgba, 'base64');
  return { width, height, at: (index) => [data[4 * index], data[4 * index + 1], data[4 * index + 2]] };
}

/** An SVG as Chromium draws it. */
async function drawnSvg(sheet: DisplayList, dpi: number): Promise<Pixels> {
  const svg = Buffer.from(await encodeFigure(sheet, null, 'svg', figureAsset)).toString('base64');
  const [width, height] = [sheet.width, sheet.height].map((length) => Math.round((length / 72) * dpi));
  const drawn = await page.evaluate(
    async ([source, across, down]) => {
      const image = new Image();
      image.src = `data:image/svg+xml;base64,${source}`;
      await image.decode();
      const canvas = new OffscreenCanvas(across, down);
      const context = canvas.getContext('2d');
      if (!context) throw new Error('the browser has no canvas');
      context.drawImage(image, 0, 0, across, down);
      const { data } = context.getImageData(0, 0, across, down);
      let text = '';
      for (let i = 0; i < data.length; i += 0x8000) text += String.fromCharCode(...data.subarray(i, i + 0x8000));
      return { width: across, height: down, rgba: btoa(text) };
    },
    [svg, width, height] as const,
  );
  return pixelsOf(drawn);
}

/** A PDF as pdf.js draws it. */
async function drawnPdf(sheet: DisplayList, dpi: number): Promise<Pixels> {
  const pdf = Buffer.from(await encodeFigure(sheet, null, 'pdf', figureAsset)).toString('base64');
  const drawn = await page.evaluate(
    async ([source, scale]) => {
      const { pdfjs } = window as Window & { readonly pdfjs?: typeof Pdfjs };
      if (!pdfjs) throw new Error('pdf.js is not loaded');
      const document = await pdfjs.getDocument({ data: Uint8Array.from(atob(source), (character) => character.charCodeAt(0)) }).promise;
      const sheetPage = await document.getPage(1);
      const viewport = sheetPage.getViewport({ scale });
      const canvas = window.document.createElement('canvas');
      [canvas.width, canvas.height] = [Math.round(viewport.width), Math.round(viewport.height)];
      await sheetPage.render({ canvas, viewport }).promise;
      const context = canvas.getContext('2d');
      if (!context) throw new Error('the browser has no canvas');
      const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
      let text = '';
      for (let i = 0; i < data.length; i += 0x8000) text += String.fromCharCode(...data.subarray(i, i + 0x8000));
      return { width: canvas.width, height: canvas.height, rgba: btoa(text) };
    },
    [pdf, dpi / 72] as const,
  );
  return pixelsOf(drawn);
}

describe.each(CELL_SHEETS)('%s', (_, sheet) => {
  it.each(DPI)('have their colour in Chromium at %d pixels per inch', async (dpi) => {
    expect(differingCells(sheet, await drawnSvg(sheet, dpi))).toEqual([]);
  });

  it.each(DPI)('have their colour in pdf.js at %d pixels per inch', async (dpi) => {
    expect(differingCells(sheet, await drawnPdf(sheet, dpi))).toEqual([]);
  });
});

it('text of an SVG is as wide as its own font says, in both families', async () => {
  for (const [font, face] of [
    ['sans', 'regular'],
    ['serif', 'serif'],
  ] as const) {
    const text = 'WAffle γ ≤ −0.25';
    const sheet: DisplayList = { ...CELL_SHEETS[0][1], width: 200, height: 40, font, marks: [textAt(10, 25, text, 12)] };
    const { width, height, at } = await drawnSvg(sheet, 288);
    // What is not drawn on is black without opacity, and text is nearly black: the font's own colour tells them apart.
    const inked = Array.from({ length: width * height }, (_, i) => i).filter((i) => at(i)[0] > 0);
    const right = Math.max(...inked.map((i) => i % width)) / 4;
    expect(right).toBeGreaterThan(10 + faceWidth(text, 12, face) * 0.94);
    expect(right).toBeLessThan(10 + faceWidth(text, 12, face));
  }
});
