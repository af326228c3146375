// Loss and metric of a run over its epochs, training against validation.
import type { z } from 'zod';
import { METRIC_NAMES } from '../../run/run-cost';
import type { TrainingEvent } from '../../training/recipe/event';
import { figureKind } from '../kind';
import type { DisplayList } from '../page/display-list';
import { epochPlots, lineKey } from '../page/epoch-plot';
import { assemble, figureNumber, note, pageOf, titleBlock, type Page, type Placed } from '../page/layout';
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
    return { run: name, metricName: METRIC_NAMES[config.spec.task], epochs };
  },
  draw: drawCurves,
});

/** The curves of one run: its name and what its metric is called (accuracy, mIoU). */
interface RunCurves {
  readonly run: string;
  readonly metricName: string;
  readonly epochs: readonly EpochEvent[];
}

const LINES = [
  { name: 'training', colour: '#c9650f', dash: [] },
  { name: 'validation', colour: '#2a6fae', dash: [3, 1.5] },
] as const;

/** Draws two plots side by side, loss and metric. A run without a finished epoch gives an empty plot that says so. */
function drawCurves(recipe: CurvesRecipe, run: RunCurves): DisplayList {
  const page = pageOf(recipe.layout);
  const title = titleBlock(page, recipe.layout.title);
  const key = lineKey(page, title.bottom + 2, LINES);
  const plots = run.epochs.length === 0 ? note(page, key.bottom, 'No epoch of this run is finished yet.') : plotPair(page, key.bottom, run);
  const last = run.epochs.at(-1);
  const end = last
    ? ` After epoch ${last.epoch}: validation loss ${figureNumber(last.validation.loss)}, ${run.metricName} ${figureNumber(last.validation.metric)}.`
    : '';
  const caption = note(page, plots.bottom + 2, `Run ${run.run}, ${run.epochs.length} epoch${run.epochs.length === 1 ? '' : 's'}.${end}`);
  const name = recipe.layout.title ?? `Training curves of ${run.run}`;
  return assemble(page, name, `Loss and ${run.metricName} of run ${run.run} per epoch, training and validation.${end}`, [
    title,
    key,
    plots,
    caption,
  ]);
}

function plotPair(page: Page, top: number, { epochs, metricName }: RunCurves): Placed {
  const values = (quantity: 'loss' | 'metric'): number[][] =>
    (['train', 'validation'] as const).map((series) => epochs.map((epoch) => epoch[series][quantity]));
  const quantities = [
    { name: 'loss', values: values('loss') },
    { name: metricName, values: values('metric'), share: true },
  ];
  const numbers = epochs.map(({ epoch }) => epoch);
  return epochPlots(page, top, numbers, quantities, LINES);
}
