// Follows the drawing operators of a PDF page, as pdf.js lists them, and keeps what print asks for: sizes of type, widths of
// lines, resolutions of rasters, colours of fills, and what reaches beyond the page. Transforms, clips and forms are followed.
import { OPS } from 'pdfjs-dist/legacy/build/pdf.mjs';
import {
  cornersOf,
  enlargement,
  extentOf,
  IDENTITY,
  isBeyond,
  multiplied,
  type Extent,
  type Matrix6,
  type SheetFacts,
  type SheetImage,
  type SheetLine,
  type SheetPatch,
  type SheetText,
} from './facts';

interface State {
  readonly matrix: Matrix6;
  readonly clip: Extent;
  readonly lineWidth: number;
  readonly fill: string | null;
  readonly stroke: string | null;
  readonly font: string;
  readonly fontSize: number;
}

type Page = { readonly width: number; readonly height: number };
const FILLS = new Set([OPS.fill, OPS.eoFill, OPS.fillStroke, OPS.eoFillStroke, OPS.closeFillStroke, OPS.closeEOFillStroke]);
const STROKES = new Set([OPS.stroke, OPS.closeStroke, OPS.fillStroke, OPS.eoFillStroke, OPS.closeFillStroke, OPS.closeEOFillStroke]);
const INVISIBLE_TEXT = 3;

/** What pdf.js says of a shown character; a number between them moves on by thousandths of the type size. */
type ShownGlyph = { readonly unicode: string; readonly width: number } | number | null;

/** A picture as it lies on the page. */
export interface DrawnPicture extends Pick<SheetImage, 'dpi' | 'extent'> {
  readonly picture: unknown;
  /** Whether its rows and columns lie along the page's. */
  readonly isStraight: boolean;
}

export class PdfDrawing {
  private readonly stack: State[] = [];
  private state: State;
  private textMatrix = IDENTITY;
  private renderingMode = 0;
  private clips = false;
  private readonly fonts = new Set<string>();
  private readonly texts: SheetText[] = [];
  private readonly lines: SheetLine[] = [];
  private readonly images: DrawnPicture[] = [];
  private marks = 0;
  private unmarked = 0;
  private readonly patches: SheetPatch[] = [];
  private readonly beyond: string[] = [];

  constructor(
    matrix: Matrix6,
    private readonly page: Page,
  ) {
    const clip = { x: -Infinity, y: -Infinity, width: Infinity, height: Infinity };
    this.state = { matrix, clip, lineWidth: 1, fill: '#000000', stroke: '#000000', font: '', fontSize: 0 };
  }

  drawn(): Pick<SheetFacts, 'texts' | 'lines' | 'patches' | 'beyond'> {
    const { texts, lines, patches, beyond } = this;
    return { texts, lines, patches, beyond };
  }

  /** The pictures, each with what pdf.js calls it or, of one within the page's own commands, its pixels. */
  pictures(): readonly DrawnPicture[] {
    return this.images;
  }

  /** How many things are drawn that belong to no tag, nor are said to be mere decoration. */
  untagged(): number {
    return this.unmarked;
  }

  fontNames(): string[] {
    return [...this.fonts];
  }

  /** Takes an operator with its arguments. */
  take(code: number, args: readonly unknown[] | null): void {
    this.takeMark(code);
    this.takeState(code, args ?? []);
    this.takeText(code, args ?? []);
    this.takePaint(code, args ?? []);
  }

  private takeMark(code: number): void {
    if (code === OPS.beginMarkedContent || code === OPS.beginMarkedContentProps) this.marks++;
    if (code === OPS.endMarkedContent) this.marks--;
  }

  private change(change: Partial<State>): void {
    this.state = { ...this.state, ...change };
  }

  private takeState(code: number, args: readonly unknown[]): void {
    switch (code) {
      case OPS.save:
        this.stack.push(this.state);
        return;
      case OPS.restore:
      case OPS.paintFormXObjectEnd:
        this.state = this.stack.pop() ?? this.state;
        return;
      case OPS.transform:
        return this.change({ matrix: multiplied(this.state.matrix, numbers6(args)) });
      case OPS.paintFormXObjectBegin:
        this.stack.push(this.state);
        if (args[0]) this.change({ matrix: multiplied(this.state.matrix, numbers6(args[0])) });
        return;
      case OPS.setLineWidth:
        return this.change({ lineWidth: Number(args[0]) });
      case OPS.setGState:
        for (const [key, value] of args[0] as readonly (readonly [string, unknown])[]) {
          if (key === 'LW') this.change({ lineWidth: Number(value) });
          if (key === 'Font' && Array.isArray(value)) this.setFont(String(value[0]), Number(value[1]));
        }
        return;
      case OPS.setFillRGBColor:
        return this.change({ fill: String(args[0]) });
      case OPS.setStrokeRGBColor:
        return this.change({ stroke: String(args[0]) });
      case OPS.setFillColorN:
        return this.change({ fill: null });
      case OPS.setStrokeColorN:
        return this.change({ stroke: null });
      case OPS.clip:
      case OPS.eoClip:
        this.clips = true;
    }
  }

  private setFont(font: string, fontSize: number): void {
    this.change({ font, fontSize });
  }

  private takeText(code: number, args: readonly unknown[]): void {
    switch (code) {
      case OPS.beginText:
        this.textMatrix = IDENTITY;
        return;
      case OPS.setFont:
        return this.setFont(String(args[0]), Number(args[1]));
      case OPS.setTextRenderingMode:
        this.renderingMode = Number(args[0]);
        return;
      case OPS.setTextMatrix:
        this.textMatrix = numbers6(args[0]);
        return;
      case OPS.moveText:
        this.textMatrix = multiplied(this.textMatrix, [1, 0, 0, 1, Number(args[0]), Number(args[1])]);
        return;
      case OPS.showText:
        return this.showText(args[0] as readonly ShownGlyph[]);
    }
  }

  private showText(glyphs: readonly ShownGlyph[]): void {
    const { matrix, font, fontSize } = this.state;
    const text = glyphs.map((glyph) => (typeof glyph === 'object' && glyph ? glyph.unicode : '')).join('');
    const advance = glyphs.reduce<number>((sum, glyph) => {
      if (glyph === null) return sum;
      return sum + (typeof glyph === 'number' ? -glyph : glyph.width) / 1000;
    }, 0);
    const whole = multiplied(matrix, this.textMatrix);
    if (text.trim() !== '' && this.renderingMode !== INVISIBLE_TEXT) {
      this.fonts.add(font);
      // The height of type is what is read: across, condensed type is narrower.
      this.texts.push({ text, size: Math.abs(fontSize) * Math.hypot(whole[2], whole[3]) });
      this.heed(extentOf(cornersOf(0, 0, advance * fontSize, 0.5 * fontSize), whole), `text "${text.slice(0, 40)}"`);
    }
    this.textMatrix = multiplied(this.textMatrix, [1, 0, 0, 1, advance * fontSize, 0]);
  }

  private takePaint(code: number, args: readonly unknown[]): void {
    switch (code) {
      case OPS.constructPath:
        return this.path(Number(args[0]), args[2]);
      case OPS.paintImageXObject:
        return this.image(Number(args[1]), Number(args[2]), args[0]);
      case OPS.paintInlineImageXObject: {
        const { width, height } = args[0] as { readonly width: number; readonly height: number };
        return this.image(width, height, args[0]);
      }
      case OPS.paintImageMaskXObject: {
        // A stencil of one colour; pictures of a page are not drawn together by pdf.js where its operators are asked for.
        const { width, height } = args[0] as { readonly width: number; readonly height: number };
        return this.image(width, height, null);
      }
    }
  }

  private path(how: number, box: unknown): void {
    if (box === null || box === undefined) return;
    const [left, bottom, right, top] = Array.from(box as ArrayLike<number>);
    const { matrix, lineWidth, fill, stroke } = this.state;
    const extent = extentOf(cornersOf(left, bottom, right - left, top - bottom), matrix);
    if (this.clips) this.change({ clip: intersection(this.state.clip, extent) });
    this.clips = false;
    const [fills, strokes] = [FILLS.has(how), STROKES.has(how)];
    if (!fills && !strokes) return;
    if (fills && fill !== null) this.patches.push({ colour: fill, extent });
    if (strokes && stroke !== null) this.lines.push({ width: lineWidth * enlargement(matrix), colour: stroke });
    this.heed(extent, fills ? 'a filled shape' : 'a line');
  }

  private image(columns: number, rows: number, picture: unknown): void {
    const { matrix } = this.state;
    const [across, down] = [Math.hypot(matrix[0], matrix[1]), Math.hypot(matrix[2], matrix[3])];
    const extent = extentOf(cornersOf(0, 0, 1, 1), matrix);
    const isStraight = Math.abs(matrix[1]) + Math.abs(matrix[2]) < 1e-6 * (across + down);
    this.images.push({ dpi: Math.min((columns / across) * 72, (rows / down) * 72), extent, picture, isStraight });
    this.heed(extent, 'a picture');
  }

  /** Notes what reaches beyond the page, where no clip cuts it. */
  private heed(extent: Extent, what: string): void {
    if (this.marks === 0) this.unmarked++;
    const seen = intersection(this.state.clip, extent);
    if (seen.width >= 0 && seen.height >= 0 && isBeyond(seen, this.page)) this.beyond.push(what);
  }
}

/** A transform from a list of six numbers. */
export function numbers6(value: unknown): Matrix6 {
  const [a, b, c, d, e, f] = Array.from(value as ArrayLike<number>);
  return [a, b, c, d, e, f];
}

/** What two rectangles share; a negative size where they share nothing. */
function intersection(one: Extent, other: Extent): Extent {
  const [x, y] = [Math.max(one.x, other.x), Math.max(one.y, other.y)];
  const end = (from: number, length: number): number => (Number.isFinite(from) ? from + length : Infinity);
  const right = Math.min(end(one.x, one.width), end(other.x, other.width));
  const bottom = Math.min(end(one.y, one.height), end(other.y, other.height));
  return { x, y, width: right - x, height: bottom - y };
}
