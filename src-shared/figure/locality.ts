// Where a block looks, as one figure: energy density by displacement before and after merging, the
// profile over distance with its baselines, position maps, and the numbers a paper prints.
import { pairCounts } from '../pattern/displacement';
import type { BlockPattern, MatrixPattern } from '../pattern/analyse';
import { FAINT_INK, textAt, type DisplayList, type Mark } from './display-list';
import { heatMap, type Box } from './heat-map';
import { assemble, figureNumber, note, pageOf, paragraph, percent, titleBlock, type Page, type Placed } from './layout';
import { colourBar } from './legend';
import { profilePlot } from './locality-profile';
import type { FigureRecipe } from './recipe';
import type { ValueScale } from './value-scale';

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
  const numbers = numbersTable(page, title.bottom + 2, pattern);
  const profile = profilePlot(page, numbers.bottom + page.size, pattern);
  const middle = (page.left + page.right) / 2;
  const densities = mapPair({ ...page, right: middle - page.size / 2 }, profile.bottom + page.size, densityPanels(pattern), 'log');
  const positions = mapPair({ ...page, left: middle + page.size / 2 }, profile.bottom + page.size, positionPanels(pattern), 'linear');
  const caption = note(page, Math.max(densities.bottom, positions.bottom), captionText(pattern));
  const name = recipe.layout.title ?? `Locality of ${pattern.path}`;
  return assemble(page, name, descriptionText(pattern), [title, numbers, profile, densities, positions, caption]);
}

const ROWS: readonly (readonly [name: string, value: (pattern: MatrixPattern) => string])[] = [
  ['translation-invariant share', (pattern) => percent(pattern.invariantShare)],
  ['share outside the largest kernel', (pattern) => percent(pattern.locality.longRangeShare)],
  ['half-energy radius', (pattern) => `${figureNumber(pattern.locality.halfEnergyRadius)} px`],
  ['left-right symmetry', (pattern) => figureNumber(pattern.symmetry.leftRight, 2)],
  ['up-down symmetry', (pattern) => figureNumber(pattern.symmetry.upDown, 2)],
];

/** The measures before and after, and what random weights would give. */
function numbersTable(page: Page, top: number, pattern: BlockPattern): Placed {
  const width = page.right - page.left;
  const columns = [0.68, 0.84, 1].map((share) => page.left + share * width);
  const { random, randomInvariantShare } = pattern.baselines;
  const chance = [percent(randomInvariantShare), percent(random.longRangeShare), `${figureNumber(random.halfEnergyRadius)} px`, '0', '0'];
  const right = { anchor: 'end' as const };
  const lineAt = (row: number): number => top + page.size * (1 + row * 1.4);
  const head = ['before', 'after', 'random'].map((text, i) => textAt(columns[i], lineAt(0), text, page.small, { ...right, bold: true }));
  const rows = ROWS.flatMap(([name, value], i): Mark[] => [
    textAt(page.left, lineAt(i + 1), name, page.small),
    ...[value(pattern.before), value(pattern.after)].map((text, k) => textAt(columns[k], lineAt(i + 1), text, page.small, right)),
    textAt(columns[2], lineAt(i + 1), chance[i], page.small, { ...right, fill: FAINT_INK }),
  ]);
  return { marks: [...head, ...rows], bottom: lineAt(ROWS.length) + page.size * 0.5 };
}

/** Mean energy per weight at each displacement, relative to the mean over all weights. */
function densityPanels({ before, after, shape }: BlockPattern): Panel[] {
  const counts = pairCounts(shape);
  const positions = (shape.h * shape.w) ** 2;
  const density = (pattern: MatrixPattern): Float32Array =>
    Float32Array.from(pattern.byDisplacement, (share, index) => (share * positions) / counts[index]);
  const size = { rows: 2 * shape.h - 1, columns: 2 * shape.w - 1 };
  return [
    { heading: 'displacement, before', ...size, values: density(before) },
    { heading: 'displacement, after', ...size, values: density(after) },
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
  const scale = densityScale(
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

/** A scale for positive densities; zeros lie at the low end. */
function densityScale(maps: readonly Float32Array[], spacing: 'log' | 'linear'): ValueScale {
  const values = maps.flatMap((map) => [...map]).filter((value) => value > 0);
  const [least, most] = values.length === 0 ? [1, 1] : [Math.min(...values), Math.max(...values)];
  const middle = spacing === 'log' ? Math.sqrt(least * most) : (least + most) / 2;
  const between = (value: number): number => {
    if (most === least) return 0.5;
    return spacing === 'log' ? Math.log(value / least) / Math.log(most / least) : (value - least) / (most - least);
  };
  return {
    position: (value) => (value > 0 ? between(value) : 0),
    ticks: [least, middle, most].map((value) => ({ value, label: figureNumber(value) })),
    rule: `${spacing === 'log' ? 'logarithmic' : 'linear'} from ${figureNumber(least)} to ${figureNumber(most)}`,
  };
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
