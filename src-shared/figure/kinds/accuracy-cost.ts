// Accuracy against cost: every run's best validation metric over the work of its merged form, logarithmic.
// Runs are numbered in the plot and named below it, so that no name lies on another.
import { conventionText, PAPER_CONVENTION } from '../../cost/convention';
import type { RunCost } from '../../run/run-cost';
import { axesMarks, axisOf, xAt, yAt, type Plot } from '../page/axes';
import { FAINT_INK, filled, textAt, type DisplayList, type Mark } from '../page/display-list';
import { textWidth } from '../page/font-metrics';
import { assemble, figureNumber, note, pageOf, percent, shortCount, titleBlock, type Page, type Placed } from '../page/layout';
import type { FigureRecipe } from '../recipe';

export type AccuracyCostRecipe = Extract<FigureRecipe, { kind: 'accuracy-cost' }>;

/** The runs drawn, and what their metric is called. */
export interface RunCosts {
  readonly metricName: string;
  readonly runs: readonly RunCost[];
}

const DOT = '#2a6fae';

/** Draws the points. Without a validated run the figure says so. */
export function drawAccuracyCost(recipe: AccuracyCostRecipe, { runs, metricName }: RunCosts): DisplayList {
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
  const [low, high] = [Math.min(...powers) - 0.1, Math.max(...powers) + 0.1];
  const metrics = runs.map(({ metric }) => metric);
  const x = axisOf(low, high, box.width / (page.small * 7), false);
  const plot: Plot = {
    box,
    x: { ...x, ticks: [] },
    y: axisOf(Math.min(...metrics) - 0.01, Math.max(...metrics) + 0.01, 5, true),
    size: page.small,
  };
  const ticks = x.ticks.map((power) =>
    textAt(xAt(plot, power), box.y + box.height + page.small * 1.3, shortCount(10 ** power), page.small, {
      anchor: 'middle',
      fill: FAINT_INK,
    }),
  );
  const marks = axesMarks(plot, 'work of the merged form, logarithmic', metricName, (share) => `${figureNumber(100 * share)} %`);
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
