// What is on the page of a PDF of any program: pdf.js reads its fonts, structure and drawing operators, which are followed here
// with their transforms. Nothing is rendered.
import 'pdfjs-dist/legacy/build/pdf.worker.mjs';
import { getDocument, ImageKind, PDFWorker } from 'pdfjs-dist/legacy/build/pdf.mjs';
import type { PDFDocumentProxy, PDFPageProxy } from 'pdfjs-dist';
import { UserError } from '../../base/user-error';
import { millimetres } from '../page/display-list';
import type { SheetFacts, SheetFont, SheetImage } from './facts';
import { barColours } from './image-bar';
import { numbers6, PdfDrawing, type DrawnPicture } from './pdf-drawing';
import { uaFaults } from './pdf-ua';

/** Reads a PDF's first page. Rejects with UserError for a file that is none, or one that needs a password. */
export async function readPdf(bytes: Uint8Array, where: string): Promise<SheetFacts> {
  const worker = PDFWorker.create({ verbosity: 0 });
  // pdf.js takes the bytes as its own.
  const loading = getDocument({ data: new Uint8Array(bytes), fontExtraProperties: true, verbosity: 0, worker, isEvalSupported: false });
  try {
    const document = await loading.promise;
    return await factsOf(document, await document.getPage(1), await uaFaults(bytes));
  } catch (error) {
    throw new UserError(`${where} cannot be read as a PDF: ${error instanceof Error ? error.message : String(error)}`);
  } finally {
    await loading.destroy();
    worker.destroy();
  }
}

async function factsOf(document: PDFDocumentProxy, page: PDFPageProxy, ua: string[] | null): Promise<SheetFacts> {
  // As it is shown: turned, and in units of its own, where it says so.
  const viewport = page.getViewport({ scale: 1 });
  const size = { width: viewport.width, height: viewport.height };
  const { fnArray, argsArray } = await page.getOperatorList();
  const drawing = new PdfDrawing(numbers6(viewport.transform), size);
  fnArray.forEach((code, i) => drawing.take(code, argsArray[i] as readonly unknown[] | null));
  const { info } = (await document.getMetadata()) as { info: { readonly Title?: string; readonly Language?: string } };
  const marked = (await document.getMarkInfo()) as { readonly Marked?: boolean } | null;
  const alternatives = alternativesIn(await page.getStructTree());
  return {
    format: 'PDF',
    pages: document.numPages,
    widthMm: millimetres(size.width),
    heightMm: millimetres(size.height),
    fonts: drawing.fontNames().map((name) => fontOf(page, name)),
    ...drawing.drawn(),
    images: await Promise.all(drawing.pictures().map((picture) => imageOf(page, picture))),
    gradients: [],
    title: info.Title?.trim() ? info.Title : null,
    language: info.Language ?? null,
    alternatives: alternatives.texts,
    accessible: ua === null ? null : [...ua, ...untaggedText(drawing.untagged())],
    tagged: marked?.Marked === true && alternatives.elements > 0,
  };
}

function untaggedText(count: number): string[] {
  return count === 0
    ? []
    : [`7.1: ${count} thing${count === 1 ? ' is' : 's are'} drawn outside all tags, and not as decoration (Artifact)`];
}

/** A picture as pdf.js has decoded it; `kind` says how its data are packed. */
interface ReadPicture {
  readonly width: number;
  readonly height: number;
  readonly kind?: number;
  readonly data?: Uint8Array | Uint8ClampedArray;
}

async function imageOf(page: PDFPageProxy, { dpi, extent, picture, isStraight }: DrawnPicture): Promise<SheetImage> {
  const { width, height } = extent;
  // Decoding is waited for where it may be a bar alone.
  if (!isStraight || Math.max(width, height) < 4 * Math.min(width, height)) return { dpi, extent, colours: null };
  const read = typeof picture === 'string' ? await namedPicture(page, picture) : (picture as ReadPicture);
  const channels = read?.kind === ImageKind.RGB_24BPP ? 3 : read?.kind === ImageKind.RGBA_32BPP ? 4 : null;
  if (!read?.data || channels === null) return { dpi, extent, colours: null };
  return { dpi, extent, colours: barColours({ width: read.width, height: read.height, channels, data: read.data }, extent) };
}

function namedPicture(page: PDFPageProxy, name: string): Promise<ReadPicture | null> {
  // What several pages show is kept for all of them.
  const objects = name.startsWith('g_') ? page.commonObjs : page.objs;
  return new Promise((resolve) => objects.get(name, (picture: unknown) => resolve(picture as ReadPicture | null)));
}

/** A font as pdf.js has read it. */
interface ReadFont {
  readonly name?: string;
  readonly type?: string;
  readonly missingFile?: boolean;
  readonly isType3Font?: boolean;
}

function fontOf(page: PDFPageProxy, id: string): SheetFont {
  const { name = id, type, missingFile = false, isType3Font = false } = page.commonObjs.get(id) as ReadFont;
  const type3 = isType3Font || type === 'Type3';
  return { name, type3, embedded: type3 || !missingFile };
}

interface StructNode {
  /** Of content, what it is. */
  readonly type?: string;
  readonly role?: string;
  readonly alt?: string;
  readonly children?: readonly StructNode[];
}

function alternativesIn(root: StructNode | null): { readonly texts: string[]; readonly elements: number } {
  const texts: string[] = [];
  let elements = 0;
  const visit = ({ role, alt, children = [] }: StructNode): void => {
    if (role !== undefined && role !== 'Root') elements++;
    if (alt?.trim()) texts.push(alt);
    children.forEach(visit);
  };
  if (root) visit(root);
  return { texts, elements };
}
