// The weight picture of figure 5 of arXiv 2105.01883 (matrix/figure5.ts): how one output cell of FC3 depends on every
// position of one input channel, before and after merging, and whether its property holds.
import { largestOf } from '../../base/extremes';
import type { z } from 'zod';
import { UserError } from '../../base/user-error';
import { colourAt, isLight } from '../../colour/table';
import { figure5Choice, logRatios, outsideDifference, type OutsideDifference } from '../../matrix/figure5';
import { fcShapeOf, type FcShape } from '../../matrix/geometry';
import { inputMapIndices, largestKernel, windowOf, type MapChoice } from '../../matrix/slices';
import type { RepBlock } from '../../model/spec';
import { blockOf, type SourceBlock } from '../block-of';
import { figureKind } from '../kind';
import { FAINT_INK, outlined, textAt, type DisplayList, type Mark } from '../page/display-list';
import { cellsOf } from '../page/heat-map';
import { assemble, figureNumber, note, pageOf, panelLetter, paragraph, titleBlock, type Page, type Placed } from '../page/layout';
import { index, recipeSchema, sourceSchema } from '../recipe';

/** A row or a column of the partition; null is the place the paper shows, in proportion to the block's partition. */
const place = index.nullable();
const schema = recipeSchema('figure5', { source: sourceSchema, outputChannel: index, row: place, column: place, inputChannel: index });
type Figure5Recipe = z.infer<typeof schema>;

export const figure5 = figureKind(schema)({
  kind: 'figure5',
  title: 'Figure 5 of the paper',
  says: 'one output cell over the input grid, before and after',
  about: 'block',
  isOfBlock: true,
  start: (head, { source }) => ({ ...head, kind: 'figure5', source, outputChannel: 0, row: null, column: null, inputChannel: 0 }),
  form: ({ outputChannel, inputChannel, row, column }) => [
    { field: 'outputChannel', widget: 'index', label: 'Output channel', value: outputChannel },
    { field: 'inputChannel', widget: 'index', label: 'Input channel', value: inputChannel },
    { field: 'row', widget: 'place', label: 'Row', value: row },
    { field: 'column', widget: 'place', label: 'Column', value: column },
  ],
  read: ({ source }, sources) => blockOf(source, sources),
  draw: drawFigure5,
});

/** The h x w weights of a slice of a block's matrix. Throws UserError where the block has no such slice. */
function sliceOf(matrix: Float32Array, shape: FcShape, choice: MapChoice): Float32Array {
  expectBelow('outputChannel', choice.o, shape.O);
  expectBelow('row', choice.i, shape.h);
  expectBelow('column', choice.j, shape.w);
  expectBelow('inputChannel', choice.c, shape.channels);
  return Float32Array.from(inputMapIndices(shape, choice), (index) => matrix[index]);
}

function expectBelow(what: string, value: number, bound: number): void {
  if (!Number.isInteger(value) || value < 0 || value >= bound)
    throw new UserError(`figure 5: ${what} must be between 0 and ${bound - 1}, got ${value}`);
}

/** Draws the two heat maps. Throws UserError where the block has no such cell. */
function drawFigure5(recipe: Figure5Recipe, { matrices, block }: Pick<SourceBlock, 'matrices' | 'block'>): DisplayList {
  const page = pageOf(recipe.layout);
  const choice = choiceOf(recipe, block);
  const maps = [matrices.before, matrices.after].map((matrix) => logRatios(sliceOf(matrix, fcShapeOf(block), choice)));
  const title = titleBlock(page, recipe.layout.title);
  const limit = largestOf(maps.flatMap((map) => [...map].filter(Number.isFinite)));
  const row = mapRow(page, title.bottom + 2, maps, limit, choice, block);
  const legend = note(page, row.bottom + 2, legendText(page, maps, choice, block, limit));
  const name = recipe.layout.title ?? `FC3 of ${matrices.path}: one output cell`;
  const description = `${captionOf(choice)} of block ${matrices.path}, before and after merging, as two heat maps.${windowText(maps, choice, block)}`;
  return assemble(page, { title: name, description }, [title, row, legend]);
}

/** The slice a recipe is about, in a block. */
function choiceOf({ outputChannel, row, column, inputChannel }: Figure5Recipe, block: RepBlock): MapChoice {
  const { i, j } = figure5Choice(block);
  return { o: outputChannel, i: row ?? i, j: column ?? j, c: inputChannel };
}

/** Side of one cell. */
function cellOf(page: Page, block: RepBlock): number {
  return (page.scale * ((page.right - page.left - page.size * 1.5) / 2 - page.small * 1.6)) / block.w;
}

/** Where a map's first cell is, and how large a cell is. */
interface Grid {
  readonly x: number;
  readonly y: number;
  readonly cell: number;
}

const NAMES = ['before merging', 'after merging'] as const;

function mapRow(page: Page, top: number, maps: Float64Array[], limit: number, choice: MapChoice, block: RepBlock): Placed {
  const gap = page.size * 1.5;
  const strip = page.small * 1.6;
  const cell = cellOf(page, block);
  const width = cell * block.w;
  const left = (i: number): number => page.left + strip + i * (width + gap + strip);
  const headings = NAMES.map((name, i) => paragraph(left(i), top, `${panelLetter(page, i)}${name}`, page.size, width, { bold: true }));
  const y = largestOf(headings.map(({ bottom }) => bottom)) + numberSize(page) * 1.3;
  const marks = maps.flatMap((map, i) => {
    const grid = { x: left(i), y, cell };
    return [
      ...axisNumbers(page, grid, block),
      ...mapCells(page, grid, NAMES[i], map, limit, block),
      ...markers(grid, choice, block, i === 1),
    ];
  });
  return { marks: [...headings.flatMap((heading) => heading.marks), ...marks], bottom: y + cell * block.h + 2 };
}

function mapCells(page: Page, { x, y, cell }: Grid, name: string, map: Float64Array, limit: number, { h, w }: RepBlock): Mark[] {
  const share = (value: number): number => (Number.isFinite(value) && limit > 0 ? value / limit : 0);
  const box = { x, y, width: cell * w, height: cell * h };
  const cells = cellsOf({ name, rows: h, columns: w, data: Float32Array.from(map) }, box, { position: share }, 'paper-green');
  const size = Math.min(cell * TYPE_PER_CELL, page.size);
  if (size < page.least) return [cells];
  const numbers = [...map].map((value, index) => {
    const [left, top] = [x + (index % w) * cell, y + Math.floor(index / w) * cell];
    const fill = isLight(colourAt('paper-green', share(value))) ? '#000000' : '#ffffff';
    return textAt(left + cell / 2, top + cell / 2 + size * 0.36, cellText(value), size, { anchor: 'middle', fill });
  });
  return [cells, ...numbers];
}

/** Size of row and column numbers. */
function numberSize(page: Page): number {
  return Math.max(page.small * 0.85, page.least);
}

// Two digits, a point and a sign fit into a cell at this size in DejaVu Sans.
const TYPE_PER_CELL = 0.36;

/** Two significant digits as in the paper; a zero weight is `−∞`. */
export function cellText(value: number): string {
  return Number.isFinite(value) ? figureNumber(value, 2) : '−∞';
}

/** Row and column numbers, thinned out where they would touch. */
function axisNumbers(page: Page, { x, y, cell }: Grid, { h, w }: RepBlock): Mark[] {
  const size = numberSize(page);
  const every = Math.ceil((size * 2) / cell);
  const numbers = (count: number): number[] => Array.from({ length: count }, (_, i) => i).filter((i) => i % every === 0);
  const faint = { fill: FAINT_INK };
  return [
    ...numbers(w).map((b) => textAt(x + (b + 0.5) * cell, y - size * 0.4, String(b), size, { ...faint, anchor: 'middle' })),
    ...numbers(h).map((a) => textAt(x - size * 0.4, y + (a + 0.5) * cell + size * 0.36, String(a), size, { ...faint, anchor: 'end' })),
  ];
}

/** The yellow dashed square on the output position, and the blue one around the largest kernel's window (merged map only). */
function markers({ x, y, cell }: Grid, { i, j }: MapChoice, block: RepBlock, merged: boolean): Mark[] {
  const square = outlined(x + j * cell, y + i * cell, cell, cell, '#ffc400', Math.max(1, cell * 0.09), [cell * 0.2, cell * 0.12]);
  if (!merged || block.kernels.length === 0) return [square];
  const { row: top, column: left, rows, columns } = windowOf(block, largestKernel(block), i, j);
  return [outlined(x + left * cell, y + top * cell, columns * cell, rows * cell, '#1f4fd8', Math.max(1, cell * 0.07)), square];
}

/** Where the strong weights are, before and after: mean of ln(|w| / min |w|) within the largest window and outside it. */
function windowText(maps: readonly Float64Array[], { i, j }: MapChoice, block: RepBlock): string {
  if (block.kernels.length === 0) return '';
  const { row, column, rows, columns } = windowOf(block, largestKernel(block), i, j);
  const isWithin = (_: number, at: number): boolean => {
    const [a, b] = [Math.floor(at / block.w), at % block.w];
    return a >= row && a < row + rows && b >= column && b < column + columns;
  };
  const meanOf = (values: readonly number[]): string => {
    const finite = values.filter(Number.isFinite);
    return finite.length === 0 ? 'none' : figureNumber(finite.reduce((sum, value) => sum + value, 0) / finite.length, 2);
  };
  const [before, after] = maps.map((map) => {
    const values = [...map];
    return `${meanOf(values.filter(isWithin))} within the window of the largest kernel and ${meanOf(values.filter((_, at) => !isWithin(_, at)))} outside it`;
  });
  return ` Mean of ln(|w| / min |w|) before merging: ${before}; after merging: ${after}.`;
}

function captionOf({ o, i, j, c }: MapChoice): string {
  return `Weights from every position of input channel ${c} (of its group) to output channel ${o} at row ${i}, column ${j}`;
}

function legendText(page: Page, maps: Float64Array[], choice: MapChoice, block: RepBlock, limit: number): string {
  const K = largestKernel(block);
  const rule = `Cells: ln(|w| / min |w|), the minimum over the map shown; colour from 0 (light) to ${figureNumber(limit, 2)} (dark) in both.`;
  const unprinted = cellOf(page, block) * TYPE_PER_CELL < page.least ? ' The cells are too small for their numbers.' : '';
  const text = `${captionOf(choice)}. ${rule}${unprinted} Yellow: the output position.`;
  if (block.kernels.length === 0) return text;
  const found = outsideDifference(block, choice, K, maps[0], maps[1]);
  return `${text} Blue: window of the largest kernel, ${K} x ${K}.${outsideText(found)}`;
}

function outsideText(found: OutsideDifference | null): string {
  if (found === null || found.cells === 0) return '';
  const { constant, spread, holds } = found;
  if (!holds)
    return ` Outside it the maps do NOT differ by one constant (${figureNumber(constant)} on average, up to ${figureNumber(spread)} from it): the merge changed weights where no kernel reaches.`;
  if (constant === 0) return ' Outside it both maps are equal: the merge adds nothing there.';
  return ` Outside it both maps differ by the constant ${figureNumber(constant)}: the merge adds nothing there, only the minimum moved.`;
}
