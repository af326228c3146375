// A figure as a one-page PDF of the figure's own size, or several as its pages: vectors stay vectors, text stays text in an embedded subset of its face,
// tagged for readers who hear it (pdf-tags.ts). Dates are fixed, so that the same recipe gives the same bytes.
import fontkit from '@pdf-lib/fontkit';
import {
  AFRelationship,
  PDFDict,
  degrees,
  PDFDocument,
  PDFHexString,
  PDFName,
  PDFRawStream,
  PDFString,
  concatTransformationMatrix,
  decodePDFRawStream,
  drawObject,
  popGraphicsState,
  pushGraphicsState,
  rgb,
  type Color,
  type PDFFont,
  type PDFPage,
} from 'pdf-lib';
import { assertNever } from '../../base/assert-never';
import type { AreaMark, DisplayList, ImageMark, PathMark, RectMark, TextMark } from '../page/display-list';
import { drawnMarks, type DrawnMark, type Faces, type ShapeMark } from './faces';
import { beginPart, describePdf, endPart, tagPages, type TaggedPage } from './pdf-tags';

/** What the marks are drawn with and on. */
interface Sheet {
  readonly document: PDFDocument;
  readonly page: PDFPage;
  /** Faces that have text, by weight. */
  readonly regular: PDFFont | null;
  readonly bold: PDFFont | null;
  readonly height: number;
}

/** Name of the file attached to a figure. */
const ATTACHED = 'figure.json';

/** The figure as PDF bytes; what it carries is attached. */
export async function toPdf(figure: DisplayList, faces: Faces, carried: string | null): Promise<Uint8Array> {
  const pages = await PdfPages.create(faces);
  await pages.add(figure);
  return pages.finish(carried);
}

/** Figures as pages of one PDF, which has the first one's title. */
export class PdfPages {
  private regular: PDFFont | null = null;
  private bold: PDFFont | null = null;
  private readonly tagged: TaggedPage[] = [];

  private constructor(
    private readonly document: PDFDocument,
    private readonly faces: Faces,
  ) {}

  static async create(faces: Faces): Promise<PdfPages> {
    const document = await PDFDocument.create();
    document.registerFontkit(fontkit);
    return new PdfPages(document, faces);
  }

  /** Draws a figure on a page of its size. */
  async add(figure: DisplayList): Promise<void> {
    if (this.tagged.length === 0) describePdf(this.document, figure);
    const marks = drawnMarks(figure, this.faces);
    await this.embed(marks);
    const page = this.document.addPage([figure.width, figure.height]);
    const { document, regular, bold } = this;
    const sheet = { document, page, regular, bold, height: figure.height };
    const isCaption = (mark: DrawnMark): boolean => mark.kind === 'text' && mark.caption;
    drawPart(
      sheet,
      'Figure',
      marks.filter((mark) => !isCaption(mark)),
    );
    drawPart(sheet, 'Caption', marks.filter(isCaption));
    const { width, height, description } = figure;
    this.tagged.push({ page, width, height, description, hasCaption: marks.some(isCaption) });
  }

  async finish(carried: string | null): Promise<Uint8Array> {
    tagPages(this.document, this.tagged);
    if (carried !== null) await attach(this.document, carried);
    return this.document.save();
  }

  /** Embeds the faces that text is set in, one after the other: in parallel their object numbers would depend on which is embedded first. */
  private async embed(marks: readonly DrawnMark[]): Promise<void> {
    const has = (bold: boolean): boolean => marks.some((mark) => mark.kind === 'text' && mark.bold === bold);
    if (has(false)) this.regular ??= await this.document.embedFont(this.faces.regular.bytes, { subset: true });
    if (has(true)) this.bold ??= await this.document.embedFont(this.faces.bold.bytes, { subset: true });
  }
}

function drawPart(sheet: Sheet, part: 'Figure' | 'Caption', marks: readonly DrawnMark[]): void {
  if (marks.length === 0) return;
  beginPart(sheet.page, part);
  for (const mark of marks) drawMark(sheet, mark);
  endPart(sheet.page);
}

async function attach(document: PDFDocument, text: string): Promise<void> {
  const never = new Date(0);
  await document.attach(new TextEncoder().encode(text), ATTACHED, {
    mimeType: 'application/json',
    description: 'Recipe and provenance of this figure',
    creationDate: never,
    modificationDate: never,
    afRelationship: AFRelationship.Source,
  });
}

/** What a PDF made by `toPdf` carries, as text; null where that is nothing. Rejects with pdf-lib's error for what is no PDF. */
export async function carriedByPdf(bytes: Uint8Array): Promise<string | null> {
  const document = await PDFDocument.load(bytes, { updateMetadata: false });
  // The parser goes on over what it does not understand: a document has pages.
  if (document.getPageCount() === 0) throw new Error('it has no page');
  for (const [, object] of document.context.enumerateIndirectObjects()) {
    if (!(object instanceof PDFDict) || object.get(PDFName.of('Type')) !== PDFName.of('Filespec')) continue;
    const name = object.lookupMaybe(PDFName.of('UF'), PDFString, PDFHexString);
    const file = object.lookupMaybe(PDFName.of('EF'), PDFDict)?.lookup(PDFName.of('F'));
    if (name?.decodeText() === ATTACHED && file instanceof PDFRawStream) return new TextDecoder().decode(decodePDFRawStream(file).decode());
  }
  return null;
}

function drawMark(sheet: Sheet, mark: DrawnMark): void {
  switch (mark.kind) {
    case 'rect':
      return drawRect(sheet, mark);
    case 'path':
      return drawPath(sheet, mark);
    case 'area':
      return drawArea(sheet, mark);
    case 'text':
      return drawText(sheet, mark);
    case 'image':
      return drawImage(sheet, mark);
    case 'shape':
      return drawShape(sheet, mark);
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
  page.drawSvgPath(pathData(points), {
    x: 0,
    y: height,
    borderColor: colour(stroke),
    borderWidth: strokeWidth,
    borderDashArray: [...dash],
  });
}

function pathData(points: PathMark['points']): string {
  return points.map(([x, y], i) => `${i === 0 ? 'M' : 'L'}${x.toFixed(3)} ${y.toFixed(3)}`).join(' ');
}

function drawArea({ page, height }: Sheet, { points, fill, opacity }: AreaMark): void {
  page.drawSvgPath(`${pathData(points)} Z`, { x: 0, y: height, color: colour(fill), opacity });
}

function drawShape({ page, height }: Sheet, { d, fill }: ShapeMark): void {
  if (d !== '') page.drawSvgPath(d, { x: 0, y: height, color: colour(fill) });
}

function drawText({ page, regular, bold, height }: Sheet, mark: TextMark): void {
  const font = mark.bold ? bold : regular;
  if (font === null) throw new TypeError(`no face is embedded for "${mark.text}"`);
  const width = font.widthOfTextAtSize(mark.text, mark.size);
  const back = width * { start: 0, middle: 0.5, end: 1 }[mark.anchor];
  const [x, y] = mark.turned ? [mark.x, height - mark.y - back] : [mark.x - back, height - mark.y];
  page.drawText(mark.text, { x, y, size: mark.size, font, color: colour(mark.fill), rotate: degrees(mark.turned ? 90 : 0) });
}

/** Without an alpha channel, whose mask would be smoothed by itself, and asking readers not to smooth. */
function drawImage({ document: { context }, page, height }: Sheet, mark: ImageMark): void {
  const data = mark.rgba.filter((_, i) => i % 4 !== 3);
  const image = context.flateStream(data, {
    Type: 'XObject',
    Subtype: 'Image',
    Width: mark.columns,
    Height: mark.rows,
    ColorSpace: 'DeviceRGB',
    BitsPerComponent: 8,
    Interpolate: false,
  });
  const name = page.node.newXObject('Image', context.register(image));
  page.pushOperators(
    pushGraphicsState(),
    concatTransformationMatrix(mark.width, 0, 0, mark.height, mark.x, height - mark.y - mark.height),
    drawObject(name),
    popGraphicsState(),
  );
}

function colour(hex: string): Color {
  const [red, green, blue] = [1, 3, 5].map((start) => Number.parseInt(hex.slice(start, start + 2), 16) / 255);
  return rgb(red, green, blue);
}
