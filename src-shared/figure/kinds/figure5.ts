// The weight picture of figure 5 of arXiv 2105.01883: how one output cell of FC3 depends on every
// position of one input channel, ln(|w| / min |w|) with the minimum over that h x w slice, before and
// after merging. Testable: outside the largest kernel's window the two maps differ by one constant.
import type { z } from 'zod';
import { fcShapeOf } from '../../merge/merge-layer';
import type { RepBlock } from '../../model/spec';
import { UserError } from '../../base/user-error';
import { blockOf, type SourceBlock } from '../block-of';
import { figureKind } from '../kind';
import { colourAt, hex, inkOn } from '../page/colour';
import { FAINT_INK, filled, outlined, PAPER, textAt, type DisplayList, type Mark } from '../page/display-list';
import { assemble, figureNumber, note, pageOf, paragraph, titleBlock, type Page, type Placed } from '../page/layout';
import { index, recipeSchema, sourceSchema } from '../recipe';

const schema = recipeSchema('figure5', { source: sourceSchema, outputChannel: index, row: index, column: index, inputChannel: index });
type Figure5Recipe = z.infer<typeof schema>;

export const figure5 = figureKind(schema)({
  kind: 'figure5',
  title: 'Figure 5 of the paper',
  says: 'one output cell over the input grid, before and after',
  about: 'block',
  start: (head, { source }) => ({ ...head, kind: 'figure5', source, outputChannel: 0, row: 3, column: 3, inputChannel: 0 }),
  form: ({ outputChannel, inputChannel, row, column }) => [
    { field: 'outputChannel', widget: 'index', label: 'Output channel', value: outputChannel },
    { field: 'inputChannel', widget: 'index', label: 'Input channel', value: inputChannel },
    { field: 'row', widget: 'index', label: 'Row', value: row },
    { field: 'column', widget: 'index', label: 'Column', value: column },
  ],
  read: ({ source }, sources) => blockOf(source, sources),
  draw: drawFigure5,
});

/** The chosen output cell and input channel of a block. */
export interface CellChoice {
  readonly outputChannel: number;
  readonly row: number;
  readonly column: number;
  /** Input channel within the output channel's group. */
  readonly inputChannel: number;
}

/** ln(|w| / min |w|) of an h x w slice, row-major. A zero weight is -infinity; the minimum is over weights that are numbers other than zero. */
export function logRatios(slice: Float32Array): Float64Array {
  let smallest = Number.POSITIVE_INFINITY;
  for (const weight of slice) if (Math.abs(weight) > 0) smallest = Math.min(smallest, Math.abs(weight));
  return Float64Array.from(slice, (weight) => Math.log(Math.abs(weight) / smallest));
}

/** The h x w weights from input channel `inputChannel` of its group to one output cell. Throws UserError where there is no such cell. */
export function inputMap(matrix: Float32Array, block: RepBlock, choice: CellChoice): Float32Array {
  const { O, channels, h, w } = fcShapeOf(block);
  expectBelow('outputChannel', choice.outputChannel, O);
  expectBelow('row', choice.row, h);
  expectBelow('column', choice.column, w);
  expectBelow('inputChannel', choice.inputChannel, channels);
  const matrixRow = (choice.outputChannel * h + choice.row) * w + choice.column;
  const start = (matrixRow * channels + choice.inputChannel) * h * w;
  return matrix.subarray(start, start + h * w);
}

function expectBelow(what: string, value: number, bound: number): void {
  if (!Number.isInteger(value) || value < 0 || value >= bound)
    throw new UserError(`figure 5: ${what} must be between 0 and ${bound - 1}, got ${value}`);
}

/** Draws the two heat maps. Throws UserError where the block has no such cell. */
function drawFigure5(recipe: Figure5Recipe, { matrices, block }: Pick<SourceBlock, 'matrices' | 'block'>): DisplayList {
  const page = pageOf(recipe.layout);
  const maps = [matrices.before, matrices.after].map((matrix) => logRatios(inputMap(matrix, block, recipe)));
  const title = titleBlock(page, recipe.layout.title);
  const limit = Math.max(...maps.flatMap((map) => [...map].filter(Number.isFinite)));
  const row = mapRow(page, title.bottom + 2, maps, limit, recipe, block);
  const legend = note(page, row.bottom + 2, legendText(maps, recipe, block, limit));
  const name = recipe.layout.title ?? `FC3 of ${matrices.path}: one output cell`;
  return assemble(page, name, `${captionOf(recipe)} of block ${matrices.path}, before and after merging, as two heat maps.`, [
    title,
    row,
    legend,
  ]);
}

/** Side of one cell. */
function cellOf(page: Page, block: RepBlock): number {
  return ((page.right - page.left - page.size * 1.5) / 2 - page.small * 1.6) / block.w;
}

function mapRow(page: Page, top: number, maps: Float64Array[], limit: number, recipe: Figure5Recipe, block: RepBlock): Placed {
  const gap = page.size * 1.5;
  const strip = page.small * 1.6;
  const cell = cellOf(page, block);
  const width = cell * block.w;
  const y = top + page.size * 2.8;
  const marks = maps.flatMap((map, i) => {
    const x = page.left + strip + i * (width + gap + strip);
    const heading = paragraph(x, top, i === 0 ? 'before merging' : 'after merging', page.size, width, { bold: true });
    const cells = mapCells(x, y, cell, map, limit, block);
    return [...heading.marks, ...axisNumbers(page, x, y, cell, block), ...cells, ...markers(x, y, cell, recipe, block, i === 1)];
  });
  return { marks, bottom: y + cell * block.h + 2 };
}

function mapCells(x: number, y: number, cell: number, map: Float64Array, limit: number, { w }: RepBlock): Mark[] {
  return [...map].flatMap((value, index) => {
    const [left, top] = [x + (index % w) * cell, y + Math.floor(index / w) * cell];
    const colour = colourAt('paper-green', Number.isFinite(value) && limit > 0 ? value / limit : 0);
    const text = cellText(value);
    // Two digits, a point and a sign fit into a cell at this size in DejaVu Sans.
    const size = cell * TYPE_PER_CELL;
    const number = textAt(left + cell / 2, top + cell / 2 + size * 0.36, text, size, { anchor: 'middle', fill: inkOn(colour) });
    const square = { ...filled(left, top, cell, cell, hex(colour)), stroke: PAPER, strokeWidth: Math.min(0.25, cell * 0.02) };
    return size < SMALLEST_TYPE ? [square] : [square, number];
  });
}

const TYPE_PER_CELL = 0.36;
/** Type below this size (points) cannot be read in print and is left out. */
const SMALLEST_TYPE = 2.5;

/** Two significant digits as in the paper; a zero weight is `−∞`. */
export function cellText(value: number): string {
  return Number.isFinite(value) ? figureNumber(value, 2) : '−∞';
}

/** Row and column numbers, thinned out where they would touch. */
function axisNumbers(page: Page, x: number, y: number, cell: number, { h, w }: RepBlock): Mark[] {
  const size = page.small * 0.85;
  const every = Math.ceil((size * 2) / cell);
  const numbers = (count: number): number[] => Array.from({ length: count }, (_, i) => i).filter((i) => i % every === 0);
  const faint = { fill: FAINT_INK };
  return [
    ...numbers(w).map((b) => textAt(x + (b + 0.5) * cell, y - size * 0.4, String(b), size, { ...faint, anchor: 'middle' })),
    ...numbers(h).map((a) => textAt(x - size * 0.4, y + (a + 0.5) * cell + size * 0.36, String(a), size, { ...faint, anchor: 'end' })),
  ];
}

/** The yellow dashed square on the output position, and the blue one around the largest kernel's window (merged map only). */
function markers(x: number, y: number, cell: number, { row, column }: Figure5Recipe, block: RepBlock, merged: boolean): Mark[] {
  const square = outlined(x + column * cell, y + row * cell, cell, cell, '#ffc400', Math.max(1, cell * 0.09), [cell * 0.2, cell * 0.12]);
  const window = kernelWindow(block, row, column);
  if (!merged || !window) return [square];
  const { top, left, bottom, right } = window;
  return [
    outlined(x + left * cell, y + top * cell, (right - left) * cell, (bottom - top) * cell, '#1f4fd8', Math.max(1, cell * 0.07)),
    square,
  ];
}

/** Rows [top, bottom) and columns [left, right) the largest kernel reaches from one output position; null without branches. */
export function kernelWindow(
  { kernels, h, w }: RepBlock,
  row: number,
  column: number,
): { top: number; left: number; bottom: number; right: number } | null {
  if (kernels.length === 0) return null;
  const p = (Math.max(...kernels) - 1) / 2;
  return { top: Math.max(0, row - p), left: Math.max(0, column - p), bottom: Math.min(h, row + p + 1), right: Math.min(w, column + p + 1) };
}

function captionOf({ outputChannel, row, column, inputChannel }: Figure5Recipe): string {
  return `Weights from every position of input channel ${inputChannel} (of its group) to output channel ${outputChannel} at row ${row}, column ${column}`;
}

function legendText(maps: Float64Array[], recipe: Figure5Recipe, block: RepBlock, limit: number): string {
  const K = Math.max(0, ...block.kernels);
  const shift = outsideShift(maps, recipe, block);
  const window = K > 0 ? ` Blue: window of the largest kernel, ${K} x ${K}.` : '';
  const outside = shift === null ? '' : ` ${outsideText(shift)}`;
  const rule = `Cells: ln(|w| / min |w|), the minimum over the map shown; colour from 0 (light) to ${figureNumber(limit, 2)} (dark) in both.`;
  const unprinted =
    cellOf(pageOf(recipe.layout), block) * TYPE_PER_CELL < SMALLEST_TYPE ? ' The cells are too small for their numbers.' : '';
  return `${captionOf(recipe)}. ${rule}${unprinted} Yellow: the output position.${window}${outside}`;
}

function outsideText(shift: number): string {
  if (shift === 0) return 'Outside it both maps are equal: the merge adds nothing there.';
  return `Outside it both maps differ by the constant ${figureNumber(shift)}: the merge adds nothing there, only the minimum moved.`;
}

/** after - before at the first cell outside the kernel's window with a non-zero weight; null where the window covers all. */
function outsideShift([before, after]: Float64Array[], { row, column }: Figure5Recipe, block: RepBlock): number | null {
  const window = kernelWindow(block, row, column);
  const outside = before.findIndex((value, index) => {
    const [a, b] = [Math.floor(index / block.w), index % block.w];
    return Number.isFinite(value) && (!window || a < window.top || a >= window.bottom || b < window.left || b >= window.right);
  });
  return outside < 0 || !window ? null : after[outside] - before[outside];
}
