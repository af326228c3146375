// Where merged kernels of a file of an unknown network look, each as the matrix it is on a map (as the patterns stage shows them):
// energy by displacement, and by distance beside chance and beside any kernel of its size.
import { z } from 'zod';
import { UserError } from '../../base/user-error';
import { MAP_ASSUMPTION } from '../../merge/kernel-matrix';
import { placeText } from '../../merge/recipes/summaries';
import { pairCounts } from '../../pattern/displacement';
import { kernelPattern, looksAround, shapeOfPattern, type KernelPattern } from '../../pattern/kernel-pattern';
import { localityBaselines } from '../../pattern/locality';
import { shapeText } from '../../tensor/tensor';
import { figureKind, type FigureSources } from '../kind';
import { FAINT_INK, type DisplayList, type FigureTable } from '../page/display-list';
import { assemble, figureNumber, note, pageOf, panelLetter, paragraph, titleBlock, type Page, type Placed } from '../page/layout';
import { colourBar } from '../page/legend';
import { AFTER, SERIES } from '../page/series-colours';
import { scaleOf } from '../page/sharing';
import { tileGrid } from '../page/tiles';
import { index, recipeSchema, sourceSchema, type FigureSource } from '../recipe';
import { profilePlot, type Series } from './locality-profile';

const schema = recipeSchema('kernel-patterns', {
  /** Its `layer` is the place of the merged layer; the first that looks at more than one place where it is left out. */
  source: sourceSchema,
  /** Height and width of the map; a usual one. */
  map: z.tuple([index.min(1), index.min(1)]).optional(),
});
type Recipe = z.infer<typeof schema>;

export const kernelPatterns = figureKind(schema)({
  kind: 'kernel-patterns',
  title: 'Patterns of a merged kernel',
  says: 'where a merged layer of any family looks',
  about: 'block',
  start: (head, { source }) => ({ ...head, kind: 'kernel-patterns', source }),
  form: () => [],
  read: ({ source, map }, sources) => readPattern(source, map, sources),
  draw,
});

/** Rejects with UserError where there is no such layer, or it looks at one place. */
async function readPattern(
  source: FigureSource,
  map: Recipe['map'],
  sources: FigureSources,
): Promise<KernelPattern & { readonly fileName: string }> {
  const { kernels, fileName } = await sources.layers(source);
  const around = kernels.filter(({ shape }) => looksAround(shape));
  const found = source.layer === undefined ? around[0] : around.find(({ path }) => path === source.layer);
  if (found === undefined) {
    const which = source.layer === undefined ? '' : ` called ${source.layer}`;
    const there =
      around.length === 0 ? 'its layers look at one place each' : `it has ${around.map(({ path }) => placeText(path)).join(', ')}`;
    throw new UserError(`${fileName} has no merged kernel${which} larger than 1x1: ${there}`);
  }
  return { ...kernelPattern(found, map === undefined ? null : [map[0], map[1]]), fileName };
}

function draw(recipe: Recipe, pattern: KernelPattern & { readonly fileName: string }): DisplayList {
  const page = pageOf(recipe.layout);
  const { path, kernel, map, after, fileName } = pattern;
  const series = seriesOf(pattern);
  const title = titleBlock(page, recipe.layout.title);
  const distances = titled(page, title.bottom + 2, `${panelLetter(page, 0)}energy by distance`, (top) => profilePlot(page, top, series));
  const displacements = titled(page, distances.bottom + page.size * 0.5, `${panelLetter(page, 1)}energy by displacement`, (top) =>
    displacementMap(page, top, recipe, pattern),
  );
  const name = placeText(path);
  const text =
    `Merged kernel of ${name} in ${fileName} (${pattern.recipe}), ${shapeText(kernel)}, as the matrix it is on a map of ${map.join('x')}; ` +
    `assumed, as no weights tell it: ${MAP_ASSUMPTION}. Energy is w squared per weight, relative to the mean of all weights, logarithmic; displacement 0 in the middle, grey where there is none.`;
  const within = after.locality.densityByDistance.map((density, distance) => `${distance}: ${figureNumber(density)}`).slice(0, 4);
  const about = {
    title: recipe.layout.title ?? `Where ${name} looks`,
    description: `${text} Energy per weight by distance ${within.join(', ')}.`,
    tables: [tableOf(series)],
  };
  return assemble(page, about, [title, distances, displacements, note(page, displacements.bottom + 2, text)]);
}

function titled(page: Page, top: number, text: string, piece: (top: number) => Placed): Placed {
  const heading = paragraph(page.left, top, text, page.size, page.right - page.left, { bold: true });
  const below = piece(heading.bottom);
  return { marks: [...heading.marks, ...below.marks], bottom: below.bottom };
}

function displacementMap(page: Page, top: number, recipe: Recipe, pattern: KernelPattern): Placed {
  const [h, w] = pattern.map;
  const counts = pairCounts(shapeOfPattern(pattern));
  const data = Float32Array.from(pattern.after.byDisplacement, (share, at) => (share / counts[at]) * (h * w) ** 2);
  const scale = scaleOf(recipe, { quantity: 'energy by displacement', arrays: [data], spacing: 'log', colours: 'viridis' });
  const tile = { rows: 2 * h - 1, columns: 2 * w - 1, data, name: 'energy by displacement', heading: '', captions: [] };
  // No energy has no logarithm: it is not to look like the least there is.
  const shown = { ...scale, position: (value: number) => (value > 0 ? scale.position(value) : Number.NaN) };
  const map = tileGrid(page, top, [tile], { perRow: 1, scale: shown, colours: 'viridis' });
  const bar = colourBar(page, map.bottom, scale, 'viridis');
  return { marks: [...map.marks, ...bar.marks], bottom: bar.bottom };
}

function seriesOf(pattern: KernelPattern): Series[] {
  const [, , K, L] = pattern.kernel;
  const { random, convolution } = localityBaselines(shapeOfPattern(pattern), Math.max(K, L));
  return [
    { name: 'merged kernel', colour: AFTER, dash: [], locality: pattern.after.locality },
    { name: 'random weights', colour: FAINT_INK, dash: [1, 1.5], locality: random },
    ...(convolution ? [{ name: `any ${K}x${L} kernel, on average`, colour: SERIES[2], dash: [4, 2], locality: convolution }] : []),
  ];
}

function tableOf(series: readonly Series[]): FigureTable {
  const [{ locality }] = series;
  const rows = locality.densityByDistance.map((_, distance) => [
    distance,
    ...series.map((one) => one.locality.densityByDistance[distance] ?? Number.NaN),
  ]);
  return { name: 'energy by distance', columns: ['distance', ...series.map(({ name }) => name)], rows };
}
