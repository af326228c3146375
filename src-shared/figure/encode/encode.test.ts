// The three file formats: right size, text that is text, the recipe inside, and PNG pixels that do not
// depend on the machine's fonts.
import { decode } from 'fast-png';
import { PDFDocument } from 'pdf-lib';
import { describe, expect, it } from 'vitest';
import { noSources } from '../../../testing/figure/figure-sources';
import { figureAsset } from '../../../electron/app/figure/font-files';
import { filled, textAt, type DisplayList } from '../page/display-list';
import { textWidth } from '../page/font-metrics';
import { readFigure, type FigureRecipe } from '../registry';
import { encodeFigure as encode } from './encode';
import type { FigureFormat } from '../recipe';

const layout = { widthMm: 85, fontPt: 7, title: 'γ & β – “quoted”' };
const recipe: FigureRecipe = {
  format: 'repmlp-figure',
  version: 1,
  layout,
  kind: 'cost-bars',
  model: 'pure-mlp-small',
  set: {},
  metric: 'macs',
};
const figure = (await readFigure(recipe, noSources)).draw();

const encodeFigure = (drawn: DisplayList, of: FigureRecipe, format: FigureFormat) => encode(drawn, of, format, figureAsset);

/** A 100 x 50 pt sheet: an image of one red and one blue pixel on the left half, black text on the right. */
const sheet: DisplayList = {
  width: 100,
  height: 50,
  title: 'sheet',
  description: 'a test sheet',
  marks: [
    filled(0, 0, 100, 50, '#ffffff'),
    { kind: 'image', x: 0, y: 0, width: 50, height: 50, rows: 1, columns: 2, rgba: Uint8Array.from([255, 0, 0, 255, 0, 0, 255, 255]) },
    textAt(60, 40, 'MMM', 10),
  ],
};

describe('PNG', () => {
  it('is 300 dpi of the figure’s size and says so', async () => {
    const png = decode(await encodeFigure(figure, recipe, 'png'), { checkCrc: true });
    expect(png.width).toBe(Math.round((85 / 25.4) * 300));
    expect(png.resolution).toEqual({ x: 11811, y: 11811, unit: 1 });
  });

  it('draws rasters and text where the display list says', async () => {
    const { data, width, channels } = decode(await encodeFigure(sheet, recipe, 'png'));
    const pixel = (x: number, y: number): number[] => {
      const at = (Math.round((y / 72) * 300) * width + Math.round((x / 72) * 300)) * channels;
      return [...data.subarray(at, at + 3)];
    };
    expect(pixel(5, 25)).toEqual([255, 0, 0]);
    expect(pixel(45, 25)).toEqual([0, 0, 255]);
    expect(pixel(80, 10)).toEqual([255, 255, 255]);
    const row = Array.from({ length: width }, (_, x) => data[(Math.round((36.5 / 72) * 300) * width + x) * channels]);
    const dark = row.flatMap((value, x) => (value < 100 && x > width * 0.55 ? [(x / 300) * 72] : []));
    // The letters' side bearings are about a tenth of their width.
    expect(Math.min(...dark)).toBeGreaterThan(60);
    expect(Math.max(...dark)).toBeLessThan(60 + textWidth('MMM', 10));
    expect(Math.max(...dark)).toBeGreaterThan(60 + textWidth('MMM', 10) * 0.9);
  });

  it('carries its recipe as text', async () => {
    const bytes = await encodeFigure(figure, recipe, 'png');
    expect(Buffer.from(bytes).toString('utf8')).toContain(`Recipe\0\0\0\0\0${JSON.stringify(recipe)}`);
  });
});

describe('PDF', () => {
  it('is one page of the figure’s size with the recipe as its subject', async () => {
    const pdf = await PDFDocument.load(await encodeFigure(figure, recipe, 'pdf'));
    expect(pdf.getPageCount()).toBe(1);
    expect(pdf.getPage(0).getWidth()).toBeCloseTo(figure.width, 6);
    expect(pdf.getPage(0).getHeight()).toBeCloseTo(figure.height, 6);
    expect(JSON.parse(pdf.getSubject() ?? '')).toEqual(recipe);
    expect(pdf.getTitle()).toBe('γ & β – “quoted”');
  });

  it('embeds its fonts', async () => {
    const pdf = await PDFDocument.load(await encodeFigure(figure, recipe, 'pdf'));
    const files = pdf.context.enumerateIndirectObjects().filter(([, object]) => String(object).includes('/FontFile'));
    expect(files.length).toBe(2);
  });

  it('has the same bytes each time', async () => {
    const [first, second] = [await encodeFigure(figure, recipe, 'pdf'), await encodeFigure(figure, recipe, 'pdf')];
    expect(Buffer.compare(Buffer.from(first), Buffer.from(second))).toBe(0);
  });
});

describe('SVG', () => {
  it('is UTF-8 text', async () => {
    const svg = new TextDecoder().decode(await encodeFigure(figure, recipe, 'svg'));
    expect(svg).toContain('<title>γ &amp; β – “quoted”</title>');
  });
});
