// Loss and metric of a run over its epochs, training against validation.
import type { TrainingEvent } from '../training/recipe';
import { axesMarks, axisOf, xAt, yAt, type Plot } from './axes';
import { filled, line, textAt, type DisplayList, type Mark } from './display-list';
import { textWidth } from './font-metrics';
import type { Box } from './heat-map';
import { assemble, figureNumber, note, pageOf, titleBlock, type Page, type Placed } from './layout';
import type { FigureRecipe } from './recipe';

export type CurvesRecipe = Extract<FigureRecipe, { kind: 'curves' }>;
export type EpochEvent = Extract<TrainingEvent, { type: 'epoch' }>;

/** The curves of one run: its name and what its metric is called (accuracy, mIoU). */
export interface RunCurves {
  readonly run: string;
  readonly metricName: string;
  readonly epochs: readonly EpochEvent[];
}

const SERIES = [
  ['train', 'training', '#c9650f', [] as number[]],
  ['validation', 'validation', '#2a6fae', [3, 1.5]],
] as const;
type Quantity = 'loss' | 'metric';

/** Draws two plots side by side, loss and metric. A run without a finished epoch gives an empty plot that says so. */
export function drawCurves(recipe: CurvesRecipe, curves: RunCurves): DisplayList {
  const page = pageOf(recipe.layout);
  const title = titleBlock(page, recipe.layout.title);
  const key = seriesKey(page, title.bottom + 2);
  const plots =
    curves.epochs.length === 0 ? note(page, key.bottom, 'No epoch of this run is finished yet.') : plotRow(page, key.bottom, curves);
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

function seriesKey(page: Page, top: number): Placed {
  let x = page.left;
  const marks = SERIES.flatMap(([, name, colour, dash]): Mark[] => {
    const at = x;
    x += page.size * 4 + textWidth(name, page.size);
    const y = top + page.size * 0.65;
    return [
      line(
        [
          [at, y],
          [at + page.size * 2, y],
        ],
        colour,
        1.4,
        [...dash],
      ),
      textAt(at + page.size * 2.5, top + page.size, name, page.size),
    ];
  });
  return { marks, bottom: top + page.size * 1.4 };
}

function plotRow(page: Page, top: number, curves: RunCurves): Placed {
  const left = page.small * 3.6;
  const width = (page.right - page.left) / 2 - left - page.size * 0.8;
  const box = (i: number): Box => ({
    x: page.left + left + i * (width + left + page.size * 0.8),
    y: top + page.small * 1.8,
    width,
    height: width * 0.62,
  });
  const marks = [...plotMarks(page, box(0), curves, 'loss', 'loss'), ...plotMarks(page, box(1), curves, 'metric', curves.metricName)];
  return { marks, bottom: box(0).y + box(0).height + page.small * 2.8 };
}

function plotMarks(page: Page, box: Box, { epochs }: RunCurves, quantity: Quantity, name: string): Mark[] {
  const values = epochs.flatMap((epoch) => SERIES.map(([series]) => epoch[series][quantity])).filter(Number.isFinite);
  const top = Math.max(0, ...values);
  const numbers = epochs.map((epoch) => epoch.epoch);
  const [first, last] = [Math.min(...numbers), Math.max(...numbers)];
  const plot: Plot = {
    box,
    x: wholeTicks(axisOf(first, Math.max(last, first + 1), box.width / (page.small * 4), false)),
    y: axisOf(0, top, 4, true),
    size: page.small,
  };
  return [
    ...axesMarks(plot, 'epoch', name),
    ...SERIES.flatMap(([series, , colour, dash]) => curve(plot, epochs, series, quantity, colour, [...dash])),
  ];
}

/** Epochs are whole: ticks between them are dropped. */
function wholeTicks(axis: Plot['x']): Plot['x'] {
  return { ...axis, ticks: axis.ticks.filter(Number.isInteger) };
}

/** A line through the finite values, broken where one is not; a dot per epoch while they are few. */
function curve(
  plot: Plot,
  epochs: readonly EpochEvent[],
  series: 'train' | 'validation',
  quantity: Quantity,
  colour: string,
  dash: number[],
): Mark[] {
  const pieces: [number, number][][] = [[]];
  for (const epoch of epochs) {
    const value = epoch[series][quantity];
    if (Number.isFinite(value)) pieces[pieces.length - 1].push([xAt(plot, epoch.epoch), yAt(plot, value)]);
    else pieces.push([]);
  }
  const dots = epochs.length <= 12 ? pieces.flat().map(([x, y]) => filled(x - 1.2, y - 1.2, 2.4, 2.4, colour)) : [];
  return [...pieces.filter((piece) => piece.length > 1).map((piece) => line(piece, colour, 1.2, dash)), ...dots];
}
