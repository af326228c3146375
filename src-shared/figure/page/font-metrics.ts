// Advance widths of the faces of figures, DejaVu Sans and DejaVu Serif, so that layout is known before anything is drawn and
// text never overlaps. Text is laid out by the wider of the two, so that a figure set in the other face keeps its layout.
// Units: 1/2048 of the type size. Source: the fonts themselves (dejavu-widths.ts).
import { largestOf } from '../../base/extremes';
import { BOLD_WIDTHS, REGULAR_WIDTHS, SERIF_BOLD_WIDTHS, SERIF_WIDTHS } from './dejavu-widths';

const UNITS_PER_EM = 2048;
/** Width taken for a character the face does not have: no face that stands in for it draws wider ones. */
const OTHER_WIDTH = UNITS_PER_EM;

/** A face's widths by code point; read when they are first asked for. */
function faceOf(table: string): () => ReadonlyMap<number, number> {
  let widths: Map<number, number> | null = null;
  return () => {
    if (widths !== null) return widths;
    widths = new Map();
    let code = 0;
    for (const run of table.split(' ')) {
      const [gap, count, width] = run.split(',').map((digits) => Number.parseInt(digits, 36));
      code += gap;
      for (const end = code + count; code < end; code++) widths.set(code, width);
    }
    return widths;
  };
}
const faces = {
  regular: faceOf(REGULAR_WIDTHS),
  bold: faceOf(BOLD_WIDTHS),
  serif: faceOf(SERIF_WIDTHS),
  'serif-bold': faceOf(SERIF_BOLD_WIDTHS),
};
export type FaceName = keyof typeof faces;

/** The face of a figure's text. */
export function faceName(font: 'sans' | 'serif', bold: boolean): FaceName {
  if (font === 'sans') return bold ? 'bold' : 'regular';
  return bold ? 'serif-bold' : 'serif';
}

/** Width of one line of text in one face, in points. */
export function faceWidth(text: string, size: number, face: FaceName): number {
  const widths = faces[face]();
  let units = 0;
  for (const character of text) units += widths.get(character.codePointAt(0) ?? 0) ?? OTHER_WIDTH;
  return (units * size) / UNITS_PER_EM;
}

/** Width of one line of text in points, in the wider of the families. */
export function textWidth(text: string, size: number, bold = false): number {
  return Math.max(faceWidth(text, size, faceName('sans', bold)), faceWidth(text, size, faceName('serif', bold)));
}

/** Breaks text into lines no wider than `width`: at spaces, and a name that is wider by itself after its punctuation. A word is never broken: one that is wider than `width` stands alone and reaches beyond it. */
export function wrapText(text: string, size: number, width: number, bold = false): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ').flatMap((whole) => piecesOf(whole, size, width, bold))) {
    const last = lines.at(-1);
    if (last !== undefined && textWidth(`${last} ${word}`, size, bold) <= width) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}

/** Where a name may be broken: behind its hyphens, dots, slashes and underscores, not within a number. */
const BREAKS = /(?<=[-_/\\.](?!\d))/;

/** A word in as few pieces as fit. */
function piecesOf(word: string, size: number, width: number, bold: boolean): string[] {
  if (textWidth(word, size, bold) <= width) return [word];
  const pieces: string[] = [];
  for (const part of word.split(BREAKS)) {
    const last = pieces.at(-1);
    if (last !== undefined && textWidth(last + part, size, bold) <= width) pieces[pieces.length - 1] = last + part;
    else pieces.push(part);
  }
  return pieces;
}

/** Width of the widest piece that text cannot be broken within. */
export function longestWord(text: string, size: number, bold = false): number {
  return largestOf(
    text
      .split(/ /)
      .flatMap((word) => word.split(BREAKS))
      .map((piece) => textWidth(piece, size, bold)),
    0,
  );
}
