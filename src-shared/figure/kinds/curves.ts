// Loss and metric of a run over its epochs, training against validation.
import type { z } from 'zod';
import type { Task } from '../../model/spec';
import { curveMetricName, metricName } from '../../run/metric-names';
import type { TrainingEvent } from '../../training/recipe/event';
import { figureKind } from '../kind';
import type { DisplayList, FigureTable } from '../page/display-list';
import { epochPlots, epochTable, lineKey, withKey, type EpochQuantity } from '../page/epoch-plot';
import { assemble, figureNumber, note, pageOf, placeholder, titleBlock, type Page, type Placed } from '../page/layout';
import { AFTER, BEFORE } from '../page/series-colours';
import { recipeSchema, sourceSchema } from '../recipe';

const schema = recipeSchema('curves', { source: sourceSchema });
type CurvesRecipe = z.infer<typeof schema>;
type EpochEvent = Extract<TrainingEvent, { type: 'epoch' }>;

export const curves = figureKind(schema)({
  kind: 'curves',
  title: 'Training curves',
  says: 'loss and accuracy of a run',
  about: 'run',
  start: (head, { run }) => ({ ...head, kind: 'curves', source: { path: run } }),
  form: ({ source }) => [{ field: 'source', widget: 'run', value: source }],
  lacks: ({ source }) => (source.path === '' ? 'There is no run yet whose curves could be drawn; train one, or open its folder.' : null),
  read: async ({ source }, sources): Promise<RunCurves> => {
    const { name, config } = await sources.run(source.path);
    const epochs = (await sources.events(source.path)).filter((event) => event.type === 'epoch');
    return { run: name, task: config.spec.task, epochs };
  },
  draw: drawCurves,
});

/** The curves of one run: its name and the task, which says what its metric is (accuracy, mIoU). */
export interface RunCurves {
  readonly run: string;
  readonly task: Task;
  readonly epochs: readonly EpochEvent[];
}

const LINES = [
  { name: 'training', colour: BEFORE, dash: [] },
  { name: 'validation', colour: AFTER, dash: [3, 1.5] },
] as const;

/** Draws two plots side by side, loss and metric. A run without a finished epoch gives an empty plot that says so. */
function drawCurves(recipe: CurvesRecipe, run: RunCurves): DisplayList {
  const page = pageOf(recipe.layout);
  const title = titleBlock(page, recipe.layout.title);
  const key = (top: number): Placed => lineKey(page, top, LINES);
  const plots = withKey(page, title.bottom + 2, key, (top) =>
    run.epochs.length === 0 ? placeholder(page, top, 'No epoch of this run is finished yet.') : plotPair(page, top, run),
  );
  const last = run.epochs.at(-1);
  const metric = metricName([run.task]);
  const end = last
    ? ` After epoch ${last.epoch}: validation loss ${figureNumber(last.validation.loss)}, ${metric} ${figureNumber(last.validation.metric)}.`
    : '';
  const caption = note(page, plots.bottom + 2, `Run ${run.run}, ${run.epochs.length} epoch${run.epochs.length === 1 ? '' : 's'}.${end}`);
  const name = recipe.layout.title ?? `Training curves of ${run.run}`;
  const description = `Loss and ${curveMetricName([run.task])} of run ${run.run} per epoch, training and validation.${courseText(run)}${end}`;
  return assemble(page, { title: name, description, tables: tablesOf(run) }, [title, plots, caption]);
}

/** Where the validation started and where it was best. */
function courseText({ epochs, task }: RunCurves): string {
  if (epochs.length < 2) return '';
  const best = epochs.reduce((one, other) => (other.validation.metric > one.validation.metric ? other : one));
  return ` Validation ${metricName([task])} begins at ${figureNumber(epochs[0].validation.metric)} and is best, ${figureNumber(best.validation.metric)}, after epoch ${best.epoch} of ${epochs.length}.`;
}

function tablesOf(run: RunCurves): FigureTable[] {
  const { epochs, quantities } = valuesOf(run);
  return [epochTable(epochs, quantities, LINES)];
}

function plotPair(page: Page, top: number, run: RunCurves): Placed {
  const { epochs, quantities } = valuesOf(run);
  return epochPlots(page, top, epochs, quantities, LINES);
}

function valuesOf({ epochs, task }: RunCurves): {
  readonly epochs: readonly number[];
  readonly quantities: readonly EpochQuantity[];
} {
  const values = (quantity: 'loss' | 'metric'): number[][] =>
    (['train', 'validation'] as const).map((series) => epochs.map((epoch) => epoch[series][quantity]));
  const quantities = [
    { name: 'loss', values: values('loss') },
    { name: curveMetricName([task]), values: values('metric'), share: true },
  ];
  return { epochs: epochs.map(({ epoch }) => epoch), quantities };
}
