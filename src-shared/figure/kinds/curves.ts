// Loss and metric of a run over its epochs, training against validation.
import type { TrainingEvent } from '../../training/recipe/recipe';
import type { DisplayList } from '../page/display-list';
import { epochPlots, lineKey } from '../page/epoch-plot';
import { assemble, figureNumber, note, pageOf, titleBlock, type Page, type Placed } from '../page/layout';
import type { FigureRecipe } from '../recipe';

export type CurvesRecipe = Extract<FigureRecipe, { kind: 'curves' }>;
export type EpochEvent = Extract<TrainingEvent, { type: 'epoch' }>;

/** The curves of one run: its name and what its metric is called (accuracy, mIoU). */
export interface RunCurves {
  readonly run: string;
  readonly metricName: string;
  readonly epochs: readonly EpochEvent[];
}

const LINES = [
  { name: 'training', colour: '#c9650f', dash: [] },
  { name: 'validation', colour: '#2a6fae', dash: [3, 1.5] },
] as const;

/** Draws two plots side by side, loss and metric. A run without a finished epoch gives an empty plot that says so. */
export function drawCurves(recipe: CurvesRecipe, curves: RunCurves): DisplayList {
  const page = pageOf(recipe.layout);
  const title = titleBlock(page, recipe.layout.title);
  const key = lineKey(page, title.bottom + 2, LINES);
  const plots =
    curves.epochs.length === 0 ? note(page, key.bottom, 'No epoch of this run is finished yet.') : plotPair(page, key.bottom, curves);
  const last = curves.epochs.at(-1);
  const end = last
    ? ` After epoch ${last.epoch}: validation loss ${figureNumber(last.validation.loss)}, ${curves.metricName} ${figureNumber(last.validation.metric)}.`
    : '';
  const caption = note(
    page,
    plots.bottom + 2,
    `Run ${curves.run}, ${curves.epochs.length} epoch${curves.epochs.length === 1 ? '' : 's'}.${end}`,
  );
  const name = recipe.layout.title ?? `Training curves of ${curves.run}`;
  return assemble(page, name, `Loss and ${curves.metricName} of run ${curves.run} per epoch, training and validation.${end}`, [
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
    { name: metricName, values: values('metric') },
  ];
  const numbers = epochs.map(({ epoch }) => epoch);
  return epochPlots(page, top, numbers, quantities, LINES);
}
