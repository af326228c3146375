// Every kind of figure with numbers of its own, small and drawn in any layout: what all figures owe is tested on these.
import { accuracyCost } from '@shared/figure/kinds/accuracy-cost';
import { costBars } from '@shared/figure/kinds/cost-bars';
import { curves } from '@shared/figure/kinds/curves';
import { figure5 } from '@shared/figure/kinds/figure5';
import { matrices } from '@shared/figure/kinds/matrices';
import { contactSheet } from '@shared/figure/kinds/contact-sheet';
import { matrixEpochs } from '@shared/figure/kinds/matrix-epochs';
import { mergeEquation } from '@shared/figure/kinds/merge-equation';
import { runCurves } from '@shared/figure/kinds/run-curves';
import type { DisplayList } from '@shared/figure/page/display-list';
import { withinHeight } from '@shared/figure/page/fit-height';
import type { FigureLayout } from '@shared/figure/recipe';
import { patternKinds, readFigure, type FigureRecipe } from '@shared/figure/registry';
import { COST_BARS, costs, FIGURE5, headOf, MATRICES, merged, small, source } from './figure-examples';
import { runOf, smallSources } from './figure-sources';
import { config } from '../training/fake-run';
import { seed } from '@shared/tensor/random';
import type { RunEpochs } from '@shared/figure/kinds/run-curves';

/** A figure whose numbers are there, in any layout. */
export interface Drawing {
  readonly recipe: FigureRecipe;
  readonly draw: (layout: FigureLayout) => DisplayList;
  /** Whether it shows so much that a page may be too low for it. */
  readonly tall?: boolean;
}

function drawing<R extends FigureRecipe, Data>(kind: { draw(recipe: R, data: Data): DisplayList }, recipe: R, data: Data): Drawing {
  return { recipe, draw: (layout) => withinHeight(layout, (sheet) => kind.draw({ ...recipe, layout: sheet }, data)) };
}

const epoch = (number: number) => {
  const pair = { loss: 2 / number, metric: 1 - 1 / (number + 1) };
  return { type: 'epoch', epoch: number, train: pair, validation: pair, learningRate: 0.1, seconds: 1 } as const;
};

const head = headOf(170, 8);
const long = { path: 'a-file-whose-name-alone-is-wider-than-a-column-of-a-paper-is.safetensors', layer: 'stage1.mix1' };
const focus = { source: long, network: {}, run: '', runs: [], picture: { file: 'x.png' } };

/** Every pattern figure of one network, of two, and over epochs. */
const PATTERNS: readonly Drawing[] = await Promise.all(
  patternKinds.flatMap((kind) => {
    const recipe = kind.start(head, focus);
    return [recipe, { ...recipe, against: source }, { ...recipe, source, epochs: true }].map(async (asked): Promise<Drawing> => {
      const figure = await readFigure(asked, smallSources);
      return { recipe: asked, draw: (layout) => figure.draw(layout), tall: 'epochs' in asked };
    });
  }),
);

async function read(recipe: FigureRecipe, more: Partial<Drawing> = {}): Promise<Drawing> {
  const figure = await readFigure(recipe, smallSources);
  return { recipe, draw: (layout) => figure.draw(layout), ...more };
}

/** One step, all steps, all blocks, all epochs. */
const MERGED: readonly Drawing[] = await Promise.all([
  read({ ...mergeEquation.start(head, { ...focus, source: { path: 'one.safetensors' } }), step: 'add', scaling: 'one' }),
  read({ ...mergeEquation.start(head, { ...focus, source: { path: 'one.safetensors' } }), step: 'pad' }),
  read(mergeEquation.start(head, { ...focus, source: { path: 'one.safetensors' } }), { tall: true }),
  read(matrixEpochs.start(head, { ...focus, run: 'runs/one' })),
  read(contactSheet.start(head, { ...focus, source: { path: 'one.safetensors' } })),
]);

/** Three seeds of one recipe, of which one ended early, and a run of another. */
const SEEDS: readonly RunEpochs[] = [3, 3, 2, 3].map((epochs, i) => ({
  ...runOf(epochs),
  name: i === 3 ? 'other' : `base-seed${i}`,
  config: { ...config({ epochs: 3, batchSize: i === 3 ? 32 : 16 }), seed: seed(i) },
  epochs: Array.from({ length: epochs }, (_, at) => {
    const pair = { loss: (2 + i / 10) / (at + 1), metric: 0.9 - (1 + i / 10) / (at + 2) };
    return { type: 'epoch', epoch: at + 1, train: pair, validation: pair, learningRate: 0.1, seconds: 1 } as const;
  }),
}));
const RUN_CURVES = { ...head, kind: 'run-curves', runs: ['a', 'b', 'c', 'd'], seeds: 'together', shown: 'both' } as const;

/** Runs of which two lie on each other. */
const RUNS = [1e6, 1e6, 4e6, 3e8].map((operations, i) => {
  const about = { model: 'pure-mlp-small', task: 'classification', params: 1e5 } as const;
  return { run: `run-${i}`, ...about, metric: 0.5 + 0.1 * Math.floor(i / 2), operations };
});

const LOG_RATIO = { ...MATRICES, colours: 'viridis', transform: 'log-ratio' } as const;
const LAYERS = { ...head, kind: 'cost-bars', model: 'x', metric: 'bytes', level: 'layer', form: 'merged' } as const;
const ICICLE = { ...head, kind: 'cost-bars', model: 'x', metric: 'params', chart: 'icicle' } as const;
const ACCURACY = { ...head, kind: 'accuracy-cost', runs: ['a'] } as const;
const CURVES = { ...head, kind: 'curves', source } as const;

/** Matrices as the explorer shows them, a merged kernel's pattern, and the cost of a file of families. */
const view = { ...head, kind: 'matrix-view', source, arrangement: 'stored', colours: 'blue-orange', transform: 'symlog' } as const;
const kernel = { ...view, weight: { name: 'conv.weight', merged: true, map: 'usual' } } as const;
const SHOWN: readonly Drawing[] = await Promise.all(
  (
    [
      kernel,
      { ...kernel, arrangement: 'gridOfGrids', marked: { row: 3, column: 5 } },
      { ...kernel, against: source, arrangement: 'offsets', splitAt: 0.4, region: { row: 0, column: 8, rows: 40, columns: 70 } },
      { ...kernel, against: source, scales: 'each', transform: 'linear' },
      { ...head, kind: 'kernel-patterns', source },
      { ...head, kind: 'cost-bars', source, metric: 'params' },
    ] as const
  ).map(async (asked): Promise<Drawing> => {
    const figure = await readFigure(asked as FigureRecipe, smallSources);
    return { recipe: asked as FigureRecipe, draw: (layout) => figure.draw(layout) };
  }),
);

/** Panels of several kinds, two of which share a scale. */
const maps = { ...head, kind: 'position-maps', source, group: null } as const;
const shared = { ...head, kind: 'composed', columns: 2, scale: 'shared', axes: 'aligned' } as const;
const COMPOSED: readonly Drawing[] = await Promise.all(
  [
    { ...shared, panels: [{ recipe: kernel }, { recipe: kernel }, { recipe: maps, span: 2 }] },
    { ...shared, panels: [FIGURE5, FIGURE5, { ...head, kind: 'curves', source } as const].map((recipe) => ({ recipe, span: 2 })) },
  ].map(async (asked, i): Promise<Drawing> => {
    const figure = await readFigure(asked, smallSources);
    return { recipe: asked, draw: (layout) => figure.draw(layout), tall: i === 1 };
  }),
);

/** Every kind of figure. */
export const FIGURES: readonly Drawing[] = [
  drawing(matrices, MATRICES, small.matrices),
  drawing(matrices, LOG_RATIO, small.matrices),
  drawing(figure5, FIGURE5, small),
  drawing(costBars, COST_BARS, costs),
  { ...drawing(costBars, LAYERS, [merged]), tall: true },
  drawing(costBars, ICICLE, costs),
  drawing(accuracyCost, ACCURACY, { metricName: 'accuracy', runs: RUNS }),
  drawing(accuracyCost, ACCURACY, { metricName: 'accuracy', runs: [] }),
  ...PATTERNS,
  ...SHOWN,
  ...COMPOSED,
  ...MERGED,
  drawing(runCurves, RUN_CURVES, SEEDS),
  drawing(runCurves, { ...RUN_CURVES, seeds: 'apart', shown: 'validation', lossAxis: 'logarithmic' }, SEEDS),
  drawing(curves, CURVES, { run: 'one', task: 'classification', epochs: [1, 2, 3].map(epoch) }),
  drawing(curves, CURVES, { run: 'none yet', task: 'segmentation', epochs: [] }),
];
