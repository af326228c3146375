// Cells are what they are in every renderer: the middle and the four inner corners of each have the colour of its value, as
// vectors and as pixels, at three resolutions, in PDFium (PDF), resvg (SVG) here, and Chromium and pdf.js in tests/browser.
import { PDFiumLibrary } from '@hyzyla/pdfium';
import { initWasm, Resvg } from '@resvg/resvg-wasm';
import { beforeAll, describe, expect, it } from 'vitest';
import { CELL_SHEETS, differingCells, type Pixels } from '../../../testing/figure/cell-sheets';
import { figureAsset } from '../../../electron/app/figure/font-files';
import { encodeFigure } from './encode';

const DPI = [150, 300, 600] as const;
let pdfium: PDFiumLibrary;

beforeAll(async () => {
  await initWasm(await figureAsset('resvg'));
  pdfium = await PDFiumLibrary.init();
});

describe.each(CELL_SHEETS)('%s', (_, sheet) => {
  it.each(DPI)('in PDFium at %d pixels per inch', async (dpi) => {
    const document = await pdfium.loadDocument(await encodeFigure(sheet, null, 'pdf', figureAsset));
    const { width, height, data } = await document.getPage(0).render({ scale: dpi / 72, render: 'bitmap' });
    document.destroy();
    const pixels: Pixels = { width, height, at: (index) => [data[4 * index], data[4 * index + 1], data[4 * index + 2]] };
    expect(differingCells(sheet, pixels)).toEqual([]);
  });

  it.each(DPI)('in resvg at %d pixels per inch', async (dpi) => {
    const svg = new TextDecoder().decode(await encodeFigure(sheet, null, 'svg', figureAsset));
    const image = new Resvg(svg, { fitTo: { mode: 'width', value: Math.round((sheet.width / 72) * dpi) } }).render();
    const { width, height, pixels: data } = image;
    const pixels: Pixels = { width, height, at: (index) => [data[4 * index], data[4 * index + 1], data[4 * index + 2]] };
    expect(differingCells(sheet, pixels)).toEqual([]);
  });
});

it('a cell of another colour is noticed', () => {
  const [[, sheet]] = CELL_SHEETS;
  const white: Pixels = { width: 600, height: 600, at: () => [255, 255, 255] };
  expect(differingCells(sheet, white).length).toBeGreaterThan(10);
});
