// Every kind of figure with numbers of its own, small and drawn in any layout: what all figures owe is tested on these.
import { accuracyCost } from '@shared/figure/kinds/accuracy-cost';
import { convolution } from '@shared/figure/kinds/convolution';
import { costBars } from '@shared/figure/kinds/cost-bars';
import { curves } from '@shared/figure/kinds/curves';
import { figure5 } from '@shared/figure/kinds/figure5';
import { matrices } from '@shared/figure/kinds/matrices';
import { contactSheet } from '@shared/figure/kinds/contact-sheet';
import { matrixEpochs } from '@shared/figure/kinds/matrix-epochs';
import { mergeEquation } from '@shared/figure/kinds/merge-equation';
import { runCurves } from '@shared/figure/kinds/run-curves';
import { int8Kind } from '@shared/figure/kinds/int8';
import { receptiveFieldKind } from '@shared/figure/kinds/receptive-field';
import { INT8_METHOD, type Int8Form, type Int8Layer, type Int8Report } from '@shared/cost/int8/report';
import type { WeightedNetwork } from '@shared/merge/merge-network';
import { measureField, RECEPTIVE_FIELD_METHOD, type ReceptiveFieldReport } from '@shared/pattern/receptive-field';
import { floatTensor } from '@shared/tensor/tensor';
import type { DisplayList } from '@shared/figure/page/display-list';
import { readable } from '@shared/figure/page/fit-height';
import type { FigureLayout } from '@shared/figure/recipe';
import { patternKinds, readFigure, type FigureRecipe } from '@shared/figure/registry';
import { convolutionScene } from '@shared/matrix/convolution-scene';
import { resolveScene } from '@shared/merge/convolution/resolve';
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
  return { recipe, draw: (layout) => readable(layout, (sheet) => kind.draw({ ...recipe, layout: sheet }, data)) };
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

const FIELD = { ...head, kind: 'receptive-field', source, inputs: 2, seed: 1 } as const;
const bump = (y: number, x: number): number => 1 / (1 + (y - 8) ** 2 + (x - 8) ** 2);
const fieldOf = (form: 'train' | 'merged') =>
  measureField(
    form,
    Float32Array.from({ length: 256 }, (_, at) => bump(at >> 4, at & 15)),
    [16, 16],
    [7.5, 7.5],
  );
const FIELD_REPORT: ReceptiveFieldReport = {
  model: 'pure-mlp-small',
  from: 'the last map, which enters pool',
  map: [64, 4, 4],
  centre: [2, 2],
  pixel: [9.5, 9.5],
  inputSize: [16, 16],
  inputs: { source: 'standard normal', count: 2, seed: 1 },
  method: RECEPTIVE_FIELD_METHOD,
  backend: 'wasm',
  forms: [fieldOf('train'), fieldOf('merged')],
  locality: [],
};

const INT8 = { ...head, kind: 'int8', source, batch: 4, seed: 1 } as const;
const int8Layer = (path: string, snr: number): Int8Layer => {
  const own = { tensor: snr, channel: snr + 6 };
  return { path, kind: 'conv2d', snr: own, changed: { tensor: 0.25, channel: 0.1 }, weights: [] };
};
const int8Form = (form: 'train' | 'merged', snr: number): Int8Form => {
  const layers = [int8Layer('stage1.mix1.a.layer.with.a.long.name', snr), int8Layer('head', Infinity)];
  return { form, layers, snr: { tensor: snr, channel: snr }, changed: { tensor: 0.5, channel: 0 } };
};
const INT8_REPORT: Int8Report = {
  model: 'pure-mlp-small',
  inputs: { source: 'standard normal', shape: [4, 3, 32, 32], seed: 1 },
  method: INT8_METHOD,
  backend: 'wasm',
  forms: [int8Form('train', 44.1), int8Form('merged', 23.4)],
};

/** A small network against itself, and against itself with an FC3 that moved. */
const CHANGES: readonly Drawing[] = await Promise.all(
  [0, 0.5].map(async (by): Promise<Drawing> => {
    const asked = { ...head, kind: 'weight-changes', source, against: { path: 'other.pth' } } as const;
    const figure = await readFigure(asked, { ...smallSources, network: (from) => smallNetwork(from.path === 'other.pth' ? by : 0) });
    return { recipe: asked, draw: (layout) => figure.draw(layout) };
  }),
);

async function smallNetwork(by: number): Promise<WeightedNetwork> {
  const { spec, weights } = await smallSources.network(source);
  const moved = [...weights].map(([name, tensor]) => {
    if (by === 0 || !name.endsWith('fc3.weight')) return [name, tensor] as const;
    return [
      name,
      floatTensor(
        tensor.shape,
        (tensor.data as Float32Array).map((value, at) => (at % 7 === 0 ? value + by : value)),
      ),
    ] as const;
  });
  return { spec, weights: new Map(moved) };
}

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
      { ...kernel, limits: { kind: 'percentile', percent: 90 }, markClipped: true },
      { ...head, kind: 'kernel-patterns', source },
      { ...head, kind: 'cost-bars', source, metric: 'params' },
    ] as const
  ).map(async (asked): Promise<Drawing> => {
    const figure = await readFigure(asked as FigureRecipe, smallSources);
    return { recipe: asked as FigureRecipe, draw: (layout) => figure.draw(layout) };
  }),
);

const NESTED = ['stages.0', 'stages.0.0', 'stages.0.0.repmlp_block', 'stages.0.0.ffn_block'];
/** Diagrams: of a small network closed, open as the window begins, and of a large one with a block open within others. */
const DIAGRAMS: readonly Drawing[] = await Promise.all([
  read({ ...head, kind: 'diagram', model: 'pure-mlp-small', form: 'merged', open: [] }),
  read({ ...head, kind: 'diagram', model: 'pure-mlp-small', form: 'train' }, { tall: true }),
  read({ ...head, kind: 'diagram', model: 'repmlpnet-t224', form: 'train', open: NESTED }, { tall: true }),
]);

const shapes = { kind: 'embedded', name: 'shapes', seed: seed(1) } as const;
/** Pictures with labels; scenes with their classes, one of them broken. */
const SAMPLES: readonly Drawing[] = await Promise.all([
  read({ ...head, kind: 'samples', dataset: shapes, split: 'train', first: 3, count: 12 }),
  read({ ...head, kind: 'samples', dataset: shapes, split: 'validation', first: 0, count: 5 }),
]);

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

const none = () => Promise.reject(new Error('this scene names nothing'));
const SCENES = [
  convolutionScene(),
  convolutionScene({
    h: 5,
    w: 6,
    C: 2,
    O: 2,
    groups: 2,
    kernels: [{ kind: 'weights', K: 3, weight: Array.from({ length: 18 }, (_, at) => at - 9) }],
    follow: { kind: 'weight', o: 1, c: 0, u: 0, v: 1 },
  }),
];
const CONVOLUTIONS = await Promise.all(
  ([undefined, 'picture', 'matrix', 'output'] as const).flatMap((show) =>
    SCENES.map(async (scene) => {
      const recipe = { ...head, kind: 'convolution', scene, ...(show && { show }) } as const;
      return drawing(convolution, recipe, await resolveScene(scene, { loadDigits: none, loadBlock: none }));
    }),
  ),
);

/** Every kind of figure. */
export const FIGURES: readonly Drawing[] = [
  drawing(matrices, MATRICES, small.matrices),
  drawing(matrices, LOG_RATIO, small.matrices),
  drawing(figure5, FIGURE5, small),
  ...CONVOLUTIONS,
  drawing(costBars, COST_BARS, costs),
  { ...drawing(costBars, LAYERS, [merged]), tall: true },
  drawing(costBars, ICICLE, costs),
  drawing(accuracyCost, ACCURACY, { metricName: 'accuracy', runs: RUNS }),
  drawing(accuracyCost, ACCURACY, { metricName: 'accuracy', runs: [] }),
  ...PATTERNS,
  ...SHOWN,
  ...DIAGRAMS,
  ...SAMPLES,
  ...COMPOSED,
  ...MERGED,
  drawing(runCurves, RUN_CURVES, SEEDS),
  drawing(runCurves, { ...RUN_CURVES, seeds: 'apart', shown: 'validation', lossAxis: 'logarithmic' }, SEEDS),
  drawing(curves, CURVES, { run: 'one', task: 'classification', epochs: [1, 2, 3].map(epoch) }),
  drawing(curves, CURVES, { run: 'none yet', task: 'segmentation', epochs: [] }),
  drawing(receptiveFieldKind, FIELD, FIELD_REPORT),
  drawing(int8Kind, INT8, INT8_REPORT),
  ...CHANGES,
];
