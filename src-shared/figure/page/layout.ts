// Page furniture shared by all figures: wrapped paragraphs, the title, the frame around the marks, and
// numbers as figures print them.
import { largestOf } from '../../base/extremes';
import { percentText } from '../../base/number-text';
import { FAINT_INK, filled, PAPER, points, textAt, type DisplayList, type FigureTable, type Mark, type TextOptions } from './display-list';
import { wrapText } from './font-metrics';
import type { FigureLayout } from '../recipe';
import type { PanelSharing } from './scale';

/** A piece of a figure and the y coordinate just below it. */
export interface Placed {
  readonly marks: readonly Mark[];
  readonly bottom: number;
}

/** Sentences below a figure. */
export interface Note extends Placed {
  readonly text: string;
}

/** The drawing area of a figure: page width, margin, the type sizes derived from the recipe's, and the recipe's manner. */
export interface Page {
  readonly width: number;
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly size: number;
  readonly small: number;
  /** Smallest type there may be. */
  readonly least: number;
  /** Factor of the size of pictures; 1 but where the figure would be too high. */
  readonly scale: number;
  readonly layout: SheetLayout;
}

/** How much larger than the rest a figure's title is set. */
export const TITLE_SIZE = 1.15;
/** Empty paper around a figure, points. */
export const MARGIN = 5;
const LINE_HEIGHT = 1.3;
/** Smallest type that print keeps readable, points. */
const LEAST_PT = 5;

/** The page a recipe's layout asks for. */
export function pageOf(layout: SheetLayout): Page {
  const { widthMm, fontPt, leastPt = Math.min(LEAST_PT, fontPt), scale = 1 } = layout;
  const width = points(widthMm);
  const small = Math.min(fontPt, Math.max(fontPt * 0.85, leastPt));
  return { width, left: MARGIN, right: width - MARGIN, top: MARGIN, scale, size: fontPt, small, least: leastPt, layout };
}

/** A layout, the factor of the size of pictures, and, of a panel, what it has in common with others. */
export type SheetLayout = FigureLayout & { readonly scale?: number; readonly shared?: PanelSharing };

/** The panel's letter and a space before its heading; nothing where panels have none. */
export function panelLetter({ layout: { letters = 'none' } }: Page, index: number): string {
  const letter = String.fromCharCode('a'.charCodeAt(0) + index);
  return { none: '', a: `${letter} `, '(a)': `(${letter}) `, A: `${letter.toUpperCase()} ` }[letters];
}

/** Lines of text broken to `width`, the first one's top at `top`. */
export function paragraph(x: number, top: number, text: string, size: number, width: number, options: TextOptions = {}): Placed {
  const lines = text === '' ? [] : wrapText(text, size, width, options.bold);
  const marks = lines.map((words, i) => textAt(x, top + size * (1 + i * LINE_HEIGHT), words, size, options));
  return { marks, bottom: top + size * (0.3 + lines.length * LINE_HEIGHT) };
}

/** Lines of text that run upwards, centred on (x, y), the first one's left edge at `x`. */
export function turnedParagraph(x: number, y: number, text: string, size: number, length: number): Mark[] {
  const options = { anchor: 'middle', turned: true, fill: FAINT_INK } as const;
  return wrapText(text, size, length).map((words, i) => textAt(x + size * (1 + i * LINE_HEIGHT), y, words, size, options));
}

/** Width of a strip of lines that run upwards along `length`. */
export function turnedWidth(text: string, size: number, length: number): number {
  return size * (0.5 + wrapText(text, size, length).length * LINE_HEIGHT);
}

/** The figure's title line(s); nothing where the recipe says null. */
export function titleBlock(page: Page, title: string | null): Placed {
  if (title === null) return { marks: [], bottom: page.top };
  return paragraph(page.left, page.top, title, page.size * TITLE_SIZE, page.right - page.left, { bold: true });
}

/** The sentences that explain a figure, over the whole width; kept for the text beside it where the recipe wants none below it. */
export function note(page: Page, top: number, text: string): Note {
  if (page.layout.caption === false) return { marks: [], bottom: top, text };
  return { ...paragraph(page.left, top, text, page.small, page.right - page.left, { fill: FAINT_INK, caption: true }), text };
}

/** Words that stand in place of a picture. */
export function placeholder(page: Page, top: number, text: string): Placed {
  return paragraph(page.left, top, text, page.small, page.right - page.left, { fill: FAINT_INK });
}

/** What a figure says of itself. */
export interface AboutFigure {
  readonly title: string;
  readonly description: string;
  readonly tables?: readonly FigureTable[];
}

/** Assembles a figure on white paper; its height follows from the lowest piece. */
export function assemble({ width, layout }: Page, about: AboutFigure, pieces: readonly (Placed | Note)[]): DisplayList {
  const { font = 'sans', text = 'embedded', lines = 1 } = layout;
  const height = largestOf(pieces.map((piece) => piece.bottom)) + MARGIN;
  const paper = filled(0, 0, width, height, PAPER);
  const caption = pieces.flatMap((piece) => ('text' in piece ? piece.text : [])).join(' ');
  const marks = [paper, ...pieces.flatMap((piece) => piece.marks)].map((mark) => thickened(mark, lines));
  return { width, height, tables: [], ...about, caption, font, outlines: text === 'outlines', marks };
}

function thickened(mark: Mark, lines: number): Mark {
  return lines !== 1 && 'strokeWidth' in mark ? { ...mark, strokeWidth: mark.strokeWidth * lines } : mark;
}

/** A number with `digits` significant digits, trailing zeros dropped, with a true minus sign: `−0.25`, `12 400`, `3.1e−7`. */
export function figureNumber(value: number, digits = 3): string {
  if (value === 0 || !Number.isFinite(value)) return String(value).replace('-', '−');
  const magnitude = Math.abs(value);
  const plain = magnitude >= 1e-4 && magnitude < 1e6 ? String(Number(value.toPrecision(digits))) : value.toExponential(digits - 1);
  return plain.replace('e+', 'e').replaceAll('-', '−');
}

/** A count in thousands, millions or billions: `52.8 M`. */
export function shortCount(value: number, digits = 3): string {
  const units = [
    [1e9, ' G'],
    [1e6, ' M'],
    [1e3, ' k'],
  ] as const;
  const [divisor, unit] = units.find(([size]) => Math.abs(value) >= size) ?? [1, ''];
  return `${figureNumber(value / divisor, digits)}${unit}`;
}

/** Shares below this are what sums of float64 leave of zero. */
const ROUNDING = 1e-12;

/** A share as a percentage: `12.3 %`; tiny ones are not rounded to zero, what rounding left is. */
export function percent(share: number): string {
  if (share > ROUNDING && share < 0.001) return `${figureNumber(share * 100, 2)} %`;
  return percentText(share).replace('-', '−');
}
