// A figure as a one-page PDF of the figure's own size: vectors stay vectors, text stays text in an
// embedded subset of DejaVu Sans. Dates are fixed, so that the same recipe gives the same bytes.
import fontkit from '@pdf-lib/fontkit';
import { encode } from 'fast-png';
import { degrees, PDFDocument, rgb, type Color, type PDFFont, type PDFPage } from 'pdf-lib';
import { assertNever } from '../../base/assert-never';
import type { DisplayList, ImageMark, Mark, PathMark, RectMark, TextMark } from '../page/display-list';
import type { AnyRecipe } from '../recipe';
import type { FigureAssets } from './assets';

/** What the marks are drawn with and on. */
interface Sheet {
  readonly document: PDFDocument;
  readonly page: PDFPage;
  readonly regular: PDFFont;
  readonly bold: PDFFont;
  readonly height: number;
}

/** The figure as PDF bytes; the recipe is the document's subject. */
export async function toPdf(figure: DisplayList, recipe: AnyRecipe, assets: FigureAssets): Promise<Uint8Array> {
  const document = await PDFDocument.create();
  describe(document, figure, recipe);
  document.registerFontkit(fontkit);
  // One after the other: in parallel the fonts' object numbers would depend on which file is read first.
  const regular = await document.embedFont(await assets('regular'), { subset: true });
  const bold = await document.embedFont(await assets('bold'), { subset: true });
  const page = document.addPage([figure.width, figure.height]);
  for (const mark of figure.marks) await drawMark({ document, page, regular, bold, height: figure.height }, mark);
  return document.save();
}

function describe(document: PDFDocument, figure: DisplayList, recipe: AnyRecipe): void {
  document.setTitle(figure.title);
  document.setSubject(JSON.stringify(recipe));
  document.setKeywords([figure.description]);
  document.setCreator('RepMLP Studio');
  document.setProducer('RepMLP Studio (pdf-lib)');
  document.setCreationDate(new Date(0));
  document.setModificationDate(new Date(0));
}

async function drawMark(sheet: Sheet, mark: Mark): Promise<void> {
  switch (mark.kind) {
    case 'rect':
      return drawRect(sheet, mark);
    case 'path':
      return drawPath(sheet, mark);
    case 'text':
      return drawText(sheet, mark);
    case 'image':
      return drawImage(sheet, mark);
    default:
      return assertNever(mark);
  }
}

function drawRect({ page, height }: Sheet, { x, y, width, height: tall, fill, stroke, strokeWidth, dash }: RectMark): void {
  page.drawRectangle({
    x,
    y: height - y - tall,
    width,
    height: tall,
    ...(fill ? { color: colour(fill) } : {}),
    ...(stroke ? { borderColor: colour(stroke), borderWidth: strokeWidth, borderDashArray: [...dash] } : {}),
  });
}

/** As one path, so that joins are drawn; pdf-lib's path origin is the page's top left when y is its height. */
function drawPath({ page, height }: Sheet, { points, stroke, strokeWidth, dash }: PathMark): void {
  const path = points.map(([x, y], i) => `${i === 0 ? 'M' : 'L'}${x.toFixed(3)} ${y.toFixed(3)}`).join(' ');
  page.drawSvgPath(path, { x: 0, y: height, borderColor: colour(stroke), borderWidth: strokeWidth, borderDashArray: [...dash] });
}

function drawText({ page, regular, bold, height }: Sheet, mark: TextMark): void {
  const font = mark.bold ? bold : regular;
  const width = font.widthOfTextAtSize(mark.text, mark.size);
  const back = width * { start: 0, middle: 0.5, end: 1 }[mark.anchor];
  const [x, y] = mark.turned ? [mark.x, height - mark.y - back] : [mark.x - back, height - mark.y];
  page.drawText(mark.text, { x, y, size: mark.size, font, color: colour(mark.fill), rotate: degrees(mark.turned ? 90 : 0) });
}

async function drawImage({ document, page, height }: Sheet, mark: ImageMark): Promise<void> {
  const png = encode({ width: mark.columns, height: mark.rows, data: mark.rgba, channels: 4 });
  const image = await document.embedPng(png);
  page.drawImage(image, { x: mark.x, y: height - mark.y - mark.height, width: mark.width, height: mark.height });
}

function colour(hex: string): Color {
  const [red, green, blue] = [1, 3, 5].map((start) => Number.parseInt(hex.slice(start, start + 2), 16) / 255);
  return rgb(red, green, blue);
}
