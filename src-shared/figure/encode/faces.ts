// The two faces a figure's text is set in, regular and bold, read for its characters: as subsets that travel in an SVG, and as
// outlines where a figure is to need no font at all.
import fontkit from '@pdf-lib/fontkit';
import { crc32 } from '../../checkpoint/zip/crc32';
import type { DisplayList, PlainMark, TextMark } from '../page/display-list';
import { faceName } from '../page/font-metrics';
import { plainMarks } from '../page/cells';
import type { FigureAssets } from './assets';
import { subsetFont } from './font-subset';

/** A closed outline in page coordinates, filled by the nonzero rule. */
export interface ShapeMark {
  readonly kind: 'shape';
  /** SVG path data. */
  readonly d: string;
  readonly fill: string;
}

/** Marks as a format draws them. */
export type DrawnMark = PlainMark | ShapeMark;

/** A face of a figure. */
export interface Face {
  readonly bytes: Uint8Array;
  readonly font: ReturnType<typeof fontkit.create>;
}

export interface Faces {
  readonly regular: Face;
  readonly bold: Face;
}

/** Reads the faces of a figure's family, one after the other: what is made of them has one order. */
export async function readFaces({ font }: Pick<DisplayList, 'font'>, assets: FigureAssets): Promise<Faces> {
  const read = async (bold: boolean): Promise<Face> => {
    const bytes = await assets(faceName(font, bold));
    return { bytes, font: fontkit.create(bytes) };
  };
  return { regular: await read(false), bold: await read(true) };
}

/** The marks of a figure, text as outlines where it is to be drawn so. */
export function drawnMarks(figure: DisplayList, faces: Faces): DrawnMark[] {
  const marks = plainMarks(figure.marks);
  return figure.outlines ? marks.map((mark) => (mark.kind === 'text' ? outlineOf(mark, faces) : mark)) : marks;
}

/** The text of one face, as a font of its own; null where there is none. */
export function subsetOf({ bytes, font }: Face, texts: readonly string[]): Uint8Array | null {
  const codes = [...new Set([...texts.join('')].map((character) => character.codePointAt(0) ?? 0))];
  const known = codes.filter((code) => font.hasGlyphForCodePoint(code));
  return known.length === 0 ? null : subsetFont(bytes, known, (code) => font.glyphForCodePoint(code).id);
}

/** A name that fonts of different characters do not share: pictures of one page must not take each other's. */
export function subsetName(subsets: readonly Uint8Array[]): string {
  return `Figure-${subsets
    .reduce((sum, subset) => crc32(subset, sum), 0)
    .toString(16)
    .padStart(8, '0')}`;
}

function outlineOf({ x, y, text, size, bold, anchor, fill, turned }: TextMark, faces: Faces): ShapeMark {
  const { font } = bold ? faces.bold : faces.regular;
  const scale = size / font.unitsPerEm;
  const glyphs = [...text].map((character) => font.glyphForCodePoint(character.codePointAt(0) ?? 0));
  const width = glyphs.reduce((sum, glyph) => sum + glyph.advanceWidth * scale, 0);
  let at = -width * { start: 0, middle: 0.5, end: 1 }[anchor];
  const d = glyphs.map((glyph) => {
    const from = at;
    at += glyph.advanceWidth * scale;
    return pathData(glyph.path.toSVG(), (px, py) => {
      const [right, up] = [from + px * scale, py * scale];
      return turned ? [x - up, y - right] : [x + right, y - up];
    });
  });
  return { kind: 'shape', d: d.join(''), fill };
}

/** Path data with every pair of coordinates moved. */
function pathData(d: string, moved: (x: number, y: number) => readonly [number, number]): string {
  return d.replace(/(-?[\d.]+(?:e-?\d+)?)[ ,]+(-?[\d.]+(?:e-?\d+)?)/g, (_, px: string, py: string) =>
    moved(Number(px), Number(py))
      .map((value) => String(Math.round(value * 1000) / 1000))
      .join(' '),
  );
}
