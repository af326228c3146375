// Curves of several runs in one plot: each run a line, or runs that differ in their seeds alone as the mean of their values
// with a band of one sample deviation to both sides. Invariant: a mean is of the runs that have the epoch, and how many is said.
import { z } from 'zod';
import { largestOf, smallestOf } from '../../base/extremes';
import { UserError } from '../../base/user-error';
import type { Task } from '../../model/spec';
import { groupRuns, spreadOf } from '../../run/groups';
import { batchMetricName, curveAxisName, metricName } from '../../run/metric-names';
import type { RunRecord } from '../../run/run';
import type { TrainingEvent } from '../../training/recipe/event';
import { figureKind } from '../kind';
import type { LineStyle } from '../page/curve';
import type { DisplayList, FigureTable } from '../page/display-list';
import { epochPlots, lineKey, withKey, type EpochQuantity } from '../page/epoch-plot';
import { assemble, figureNumber, note, pageOf, placeholder, titleBlock } from '../page/layout';
import { SERIES } from '../page/series-colours';
import { recipeSchema } from '../recipe';

const SHOWN = ['both', 'validation', 'training'] as const;
const schema = recipeSchema('run-curves', {
  runs: z.array(z.string().min(1)).min(1, 'name at least one run folder').readonly(),
  /** Whether runs that differ in their seeds alone are drawn as mean and spread, or each by itself. */
  seeds: z.enum(['together', 'apart']),
  shown: z.enum(SHOWN),
  /** Linear where left out. */
  lossAxis: z.enum(['linear', 'logarithmic']).optional(),
});
type RunCurvesRecipe = z.infer<typeof schema>;
type EpochEvent = Extract<TrainingEvent, { type: 'epoch' }>;
type Series = 'train' | 'validation';
type Quantity = 'loss' | 'metric';

export const runCurves = figureKind(schema)({
  kind: 'run-curves',
  title: 'Curves of several runs',
  says: 'loss and metric, mean and spread over seeds',
  about: 'runs',
  start: (head, { runs }) => ({ ...head, kind: 'run-curves', runs, seeds: 'together', shown: 'validation' }),
  form: ({ seeds, shown, lossAxis = 'linear' }) => [
    {
      field: 'seeds',
      widget: 'choice',
      label: 'Seeds',
      value: seeds,
      options: [
        ['together', 'mean and spread'],
        ['apart', 'every run by itself'],
      ],
    },
    {
      field: 'shown',
      widget: 'choice',
      label: 'Curves',
      value: shown,
      options: [
        ['validation', 'validation'],
        ['training', 'training'],
        ['both', 'training and validation'],
      ],
    },
    {
      field: 'lossAxis',
      widget: 'choice',
      label: 'Axis of the loss',
      value: lossAxis,
      options: [
        ['linear', 'linear'],
        ['logarithmic', 'logarithmic'],
      ],
    },
  ],
  lacks: ({ runs }) => (runs.length === 0 ? 'There is no run yet whose curves could be drawn; train one, or open its folder.' : null),
  read: async ({ runs }, sources) => {
    const read: RunEpochs[] = [];
    for (const path of new Set(runs)) {
      const epochs = (await sources.events(path)).filter((event) => event.type === 'epoch');
      read.push({ ...(await sources.run(path)), epochs });
    }
    return read;
  },
  draw: drawRunCurves,
});

/** A run with the events of its epochs. */
export type RunEpochs = RunRecord & { readonly epochs: readonly EpochEvent[] };

/** Lines of one colour and their numbers: a run, or runs that differ in their seeds alone. */
interface Drawn {
  readonly name: string;
  readonly runs: readonly RunEpochs[];
}

/** How lines of one colour are told apart where there are more than colours. */
const DASHES: readonly (readonly number[])[] = [[], [3, 1.5], [1, 1.5]];
const SERIES_NAMES: Readonly<Record<Series, string>> = { train: 'training', validation: 'validation' };

/** Loss and metric beside each other. Runs without a finished epoch give an empty plot that says so. */
function drawRunCurves(recipe: RunCurvesRecipe, runs: readonly RunEpochs[]): DisplayList {
  const page = pageOf(recipe.layout);
  const title = titleBlock(page, recipe.layout.title);
  const drawn = drawnOf(recipe, runs);
  const series = seriesOf(recipe);
  const lines = linesOf(drawn, series);
  const epochs = [...new Set(drawn.flatMap((one) => one.runs.flatMap((run) => run.epochs.map(({ epoch }) => epoch))))].sort(
    (a, b) => a - b,
  );
  const quantities = quantitiesOf(recipe, drawn, series, epochs);
  const plots = withKey(
    page,
    title.bottom + 2,
    (top) => lineKey(page, top, lines),
    (top) =>
      epochs.length === 0
        ? placeholder(page, top, 'No epoch of these runs is finished yet.')
        : epochPlots(page, top, epochs, quantities, lines),
  );
  const text = [...drawn.map((one) => endText(one, series)), ...(drawn.some(isTogether) ? [SPREAD] : []), ...unevenText(drawn)].join(' ');
  const name = recipe.layout.title ?? `Curves of ${runs.length} run${runs.length === 1 ? '' : 's'}`;
  const tables = [tableOf(epochs, quantities, lines)];
  return assemble(page, { title: name, description: text, tables }, [title, plots, note(page, plots.bottom + 2, text)]);
}

const SPREAD = 'Bands: one sample standard deviation (n - 1) to both sides of the mean over the seeds.';

/** The runs as they are drawn. Throws UserError for more than can be told apart. */
function drawnOf({ seeds, shown }: RunCurvesRecipe, runs: readonly RunEpochs[]): Drawn[] {
  const groups = seeds === 'together' ? groupRuns(runs) : runs.map((run) => ({ runs: [run] }));
  const most = shown === 'both' ? SERIES.length : SERIES.length * DASHES.length;
  if (groups.length > most)
    throw new UserError(
      `${groups.length} lines of ${shown === 'both' ? 'two curves each' : 'one kind'} cannot be told apart, ${most} can: draw fewer of the runs`,
    );
  const names = groups.map((group) => nameOf(group.runs));
  return groups.map((group, i) => ({
    name: names.filter((other) => other === names[i]).length === 1 ? names[i] : `${names[i]}, ${group.runs[0].name}`,
    runs: group.runs,
  }));
}

/** What runs of one group are called: what the names of all begin with, their network where that is nothing. */
function nameOf(runs: readonly RunEpochs[]): string {
  const [first, ...others] = runs.map(({ name }) => name);
  if (others.length === 0) return first;
  let length = first.length;
  for (const other of others) while (!other.startsWith(first.slice(0, length))) length--;
  const common = first.slice(0, length).replace(/[-_ .,]*(seed|s)?[-_ .,]*$/i, '');
  return `${common === '' ? runs[0].config.spec.name : common}, mean of ${runs.length} seeds`;
}

function isTogether({ runs }: Drawn): boolean {
  return runs.length > 1;
}

function seriesOf({ shown }: RunCurvesRecipe): Series[] {
  switch (shown) {
    case 'both':
      return ['train', 'validation'];
    case 'training':
      return ['train'];
    case 'validation':
      return ['validation'];
  }
}

function linesOf(drawn: readonly Drawn[], series: readonly Series[]): LineStyle[] {
  return drawn.flatMap(({ name }, i) =>
    series.map((one, k) => ({
      name: `${name}, ${SERIES_NAMES[one]}`,
      colour: SERIES[i % SERIES.length],
      dash: series.length === 2 ? DASHES[k] : DASHES[Math.floor(i / SERIES.length)],
    })),
  );
}

function quantitiesOf(
  { lossAxis }: RunCurvesRecipe,
  drawn: readonly Drawn[],
  series: readonly Series[],
  epochs: readonly number[],
): EpochQuantity[] {
  const of = (quantity: Quantity): Pick<EpochQuantity, 'values' | 'spread'> => {
    const spreads = drawn.flatMap(({ runs }) =>
      series.map((one) => epochs.map((epoch) => spreadOf(runs.flatMap((run) => valueAt(run, epoch, one, quantity))))),
    );
    return {
      values: spreads.map((line) => line.map((spread) => spread?.mean ?? Number.NaN)),
      spread: spreads.map((line) => line.map((spread) => spread?.deviation ?? Number.NaN)),
    };
  };
  const log = lossAxis === 'logarithmic';
  return [
    { name: log ? 'loss, logarithmic' : 'loss', log, ...of('loss') },
    { name: metricTitle(drawn, series), share: true, ...of('metric') },
  ];
}

/** A run's value at an epoch; none where it has none. A value that is not finite makes the mean so, and is a gap. */
function valueAt({ epochs }: RunEpochs, epoch: number, series: Series, quantity: Quantity): number[] {
  const found = epochs.findLast((event) => event.epoch === epoch);
  return found ? [found[series][quantity]] : [];
}

function tasksOf(drawn: readonly Drawn[]): Task[] {
  return drawn.flatMap(({ runs }) => runs.map(({ config }) => config.spec.task));
}

function metricTitle(drawn: readonly Drawn[], series: readonly Series[]): string {
  const tasks = tasksOf(drawn);
  if (series.length === 2) return curveAxisName(tasks);
  return series[0] === 'train' ? batchMetricName(tasks) : metricName(tasks);
}

/** Where a line ends: the mean over the runs that have the last epoch. */
function endText({ name, runs }: Drawn, series: readonly Series[]): string {
  const last = largestOf(
    runs.flatMap(({ epochs }) => epochs.map(({ epoch }) => epoch)),
    0,
  );
  if (last === 0) return `${name}: no epoch is finished.`;
  const ends = series.map((one) => {
    const parts = (['loss', 'metric'] as const).map((quantity) => {
      const spread = spreadOf(runs.flatMap((run) => valueAt(run, last, one, quantity)));
      const title = quantity === 'loss' ? 'loss' : metricTitle([{ name, runs }], [one]);
      const around = spread === null || spread.deviation === null ? '' : ` ± ${figureNumber(spread.deviation, 2)}`;
      return `${title} ${figureNumber(spread?.mean ?? Number.NaN)}${around}`;
    });
    return `${SERIES_NAMES[one]} ${parts.join(', ')}`;
  });
  const there = runs.filter(({ epochs }) => epochs.some(({ epoch }) => epoch === last)).length;
  const few = there === runs.length ? '' : ` (${there} of its ${runs.length} runs)`;
  return `${name}: after epoch ${last}${few}, ${ends.join('; ')}.`;
}

/** Which means are of fewer runs toward their end. */
function unevenText(drawn: readonly Drawn[]): string[] {
  return drawn.filter(isTogether).flatMap(({ name, runs }) => {
    const ends = runs.map(({ epochs }) =>
      largestOf(
        epochs.map(({ epoch }) => epoch),
        0,
      ),
    );
    const [least, most] = [smallestOf(ends), largestOf(ends)];
    return least === most ? [] : [`${name}: its runs end between epochs ${least} and ${most}, later means are of those that go on.`];
  });
}

function tableOf(epochs: readonly number[], quantities: readonly EpochQuantity[], lines: readonly LineStyle[]): FigureTable {
  const columns = quantities.flatMap(({ name }) => lines.flatMap((line) => [`${name}, ${line.name}`, `${name}, ${line.name}, deviation`]));
  const rows = epochs.map((epoch, at) => [
    epoch,
    ...quantities.flatMap(({ values, spread = [] }) => values.flatMap((line, i) => [line[at], spread[i]?.[at] ?? Number.NaN])),
  ]);
  return { name: 'epochs', columns: ['epoch', ...columns], rows };
}
