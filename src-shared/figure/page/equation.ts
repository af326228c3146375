// Lines of an equation between arrays: pictures with their words above and below, the signs between them at the height of
// the pictures' middle. A line that is wider than the page goes on below. Cells that a step left alone are pale.
import { largestOf } from '../../base/extremes';
import type { ColourScaleName } from '../../colour/scales';
import type { ArrayTerm, Term } from '../../merge/equation';
import type { Matrix } from '../../matrix/reduce-to-page';
import { shapeText } from '../../tensor/tensor';
import { outlined, INK, RULE, textAt, type CellsMark, type Mark } from './display-list';
import { longestWord, textWidth, wrapText } from './font-metrics';
import { cellsOf } from './heat-map';
import { figureNumber, type Page, type Placed } from './layout';
import { words } from './tiles';
import type { ValueScale } from './value-scale';

/** The colours of an equation: the scale an array has. */
export interface EquationStyle {
  readonly scaleOf: (term: ArrayTerm) => Pick<ValueScale, 'position'>;
  readonly colours: ColourScaleName;
  /** What the numbers of its arrays are called before their own names. */
  readonly name: string;
}

/** Longest sides of pictures, as shares of the page's room, and how thick a vector is, in heights of type. */
const SIDES = { matrix: 0.24, kernel: 0.2, vector: 0.17 } as const;
const THICK = 1.2;
/** A picture is at most this many times longer than wide. */
const MAX_ASPECT = 3;
/** Share of its colour that a pale cell keeps; the rest is paper. */
export const PALE = 0.35;

/** A term with the room it takes. */
interface Laid {
  readonly term: Term;
  readonly width: number;
  /** Of its picture; of a sign, of its lines. */
  readonly height: number;
  readonly texts: readonly string[];
}

/** Draws the lines of an equation below each other. */
export function equationMarks(page: Page, top: number, lines: readonly (readonly Term[])[], style: EquationStyle): Placed {
  return lines
    .flatMap((line) =>
      brokenLine(
        page,
        line.map((term) => laid(page, term)),
      ),
    )
    .reduce<Placed>(
      (above, row) => {
        const placed = equationRow(page, above.bottom, row, style);
        return { marks: [...above.marks, ...placed.marks], bottom: placed.bottom + page.small * 0.8 };
      },
      { marks: [], bottom: top },
    );
}

/** Whether a picture's cells are not as wide as high. */
export function isStretched({ array: { picture }, upright }: ArrayTerm): boolean {
  const ratio = picture.rows / picture.columns;
  return !upright && picture.rows > 1 && (ratio > MAX_ASPECT || ratio < 1 / MAX_ASPECT);
}

function laid(page: Page, term: Term): Laid {
  const { small, left, right } = page;
  const room = right - left;
  if (term.kind === 'sign') {
    const texts = wrapText(term.text, small, Math.max(room * 0.2, longestWord(term.text, small)));
    return { term, texts, width: largestOf(texts.map((text) => textWidth(text, small))), height: texts.length * small * 1.3 };
  }
  const { width, height } = pictureSize(page, term);
  const texts = [term.array.label, ...captionsOf(term)];
  const widest = largestOf(texts.map((text) => longestWord(text, small, true)));
  return { term, texts, width: Math.min(room, Math.max(width, widest, small * 7)), height };
}

/** Size of a term's picture. */
function pictureSize({ left, right, small, scale }: Page, { array, upright }: ArrayTerm): { width: number; height: number } {
  const side = (kind: keyof typeof SIDES): number => (right - left) * SIDES[kind] * scale;
  const thick = small * THICK;
  if (upright) return { width: thick, height: side('matrix') };
  if (array.shape.length === 1) return { width: side('vector'), height: thick };
  const ratio = Math.min(MAX_ASPECT, Math.max(1 / MAX_ASPECT, array.picture.rows / array.picture.columns));
  const longest = side(array.shape.length === 2 ? 'matrix' : 'kernel');
  return ratio > 1 ? { width: longest / ratio, height: longest } : { width: longest, height: longest * ratio };
}

function captionsOf({ array: { shape, picture }, kept }: ArrayTerm): string[] {
  const pooled = picture.factor > 1 ? `, strongest of ${picture.factor} x ${picture.factor} cells a pixel` : '';
  return [`${shapeText(shape)}${pooled}`, `largest ${figureNumber(picture.largest)}`, ...(kept ? ['pale: no change'] : [])];
}

/** Rows of terms no wider than the page; a sign stands before what it belongs to. */
function brokenLine({ left, right, size }: Page, terms: readonly Laid[]): Laid[][] {
  const rows: Laid[][] = [[]];
  let used = 0;
  terms.forEach((term, i) => {
    const next = term.term.kind === 'sign' ? terms.at(i + 1) : undefined;
    const needed = term.width + (next === undefined ? 0 : size + next.width);
    if (used > 0 && used + size + needed > right - left) {
      rows.push([]);
      used = 0;
    }
    rows[rows.length - 1].push(term);
    used += (used > 0 ? size : 0) + term.width;
  });
  return rows;
}

function equationRow(page: Page, top: number, row: readonly Laid[], style: EquationStyle): Placed {
  const { small } = page;
  const heading = (one: Laid, x: number, y: number): Placed =>
    one.term.kind === 'sign' ? { marks: [], bottom: y } : words(x, y, one.texts[0], small, one.width, true);
  const over = largestOf(
    row.map((one) => heading(one, 0, 0).bottom),
    0,
  );
  const tallest = largestOf(row.map(({ height }) => height));
  const pictureTop = top + over + small * 0.3;
  const placed: Placed[] = [];
  let x = page.left;
  for (const one of row) {
    const { bottom } = heading(one, 0, 0);
    placed.push(heading(one, x, top + over - bottom), termMarks(page, one, { x, top: pictureTop, tallest }, style));
    x += one.width + page.size;
  }
  return { marks: placed.flatMap(({ marks }) => marks), bottom: largestOf(placed.map(({ bottom }) => bottom)) };
}

interface Place {
  readonly x: number;
  /** Of the pictures of the row, and the height of the tallest of them. */
  readonly top: number;
  readonly tallest: number;
}

function termMarks(page: Page, { term, texts, width, height }: Laid, { x, top, tallest }: Place, style: EquationStyle): Placed {
  const { small } = page;
  const y = top + (tallest - height) / 2;
  if (term.kind === 'sign') {
    const marks = texts.map((text, i) => textAt(x + width / 2, y + small * (1 + 1.3 * i), text, small, { anchor: 'middle' }));
    return { marks, bottom: y + height };
  }
  const size = pictureSize(page, term);
  const box = { x, y, ...size };
  // What a step makes has a darker frame than what it is given.
  const marks: Mark[] = [
    termCells(term, box, style),
    outlined(x, y, size.width, size.height, term.made ? INK : RULE, term.made ? 0.8 : 0.5),
  ];
  return texts.slice(1).reduce<Placed>(
    (above, text) => {
      const under = words(x, above.bottom, text, small, width, false);
      return { marks: [...above.marks, ...under.marks], bottom: under.bottom };
    },
    { marks, bottom: top + tallest + 1 },
  );
}

/** The picture of an array, its kept cells pale. */
function termCells(term: ArrayTerm, box: { x: number; y: number; width: number; height: number }, style: EquationStyle): CellsMark {
  const { array, upright, kept } = term;
  const { rows, columns, data } = array.picture;
  const matrix: Matrix = upright ? { rows: columns, columns: rows, data } : { rows, columns, data };
  const cells = cellsOf(
    { name: `${style.name}: ${array.label}, ${term.made ? 'made' : 'given'}`, ...matrix },
    box,
    style.scaleOf(term),
    style.colours,
  );
  const mark = array.shape.length === 1 ? { ...cells, asPixels: true } : cells;
  if (kept === null) return mark;
  const rgba = mark.rgba.map((value, i) => (i % 4 !== 3 && kept(i >> 2) ? Math.round(255 - (255 - value) * PALE) : value));
  return { ...mark, rgba };
}
