// Where a block looks, as one figure: energy density by displacement before and after merging, the
// profile over distance with its baselines, position maps, and the numbers a paper prints.
import type { FcShape } from '../../merge/passes/matrix-job';
import { pairCounts } from '../../pattern/displacement';
import type { BlockPattern, MatrixPattern } from '../../pattern/analyse';
import { FAINT_INK, textAt, type DisplayList, type Mark } from '../page/display-list';
import { fitText, textWidth } from '../page/font-metrics';
import { heatMap, type Box } from '../page/heat-map';
import { assemble, figureNumber, note, pageOf, paragraph, percent, titleBlock, type Page, type Placed } from '../page/layout';
import { colourBar } from '../page/legend';
import { mergeSeries, profilePlot } from './locality-profile';
import type { FigureRecipe } from '../recipe';
import { rowsOf } from '../page/tiles';
import { positiveScale } from '../page/value-scale';

export type LocalityRecipe = Extract<FigureRecipe, { kind: 'locality' }>;

/** A named map of the figure. */
interface Panel {
  readonly heading: string;
  readonly rows: number;
  readonly columns: number;
  readonly values: Float32Array;
}

/** Draws the locality figure of one block. */
export function drawLocality(recipe: LocalityRecipe, pattern: BlockPattern): DisplayList {
  const page = pageOf(recipe.layout);
  const title = titleBlock(page, recipe.layout.title);
  const columns = [columnOf('before', pattern.before), columnOf('after', pattern.after), randomColumn(pattern)];
  const numbers = numbersTable(page, title.bottom + 2, columns);
  const profile = profilePlot(page, numbers.bottom + page.size, mergeSeries(pattern));
  const middle = (page.left + page.right) / 2;
  const densities = mapPair({ ...page, right: middle - page.size / 2 }, profile.bottom + page.size, densityPanels(pattern), 'log');
  const positions = mapPair({ ...page, left: middle + page.size / 2 }, profile.bottom + page.size, positionPanels(pattern), 'linear');
  const caption = note(page, Math.max(densities.bottom, positions.bottom), captionText(pattern));
  const name = recipe.layout.title ?? `Locality of ${pattern.path}`;
  return assemble(page, name, descriptionText(pattern), [title, numbers, profile, densities, positions, caption]);
}

/** The numbers a paper prints, in words. */
export const ROWS: readonly (readonly [name: string, value: (pattern: MatrixPattern) => string])[] = [
  ['translation-invariant share', (pattern) => percent(pattern.invariantShare)],
  ['share outside the largest kernel', (pattern) => percent(pattern.locality.longRangeShare)],
  ['half-energy radius', (pattern) => `${figureNumber(pattern.locality.halfEnergyRadius)} px`],
  ['left-right symmetry', (pattern) => figureNumber(pattern.symmetry.leftRight, 2)],
  ['up-down symmetry', (pattern) => figureNumber(pattern.symmetry.upDown, 2)],
];

/** A column of the table of numbers. */
export interface NumberColumn {
  readonly title: string;
  readonly values: readonly string[];
  readonly faint?: boolean;
}

/** A matrix's numbers as a column. */
export function columnOf(title: string, pattern: MatrixPattern): NumberColumn {
  return { title, values: ROWS.map(([, value]) => value(pattern)) };
}

/** What random weights would give. */
export function randomColumn({ baselines: { random, randomInvariantShare } }: BlockPattern): NumberColumn {
  const values = [percent(randomInvariantShare), percent(random.longRangeShare), `${figureNumber(random.halfEnergyRadius)} px`, '0', '0'];
  return { title: 'random', values, faint: true };
}

/** The measures side by side; below each other where the page is too narrow for all columns. */
export function numbersTable(page: Page, top: number, columns: readonly NumberColumn[]): Placed {
  const room = page.right - page.left - Math.max(...ROWS.map(([name]) => textWidth(name, page.small)));
  const widest = Math.max(...columns.map((column) => columnWidth(column, page.small)));
  const perTable = Math.max(1, Math.min(columns.length, Math.floor((room * FILLED) / widest)));
  const pitch = Math.min(page.small * 13, room / perTable);
  return rowsOf(columns, perTable).reduce<Placed>(
    (above, part) => {
      const { marks, bottom } = partOfTable(page, above.bottom, part, pitch);
      return { marks: [...above.marks, ...marks], bottom };
    },
    { marks: [], bottom: top },
  );
}

/** Share of a column that its words may fill. */
const FILLED = 0.95;

function columnWidth({ title, values }: NumberColumn, size: number): number {
  return Math.max(textWidth(title, size, true), ...values.map((value) => textWidth(value, size)));
}

function partOfTable(page: Page, top: number, columns: readonly NumberColumn[], pitch: number): Placed {
  const rightOf = (column: number): number => page.right - (columns.length - 1 - column) * pitch;
  const lineAt = (row: number): number => top + page.size * (1 + row * 1.4);
  const titles = columns.map(({ title }, i) =>
    textAt(rightOf(i), lineAt(0), fitText(title, page.small, pitch * FILLED, true), page.small, { anchor: 'end', bold: true }),
  );
  const rows = ROWS.flatMap(([name], row): Mark[] => [
    textAt(page.left, lineAt(row + 1), name, page.small),
    ...columns.map(({ values, faint }, i) =>
      textAt(rightOf(i), lineAt(row + 1), values[row], page.small, { anchor: 'end', ...(faint && { fill: FAINT_INK }) }),
    ),
  ]);
  return { marks: [...titles, ...rows], bottom: lineAt(ROWS.length) + page.size * 0.5 };
}

/** Mean energy per weight at each displacement (2h-1, 2w-1), relative to the mean over all weights. */
export function densityOf(pattern: MatrixPattern, shape: FcShape): Float32Array {
  const counts = pairCounts(shape);
  const positions = (shape.h * shape.w) ** 2;
  return Float32Array.from(pattern.byDisplacement, (share, index) => (share * positions) / counts[index]);
}

function densityPanels({ before, after, shape }: BlockPattern): Panel[] {
  const size = { rows: 2 * shape.h - 1, columns: 2 * shape.w - 1 };
  return [
    { heading: 'displacement, before', ...size, values: densityOf(before, shape) },
    { heading: 'displacement, after', ...size, values: densityOf(after, shape) },
  ];
}

function positionPanels({ after, shape }: BlockPattern): Panel[] {
  const size = { rows: shape.h, columns: shape.w };
  return [
    { heading: 'output position, after', ...size, values: Float32Array.from(after.positions.output) },
    { heading: 'input position, after', ...size, values: Float32Array.from(after.positions.input) },
  ];
}

/** Two maps side by side on one scale with its colour bar, in their part of the page. */
function mapPair(page: Page, top: number, panels: readonly Panel[], spacing: 'log' | 'linear'): Placed {
  const scale = positiveScale(
    panels.map((panel) => panel.values),
    spacing,
  );
  const gap = page.size;
  const side = (page.right - page.left - gap) / 2;
  const headings = panels.map((panel, i) => paragraph(page.left + i * (side + gap), top, panel.heading, page.small, side, { bold: true }));
  const y = Math.max(...headings.map((heading) => heading.bottom)) + 1;
  const maps = panels.flatMap((panel, i) => {
    const box: Box = { x: page.left + i * (side + gap), y, width: side, height: (side * panel.rows) / panel.columns };
    return heatMap({ rows: panel.rows, columns: panel.columns, data: panel.values }, box, scale, 'viridis');
  });
  const height = Math.max(...panels.map((panel) => (side * panel.rows) / panel.columns));
  const bar = colourBar(page, y + height + page.size * 0.5, scale, 'viridis');
  return { marks: [...headings.flatMap((heading) => heading.marks), ...maps, ...bar.marks], bottom: bar.bottom };
}

function captionText({ path, shape, largestKernel, projectionDifference, largestMergedKernel }: BlockPattern): string {
  const { O, channels, h, w } = shape;
  const block = `Block ${path}: ${O} x ${channels} channels (output x input of one group), partition ${h} x ${w}, largest kernel ${largestKernel} x ${largestKernel}.`;
  const maps =
    'Maps: mean energy (w squared) per weight relative to the mean of all weights, displacement maps in logarithmic colours, position maps in linear ones; displacement 0 in the middle.';
  const check =
    largestMergedKernel === 0
      ? ''
      : ` The projections before and after differ by the merged kernel within ${figureNumber(projectionDifference, 2)} (largest kernel value ${figureNumber(largestMergedKernel)}).`;
  return `${block} ${maps}${check}`;
}

function descriptionText({ path, before, after }: BlockPattern): string {
  const change = (name: string, value: (pattern: MatrixPattern) => string): string =>
    `${name} ${value(before)} before and ${value(after)} after`;
  return `Locality of FC3 in block ${path}: ${ROWS.map(([name, value]) => change(name, value)).join('; ')}.`;
}
