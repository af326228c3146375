// Advance widths of DejaVu Sans, the face of every figure, so that layout is known before anything is
// drawn and text never overlaps. Units: 1/2048 of the type size. Source: the fonts themselves (dejavu-widths.ts).
import { BOLD_WIDTHS, REGULAR_WIDTHS } from './dejavu-widths';

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
const regular = faceOf(REGULAR_WIDTHS);
const bolder = faceOf(BOLD_WIDTHS);

/** Width of one line of text in points. */
export function textWidth(text: string, size: number, bold = false): number {
  const widths = bold ? bolder() : regular();
  let units = 0;
  for (const character of text) units += widths.get(character.codePointAt(0) ?? 0) ?? OTHER_WIDTH;
  return (units * size) / UNITS_PER_EM;
}

/** Breaks text at spaces into lines no wider than `width`, and a word that is wider by itself (a file's name) within. */
export function wrapText(text: string, size: number, width: number, bold = false): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ').flatMap((whole) => piecesOf(whole, size, width, bold))) {
    const last = lines.at(-1);
    if (last !== undefined && textWidth(`${last} ${word}`, size, bold) <= width) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}

/** A word as the longest pieces that are no wider than `width`, of one character at least. */
function piecesOf(word: string, size: number, width: number, bold: boolean): string[] {
  const pieces = [''];
  for (const character of word) {
    const longer = pieces[pieces.length - 1] + character;
    if (longer === character || textWidth(longer, size, bold) <= width) pieces[pieces.length - 1] = longer;
    else pieces.push(character);
  }
  return pieces;
}

/** The text, shortened in its middle with `…` where it is wider than `width`. */
export function fitText(text: string, size: number, width: number, bold = false): string {
  if (textWidth(text, size, bold) <= width) return text;
  for (let kept = text.length - 1; kept > 1; kept--) {
    const short = `${text.slice(0, Math.ceil(kept / 2))}…${text.slice(text.length - Math.floor(kept / 2))}`;
    if (textWidth(short, size, bold) <= width) return short;
  }
  return '…';
}
