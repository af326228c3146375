// Page furniture shared by all figures: wrapped paragraphs, the title, the frame around the marks, and
// numbers as figures print them.
import { largestOf } from '../../base/extremes';
import { percentText } from '../../base/number-text';
import { FAINT_INK, filled, PAPER, points, textAt, type DisplayList, type Mark, type TextOptions } from './display-list';
import { wrapText } from './font-metrics';
import type { FigureLayout } from '../recipe';

/** A piece of a figure and the y coordinate just below it. */
export interface Placed {
  readonly marks: readonly Mark[];
  readonly bottom: number;
}

/** The drawing area of a figure: page width, margin, and the type sizes derived from the recipe's. */
export interface Page {
  readonly width: number;
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly size: number;
  readonly small: number;
}

const MARGIN = 5;
const LINE_HEIGHT = 1.3;

/** The page a recipe's layout asks for. */
export function pageOf({ widthMm, fontPt }: FigureLayout): Page {
  const width = points(widthMm);
  return { width, left: MARGIN, right: width - MARGIN, top: MARGIN, size: fontPt, small: fontPt * 0.85 };
}

/** Lines of text broken to `width`, the first one's top at `top`. */
export function paragraph(x: number, top: number, text: string, size: number, width: number, options: TextOptions = {}): Placed {
  const lines = wrapText(text, size, width, options.bold);
  const marks = lines.map((words, i) => textAt(x, top + size * (1 + i * LINE_HEIGHT), words, size, options));
  return { marks, bottom: top + size * (0.3 + lines.length * LINE_HEIGHT) };
}

/** The figure's title line(s); nothing where the recipe says null. */
export function titleBlock(page: Page, title: string | null): Placed {
  if (title === null) return { marks: [], bottom: page.top };
  return paragraph(page.left, page.top, title, page.size * 1.15, page.right - page.left, { bold: true });
}

/** A faint note over the whole width. */
export function note(page: Page, top: number, text: string): Placed {
  return paragraph(page.left, top, text, page.small, page.right - page.left, { fill: FAINT_INK });
}

/** Assembles a figure on white paper; its height follows from the lowest piece. */
export function assemble(page: Page, title: string, description: string, pieces: readonly Placed[]): DisplayList {
  const height = largestOf(pieces.map((piece) => piece.bottom)) + MARGIN;
  const paper = filled(0, 0, page.width, height, PAPER);
  return { width: page.width, height, title, description, marks: [paper, ...pieces.flatMap((piece) => piece.marks)] };
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
