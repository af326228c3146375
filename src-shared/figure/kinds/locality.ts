// Where a block looks, as one figure: energy density by displacement before and after merging, the
// profile over distance with its baselines, position maps, and the numbers a paper prints.
import { largestOf } from '../../base/extremes';
import type { z } from 'zod';
import { analyseBlock, type BlockPattern, type MatrixPattern } from '../../pattern/analyse';
import { figureKind } from '../kind';
import type { DisplayList } from '../page/display-list';
import { longestWord } from '../page/font-metrics';
import { heatMap, type Box } from '../page/heat-map';
import { assemble, figureNumber, note, pageOf, paragraph, titleBlock, type Page, type Placed } from '../page/layout';
import { colourBar } from '../page/legend';
import { drawLocalityBeside, drawLocalityEpochs } from './locality-series';
import { measurePatterns, patternSchema } from './pattern-data';
import { columnOf, columnsTable, densityOf, numbersTable, profileTable, randomColumn, ROWS } from './locality-numbers';
import { mergeSeries, profilePlot } from './locality-profile';
import { scaleOf } from '../page/sharing';

const schema = patternSchema('locality', {});
type LocalityRecipe = z.infer<typeof schema>;

export const locality = figureKind(schema)({
  kind: 'locality',
  title: 'Locality profile',
  says: 'energy against displacement',
  about: 'block',
  isOfBlock: true,
  start: (head, { source }) => ({ ...head, kind: 'locality', source }),
  form: () => [],
  read: (recipe, sources) =>
    measurePatterns(recipe, sources, ({ subject, matrices, block }) => [{ subject, pattern: analyseBlock(matrices, block) }]),
  draw: (recipe, { about, measured }) => {
    if (about.epochs.length > 0) return drawLocalityEpochs(recipe, about, measured);
    return measured.length > 1 ? drawLocalityBeside(recipe, about, measured) : drawLocality(recipe, measured[0].pattern);
  },
});

/** A named map of the figure. */
interface Panel {
  readonly heading: string;
  readonly rows: number;
  readonly columns: number;
  readonly values: Float32Array;
}

/** Draws the locality figure of one block. */
function drawLocality(recipe: LocalityRecipe, pattern: BlockPattern): DisplayList {
  const page = pageOf(recipe.layout);
  const title = titleBlock(page, recipe.layout.title);
  const columns = [columnOf('before', pattern.before), columnOf('after', pattern.after), randomColumn(pattern)];
  const numbers = numbersTable(page, title.bottom + 2, columns);
  const profile = profilePlot(page, numbers.bottom + page.size, mergeSeries(pattern));
  const [densities, positions] = mapPairs(page, profile.bottom + page.size, densityPanels(pattern), positionPanels(pattern));
  const caption = note(page, Math.max(densities.bottom, positions.bottom), captionText(pattern));
  const name = recipe.layout.title ?? `Locality of ${pattern.path}`;
  const tables = [columnsTable(columns), profileTable(mergeSeries(pattern))];
  return assemble(page, { title: name, description: descriptionText(pattern), tables }, [
    title,
    numbers,
    profile,
    densities,
    positions,
    caption,
  ]);
}

/** Both pairs of maps, beside each other where the words over them fit, else one below the other. */
function mapPairs(page: Page, top: number, densities: readonly Panel[], positions: readonly Panel[]): [Placed, Placed] {
  const middle = (page.left + page.right) / 2;
  const half = { ...page, right: middle - page.size / 2 };
  const longest = largestOf([...densities, ...positions].map(({ heading }) => longestWord(heading, page.small, true)));
  if (longest <= sideOf(half)) {
    const other = { ...page, left: middle + page.size / 2 };
    return [mapPair(half, top, densities, 'log'), mapPair(other, top, positions, 'linear')];
  }
  const above = mapPair(page, top, densities, 'log');
  return [above, mapPair(page, above.bottom + page.size * 0.5, positions, 'linear')];
}

/** Width of one of two maps side by side. */
function sideOf({ left, right, size, scale }: Page): number {
  return (scale * (right - left - size)) / 2;
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
  const quantity = `energy by ${spacing === 'log' ? 'displacement' : 'position'}`;
  const scale = scaleOf(page, { quantity, arrays: panels.map((panel) => panel.values), spacing, colours: 'viridis' });
  const gap = page.size;
  const side = sideOf(page);
  const headings = panels.map((panel, i) => paragraph(page.left + i * (side + gap), top, panel.heading, page.small, side, { bold: true }));
  const y = largestOf(headings.map((heading) => heading.bottom)) + 1;
  const maps = panels.flatMap((panel, i) => {
    const box: Box = { x: page.left + i * (side + gap), y, width: side, height: (side * panel.rows) / panel.columns };
    return heatMap({ name: panel.heading, rows: panel.rows, columns: panel.columns, data: panel.values }, box, scale, 'viridis');
  });
  const height = largestOf(panels.map((panel) => (side * panel.rows) / panel.columns));
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

function descriptionText(pattern: BlockPattern): string {
  const { path, before, after } = pattern;
  const change = (name: string, value: (pattern: MatrixPattern) => string): string =>
    `${name} ${value(before)} before and ${value(after)} after`;
  return `Locality of FC3 in block ${path}: ${ROWS.map(([name, value]) => change(name, value)).join('; ')}. ${structureText(pattern)}`;
}

/** What the numbers say in words, against what independent weights of one variance give. */
function structureText({ before, after, baselines: { randomInvariantShare } }: BlockPattern): string {
  const said = (stage: string, { invariantShare }: MatrixPattern): string => {
    const times = invariantShare / randomInvariantShare;
    const verdict = times < STRUCTURED ? 'no more structure of a convolution than random weights' : 'the structure of a convolution';
    return `${stage} the merge the weights show ${verdict} (${figureNumber(times, 2)} times the share of random ones)`;
  };
  return `${said('Before', before)}; ${said('after', after)}.`;
}

/** From this many times the random share on, structure is not chance: the share of random weights varies by a few per cent. */
const STRUCTURED = 1.5;
