// What can be changed in a recipe from the window.
import { configDifference } from '@shared/run/difference';
import { OPTIMIZER_KINDS, OPTIMIZERS, type OptimizerKind } from '@shared/training/recipe/optimizers';
import type { Recipe, ScheduleConfig } from '@shared/training/recipe/recipe';
import { recipe, recipeNames } from '@shared/training/recipe/recipes';

export const OPTIMIZER_TITLES: readonly (readonly [OptimizerKind, string])[] = OPTIMIZER_KINDS.map((kind) => [
  kind,
  OPTIMIZERS[kind].title,
]);

export const SCHEDULES: readonly (readonly [ScheduleConfig['kind'], string])[] = [
  ['cosine', 'Cosine'],
  ['poly', 'Polynomial'],
  ['steps', 'Steps'],
  ['constant', 'Constant'],
];

/** A number of the recipe that may be changed: how it is read, and the text (as on the command line) that sets another. */
export interface NumberOfRecipe {
  readonly label: string;
  readonly hint?: string;
  readonly testId: string;
  readonly whole?: boolean;
  /** Whether 0 is too little. */
  readonly aboveZero?: boolean;
  /** Whether a recipe has this number; every one if not said. */
  readonly of?: (recipe: Recipe) => boolean;
  readonly value: (recipe: Recipe) => number;
  readonly text: (value: number) => string;
}

/** A number whose 0 means that there is none. */
function orNone(value: number): string {
  return value > 0 ? String(value) : 'none';
}

/** Those that are always shown. */
export const NUMBERS: readonly NumberOfRecipe[] = [
  { label: 'Epochs', testId: 'epochs', whole: true, value: ({ epochs }) => epochs, text: (value) => `epochs=${value}` },
  { label: 'Batch size', testId: 'batch-size', whole: true, value: ({ batchSize }) => batchSize, text: (value) => `batchSize=${value}` },
  {
    label: 'Learning rate, peak',
    testId: 'base-rate',
    aboveZero: true,
    value: ({ schedule }) => schedule.base,
    text: (value) => `lr=${value}`,
  },
  {
    label: 'Warm-up epochs',
    testId: 'warmup',
    value: ({ schedule }) => schedule.warmupEpochs,
    text: (value) => `schedule.warmupEpochs=${value}`,
  },
  {
    label: 'Weight decay',
    testId: 'weight-decay',
    value: ({ optimizer }) => optimizer.weightDecay,
    text: (value) => `weightDecay=${value}`,
  },
  {
    label: 'Label smoothing',
    testId: 'label-smoothing',
    value: ({ labelSmoothing }) => labelSmoothing,
    text: (value) => `labelSmoothing=${value}`,
  },
  { label: 'Mixup', testId: 'mixup', value: ({ mixup }) => mixup, text: (value) => `mixup=${value}` },
  {
    label: 'Checkpoint every',
    hint: 'epochs',
    testId: 'checkpoint-every',
    whole: true,
    value: ({ checkpointEveryEpochs }) => checkpointEveryEpochs,
    text: (value) => `checkpointEveryEpochs=${value}`,
  },
  {
    label: 'Stop at metric',
    hint: '% on validation; 0: never',
    testId: 'stop-metric',
    // 100 times a share such as 0.07 has digits that nobody typed.
    value: ({ stopWhen }) => Number((100 * (stopWhen?.metric ?? 0)).toPrecision(12)),
    text: (percent) => `stop.metric=${orNone(percent / 100)}`,
  },
  {
    label: 'Stop without gain for',
    hint: 'epochs; 0: never',
    testId: 'stop-patience',
    value: ({ stopWhen }) => stopWhen?.patience ?? 0,
    text: (value) => `stop.patience=${orNone(value)}`,
  },
];

/** Those under "More settings". */
export const MORE_NUMBERS: readonly NumberOfRecipe[] = [
  {
    label: 'Learning rate, final',
    testId: 'final-rate',
    of: ({ schedule }) => schedule.kind === 'cosine' || schedule.kind === 'poly',
    value: ({ schedule }) => schedule.final,
    text: (value) => `schedule.final=${value}`,
  },
  {
    label: 'Momentum',
    testId: 'momentum',
    of: ({ optimizer }) => optimizer.kind === 'sgd',
    value: ({ optimizer }) => (optimizer.kind === 'sgd' ? optimizer.momentum : 0),
    text: (value) => `momentum=${value}`,
  },
  { label: 'CutMix', testId: 'cutmix', value: ({ cutmix }) => cutmix, text: (value) => `cutmix=${value}` },
  {
    label: 'Clip gradients at',
    hint: 'their common norm; 0: not',
    testId: 'clip-norm',
    value: ({ clipNorm }) => clipNorm ?? 0,
    text: (value) => `clipNorm=${orNone(value)}`,
  },
  {
    label: 'Average weights (EMA)',
    hint: 'share kept each step, such as 0.999; 0: not',
    testId: 'ema',
    value: ({ ema }) => ema ?? 0,
    text: (value) => `ema=${orNone(value)}`,
  },
];

/** The preset's name, and whether anything in it was changed. */
export function recipeTitle(chosen: Recipe): string {
  if (!recipeNames.includes(chosen.name)) return chosen.name;
  return configDifference(settled(recipe(chosen.name)), settled(chosen)).length === 0 ? chosen.name : `${chosen.name}, changed`;
}

/** With a stop condition that never holds where there is none. */
function settled(chosen: Recipe): Recipe {
  return { ...chosen, stopWhen: chosen.stopWhen ?? { metric: null, patience: null } };
}
