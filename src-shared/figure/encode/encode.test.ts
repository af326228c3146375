// The three file formats: right size, text that is text, the recipe inside, and PNG pixels that do not
// depend on the machine's fonts.
import fontkit from '@pdf-lib/fontkit';
import { decode } from 'fast-png';
import { PDFDocument } from 'pdf-lib';
import { describe, expect, it } from 'vitest';
import { noSources } from '../../../testing/figure/figure-sources';
import { figureAsset } from '../../../electron/app/figure/font-files';
import { filled, textAt, type DisplayList } from '../page/display-list';
import { faceWidth } from '../page/font-metrics';
import { readFigure, type FigureRecipe } from '../registry';
import { carriedBy } from './carried';
import { encodeFigure as encode } from './encode';
import type { FileFormat } from '../recipe';

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

const carried = JSON.stringify(recipe);
const encodeFigure = (drawn: DisplayList, format: FileFormat, text: string | null = carried) => encode(drawn, text, format, figureAsset);

/** A 100 x 50 pt sheet: an image of one red and one blue pixel on the left half, black text on the right. */
const sheet: DisplayList = {
  width: 100,
  height: 50,
  title: 'sheet',
  description: 'a test sheet',
  caption: '',
  font: 'sans',
  outlines: false,
  tables: [],
  marks: [
    filled(0, 0, 100, 50, '#ffffff'),
    { kind: 'image', x: 0, y: 0, width: 50, height: 50, rows: 1, columns: 2, rgba: Uint8Array.from([255, 0, 0, 255, 0, 0, 255, 255]) },
    textAt(60, 40, 'MMM', 10),
  ],
};

describe('PNG', () => {
  it('is 300 dpi of the figure’s size and says so', async () => {
    const png = decode(await encodeFigure(figure, 'png'), { checkCrc: true });
    expect(png.width).toBe(Math.round((85 / 25.4) * 300));
    expect(png.resolution).toEqual({ x: 11811, y: 11811, unit: 1 });
  });

  it('draws rasters and text where the display list says', async () => {
    const { data, width, channels } = decode(await encodeFigure(sheet, 'png'));
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
    expect(Math.max(...dark)).toBeLessThan(60 + faceWidth('MMM', 10, 'regular'));
    expect(Math.max(...dark)).toBeGreaterThan(60 + faceWidth('MMM', 10, 'regular') * 0.9);
  });

  it('carries its recipe as text', async () => {
    const bytes = await encodeFigure(figure, 'png');
    expect(Buffer.from(bytes).toString('utf8')).toContain(`Recipe\0\0\0\0\0${carried}`);
    expect(await carriedBy(bytes, 'a.png')).toBe(carried);
  });
});

describe('PDF', () => {
  it('is one page of the figure’s size with what it carries attached', async () => {
    const pdf = await PDFDocument.load(await encodeFigure(figure, 'pdf'));
    expect(pdf.getPageCount()).toBe(1);
    expect(pdf.getPage(0).getWidth()).toBeCloseTo(figure.width, 6);
    expect(pdf.getPage(0).getHeight()).toBeCloseTo(figure.height, 6);
    expect(await carriedBy(await encodeFigure(figure, 'pdf'), 'a.pdf')).toBe(carried);
    expect(pdf.getTitle()).toBe('γ & β – “quoted”');
  });

  it('embeds its fonts', async () => {
    const pdf = await PDFDocument.load(await encodeFigure(figure, 'pdf'));
    const files = pdf.context.enumerateIndirectObjects().filter(([, object]) => String(object).includes('/FontFile'));
    expect(files.length).toBe(2);
  });

  it('has the same bytes each time', async () => {
    const [first, second] = [await encodeFigure(figure, 'pdf'), await encodeFigure(figure, 'pdf')];
    expect(Buffer.compare(Buffer.from(first), Buffer.from(second))).toBe(0);
  });
});

describe('SVG', () => {
  it('is UTF-8 text', async () => {
    const svg = new TextDecoder().decode(await encodeFigure(figure, 'svg'));
    expect(svg).toContain('<title>γ &amp; β – “quoted”</title>');
  });

  it('brings the characters it needs as a font that a font program takes, each as wide and drawn as in the whole font', async () => {
    const svg = new TextDecoder().decode(await encodeFigure(figure, 'svg'));
    const urls = [...svg.matchAll(/url\(data:font\/ttf;base64,([^)]*)\)/g)].map(([, text]) => Buffer.from(text, 'base64'));
    expect(urls.length).toBe(2);
    const [, family] = /font-family:'(Figure-[0-9a-f]{8})'/.exec(svg) ?? [];
    expect(svg).toContain(`font-family="'${family}', 'DejaVu Sans'`);
    const texts = figure.marks.flatMap((mark) => (mark.kind === 'text' && !mark.bold ? [...mark.text] : []));
    const [subset, whole] = [fontkit.create(urls[0]), fontkit.create(await figureAsset('regular'))];
    expect(new Set(texts).size).toBeGreaterThan(20);
    expect(new Set(subset.characterSet)).toEqual(new Set(texts.map((character) => character.codePointAt(0))));
    for (const code of subset.characterSet) {
      const [own, original] = [subset.glyphForCodePoint(code), whole.glyphForCodePoint(code)];
      expect(own.advanceWidth).toBe(original.advanceWidth);
      expect(own.path.toSVG()).toBe(original.path.toSVG());
    }
  });
});

describe('a figure in outlines', () => {
  const outlined = { ...figure, outlines: true };

  it('has neither text nor font, and the same pixels', async () => {
    const svg = new TextDecoder().decode(await encodeFigure(outlined, 'svg'));
    expect(svg).not.toMatch(/<text|font-face/);
    const [text, shapes] = await Promise.all([figure, outlined].map(async (one) => decode(await encodeFigure(one, 'png'))));
    const differing = text.data.filter((value, i) => Math.abs(value - shapes.data[i]) > 128).length;
    const dark = text.data.filter((value) => value < 100).length;
    // Kerning, which outlines do not have, moves some letters by part of a pixel.
    expect(differing).toBeLessThan(dark * 0.3);
    const pdf = await PDFDocument.load(await encodeFigure(outlined, 'pdf'));
    expect(pdf.context.enumerateIndirectObjects().filter(([, object]) => String(object).includes('/FontFile'))).toEqual([]);
  });
});

describe('a figure that is stripped', () => {
  it.each(['svg', 'pdf', 'png'] as const)('carries nothing as %s', async (format) => {
    const bytes = await encodeFigure(figure, format, null);
    expect(await carriedBy(bytes, 'a')).toBeNull();
    expect(Buffer.from(bytes).toString('latin1')).not.toContain('pure-mlp-small"');
  });
});

it('a file that is none of the formats is refused by name', async () => {
  await expect(carriedBy(new TextEncoder().encode('hello'), 'notes.txt')).rejects.toThrow(/notes\.txt is no figure/);
  await expect(carriedBy(new TextEncoder().encode('%PDF-1.7 broken'), 'b.pdf')).rejects.toThrow(/b\.pdf begins as a PDF/);
});
