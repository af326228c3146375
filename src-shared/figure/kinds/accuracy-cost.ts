// Accuracy against cost: every run's best validation metric over the work of its merged form, logarithmic.
// Runs are numbered in the plot and named below it, so that no name lies on another.
import { largestOf, smallestOf } from '../../base/extremes';
import { z } from 'zod';
import { digitsOf, logTicks, shareRange } from '../../base/ticks';
import { UserError } from '../../base/user-error';
import { conventionText, PAPER_CONVENTION, type Convention } from '../../cost/convention';
import type { RunRecord } from '../../run/run';
import { METRIC_NAMES, runCost, type RunCost } from '../../run/run-cost';
import { figureKind } from '../kind';
import { axesMarks, axisOf, xAt, yAt, type Plot } from '../page/axes';
import { FAINT_INK, filled, textAt, type DisplayList, type Mark } from '../page/display-list';
import { textWidth } from '../page/font-metrics';
import { assemble, figureNumber, note, pageOf, percent, shortCount, titleBlock, type Page, type Placed } from '../page/layout';
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
  return { metricName: METRIC_NAMES[first], runs: runs.flatMap((run) => runCost(run, convention) ?? []) };
}

const DOT = '#2a6fae';

/** Draws the points. Without a validated run the figure says so. */
function drawAccuracyCost(recipe: AccuracyCostRecipe, { runs, metricName }: RunCosts): DisplayList {
  const page = pageOf(recipe.layout);
  const title = titleBlock(page, recipe.layout.title);
  const convention = recipe.convention ?? PAPER_CONVENTION;
  const plot =
    runs.length === 0 ? note(page, title.bottom, 'No run has a validated epoch yet.') : scatter(page, title.bottom, runs, metricName);
  const names = runs.map(
    ({ run, model, metric, operations }, i) => `${i + 1} ${run} (${model}): ${percent(metric)} at ${shortCount(operations)}`,
  );
  const unit = convention.unit === 'macs' ? 'multiply-accumulates' : 'FLOPs';
  const text = `Best validation ${metricName} of each run over the ${unit} of its merged form. ${names.join('; ')}. Convention: ${conventionText(convention)}.`;
  const caption = note(page, plot.bottom + 2, text);
  return assemble(page, recipe.layout.title ?? 'Accuracy against cost', text, [title, plot, caption]);
}

function scatter(page: Page, top: number, runs: readonly RunCost[], metricName: string): Placed {
  const left = page.left + page.small * 4.5;
  const box = { x: left, y: top + page.small * 2, width: page.right - left - page.size * 2, height: (page.right - left) * 0.45 };
  const powers = runs.map(({ operations }) => Math.log10(operations));
  const [low, high] = [smallestOf(powers) - 0.1, largestOf(powers) + 0.1];
  const metrics = runs.map(({ metric }) => metric);
  const plot: Plot = {
    box,
    x: { from: low, to: high, ticks: [] },
    y: axisOf(...shareRange(smallestOf(metrics), largestOf(metrics), 0.01), 5, true),
    size: page.small,
  };
  const work = logTicks(10 ** low, 10 ** high, box.width / (page.small * 8));
  const digits = digitsOf(work);
  const ticks = work.map((operations) =>
    textAt(xAt(plot, Math.log10(operations)), box.y + box.height + page.small * 1.3, shortCount(operations, digits), page.small, {
      anchor: 'middle',
      fill: FAINT_INK,
    }),
  );
  const percentText = (share: number, shown: number): string => `${figureNumber(100 * share, shown)} %`;
  const marks = axesMarks(plot, 'work of the merged form, logarithmic', metricName, percentText);
  return { marks: [...marks, ...ticks, ...dots(page, plot, runs)], bottom: box.y + box.height + page.small * 2.9 };
}

/** A dot per run; its number beside it where no other number is in the way. */
function dots(page: Page, plot: Plot, runs: readonly RunCost[]): Mark[] {
  const placed: { x: number; y: number }[] = [];
  return runs.flatMap(({ operations, metric }, i): Mark[] => {
    const [x, y] = [xAt(plot, Math.log10(operations)), yAt(plot, metric)];
    const dot = filled(x - 1.8, y - 1.8, 3.6, 3.6, DOT);
    const reach = textWidth('00', page.small);
    if (placed.some((other) => Math.abs(other.x - x) < reach && Math.abs(other.y - y) < page.small)) return [dot];
    placed.push({ x, y });
    return [dot, textAt(x + 3, y - 2, String(i + 1), page.small)];
  });
}
