// Accuracy against cost: every run's best validation metric over the work of its merged form, logarithmic.
// Runs are numbered in the plot and named below it, so that no name lies on another.
import { largestOf, smallestOf } from '../../base/extremes';
import { z } from 'zod';
import { digitsOf, logTicks, shareRange } from '../../base/ticks';
import { UserError } from '../../base/user-error';
import { conventionText, PAPER_CONVENTION, type Convention } from '../../cost/convention';
import type { RunRecord } from '../../run/run';
import { judgedName, runCost, type RunCost } from '../../run/run-cost';
import { figureKind } from '../kind';
import { rangeOf } from '../page/sharing';
import { axesMarks, axisOf, everyNth, plotBottom, xAt, type Plot } from '../page/axes';
import { FAINT_INK, textAt, type DisplayList, type FigureTable } from '../page/display-list';
import { textWidth } from '../page/font-metrics';
import { assemble, figureNumber, note, pageOf, percent, placeholder, shortCount, titleBlock, type Page, type Placed } from '../page/layout';
import { scatterDots } from './scatter-dots';
import { conventionSchema, recipeSchema } from '../recipe';

const schema = recipeSchema('accuracy-cost', {
  runs: z.array(z.string().min(1)).min(1, 'name at least one run folder').readonly(),
  convention: conventionSchema.optional(),
});
type AccuracyCostRecipe = z.infer<typeof schema>;

/** The runs drawn, and what their metric is called. */
interface RunCosts {
  readonly metricName: string;
  readonly runs: readonly RunCost[];
}

export const accuracyCost = figureKind(schema)({
  kind: 'accuracy-cost',
  title: 'Accuracy against cost',
  says: 'every run over the work of its merged form',
  about: 'runs',
  start: (head, { runs, convention }) => ({ ...head, kind: 'accuracy-cost', runs, convention }),
  form: ({ convention }) => [{ field: 'convention', widget: 'convention', value: convention }],
  lacks: ({ runs }) => (runs.length === 0 ? 'There is no run yet whose accuracy could be drawn; train one, or open its folder.' : null),
  read: async ({ runs, convention }, sources) => runCosts(await Promise.all(runs.map((run) => sources.run(run))), convention),
  draw: drawAccuracyCost,
});

/** Every run that has a validated epoch. Throws UserError for runs of different tasks: their metrics are not on one axis. */
export function runCosts(runs: readonly RunRecord[], convention?: Convention): RunCosts {
  const [first, other] = [...new Set(runs.map(({ config }) => config.spec.task))];
  if (other !== undefined)
    throw new UserError(`runs of ${first} and of ${other} have different metrics and share no axis; draw them apart`);
  return { metricName: judgedName(first, runs), runs: runs.flatMap((run) => runCost(run, convention) ?? []) };
}

/** Draws the points. Without a validated run the figure says so. */
function drawAccuracyCost(recipe: AccuracyCostRecipe, { runs, metricName }: RunCosts): DisplayList {
  const page = pageOf(recipe.layout);
  const title = titleBlock(page, recipe.layout.title);
  const convention = recipe.convention ?? PAPER_CONVENTION;
  const plot =
    runs.length === 0
      ? placeholder(page, title.bottom, 'No run has a validated epoch yet.')
      : scatter(page, title.bottom, runs, metricName);
  const names = runs.map(
    ({ run, model, metric, operations }, i) => `${i + 1} ${run} (${model}): ${percent(metric)} at ${shortCount(operations)}`,
  );
  const unit = convention.unit === 'macs' ? 'multiply-accumulates' : 'FLOPs';
  const text = `Best validation ${metricName} of each run over the ${unit} of its merged form. ${names.length > 0 ? `${names.join('; ')}. ` : ''}Convention: ${conventionText(convention)}.`;
  const caption = note(page, plot.bottom + 2, text);
  const about = { title: recipe.layout.title ?? 'Accuracy against cost', description: text, tables: [tableOf(runs, metricName, unit)] };
  return assemble(page, about, [title, plot, caption]);
}

function tableOf(runs: readonly RunCost[], metricName: string, unit: string): FigureTable {
  return {
    name: 'runs',
    columns: ['number', 'run', 'model', `best validation ${metricName}`, `${unit}, merged form`],
    rows: runs.map(({ run, model, metric, operations }, i) => [i + 1, run, model, metric, operations]),
  };
}

const TITLE = 'work of the merged form, logarithmic';

function scatter(page: Page, top: number, runs: readonly RunCost[], metricName: string): Placed {
  const left = page.left + page.small * 4.5;
  const box = {
    x: left,
    y: top + page.small * 2,
    width: page.right - left - page.size * 2,
    height: (page.right - left) * 0.45 * page.scale,
  };
  const powers = runs.map(({ operations }) => Math.log10(operations));
  const { yRange } = page.layout;
  const [low, high] = powersOf(page, powers);
  const metrics = runs.map(({ metric }) => metric);
  const plot: Plot = {
    box,
    x: { from: low, to: high, ticks: [] },
    y: axisOf(...shareRange(...rangeOf(page, metricName, smallestOf(metrics), largestOf(metrics)), 0.01), 5, true, yRange),
    size: page.small,
  };
  const titles = { x: TITLE, y: metricName };
  const work = logTicks(10 ** low, 10 ** high, box.width / (page.small * 8));
  const digits = digitsOf(work);
  const at = (operations: number): number => xAt(plot, Math.log10(operations));
  const reach = (operations: number): number => textWidth(shortCount(operations, digits), page.small) + page.small * 0.5;
  const ticks = everyNth(work, at, reach).map((operations) =>
    textAt(at(operations), box.y + box.height + page.small * 1.3, shortCount(operations, digits), page.small, {
      anchor: 'middle',
      fill: FAINT_INK,
    }),
  );
  const marks = axesMarks(plot, titles, (share, shown) => `${figureNumber(100 * share, shown)} %`);
  return { marks: [...marks, ...ticks, ...scatterDots(plot, runs)], bottom: plotBottom(plot, titles) };
}

/** Powers of ten of the axis: as asked, else around the runs. */
function powersOf(page: Page, powers: readonly number[]): readonly [number, number] {
  const { xRange: asked } = page.layout;
  if (asked === undefined) return rangeOf(page, TITLE, smallestOf(powers) - 0.1, largestOf(powers) + 0.1);
  if (asked[0] <= 0) throw new UserError(`the axis of work is logarithmic: its limits are positive, got ${asked.join(' to ')}`);
  return [Math.log10(asked[0]), Math.log10(asked[1])];
}
