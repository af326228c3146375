// What can be changed in a recipe from the window.
import type { OptimizerConfig, Recipe, ScheduleConfig } from '@shared/training/recipe';

export const OPTIMIZERS: readonly (readonly [OptimizerConfig['kind'], string])[] = [
  ['sgd', 'SGD'],
  ['adamw', 'AdamW'],
];

export const SCHEDULES: readonly (readonly [ScheduleConfig['kind'], string])[] = [
  ['cosine', 'Cosine'],
  ['poly', 'Polynomial'],
  ['steps', 'Steps'],
  ['constant', 'Constant'],
];

/** A number of the recipe that may be changed: how it is read, and the recipe with another value. */
export interface NumberOfRecipe {
  readonly label: string;
  readonly hint?: string;
  readonly testId: string;
  readonly whole?: boolean;
  readonly value: (recipe: Recipe) => number;
  readonly change: (recipe: Recipe, value: number) => Partial<Recipe>;
}

/** Those that are always shown. */
export const NUMBERS: readonly NumberOfRecipe[] = [
  { label: 'Epochs', testId: 'epochs', whole: true, value: ({ epochs }) => epochs, change: (_, epochs) => ({ epochs }) },
  {
    label: 'Batch size',
    testId: 'batch-size',
    whole: true,
    value: ({ batchSize }) => batchSize,
    change: (_, batchSize) => ({ batchSize }),
  },
  {
    label: 'Learning rate, peak',
    testId: 'base-rate',
    value: ({ schedule }) => schedule.base,
    change: ({ schedule }, base) => ({ schedule: { ...schedule, base } }),
  },
  {
    label: 'Warm-up epochs',
    testId: 'warmup',
    value: ({ schedule }) => schedule.warmupEpochs,
    change: ({ schedule }, warmupEpochs) => ({ schedule: { ...schedule, warmupEpochs } }),
  },
  {
    label: 'Weight decay',
    testId: 'weight-decay',
    value: ({ optimizer }) => optimizer.weightDecay,
    change: ({ optimizer }, weightDecay) => ({ optimizer: { ...optimizer, weightDecay } }),
  },
  {
    label: 'Label smoothing',
    testId: 'label-smoothing',
    value: (recipe) => recipe.labelSmoothing,
    change: (_, labelSmoothing) => ({ labelSmoothing }),
  },
  { label: 'Mixup', testId: 'mixup', value: ({ mixup }) => mixup, change: (_, mixup) => ({ mixup }) },
  {
    label: 'Checkpoint every',
    hint: 'epochs',
    testId: 'checkpoint-every',
    whole: true,
    value: (recipe) => recipe.checkpointEveryEpochs,
    change: (_, checkpointEveryEpochs) => ({ checkpointEveryEpochs }),
  },
  {
    label: 'Stop at metric',
    hint: '% on validation; 0: never',
    testId: 'stop-metric',
    value: ({ stopWhen }) => 100 * (stopWhen?.metric ?? 0),
    change: ({ stopWhen }, percent) => ({
      stopWhen: { patience: stopWhen?.patience ?? null, metric: percent > 0 ? percent / 100 : null },
    }),
  },
  {
    label: 'Stop without gain for',
    hint: 'epochs; 0: never',
    testId: 'stop-patience',
    value: ({ stopWhen }) => stopWhen?.patience ?? 0,
    change: ({ stopWhen }, epochs) => ({
      stopWhen: { metric: stopWhen?.metric ?? null, patience: epochs >= 1 ? Math.floor(epochs) : null },
    }),
  },
];

/** Those under "More settings". */
export const MORE_NUMBERS: readonly NumberOfRecipe[] = [
  {
    label: 'Learning rate, final',
    hint: 'of cosine and polynomial',
    testId: 'final-rate',
    value: ({ schedule }) => schedule.final,
    change: ({ schedule }, final) => ({ schedule: { ...schedule, final } }),
  },
  {
    label: 'Momentum',
    hint: 'of SGD',
    testId: 'momentum',
    value: ({ optimizer }) => (optimizer.kind === 'sgd' ? optimizer.momentum : 0),
    change: ({ optimizer }, momentum) => (optimizer.kind === 'sgd' ? { optimizer: { ...optimizer, momentum } } : {}),
  },
  { label: 'CutMix', testId: 'cutmix', value: ({ cutmix }) => cutmix, change: (_, cutmix) => ({ cutmix }) },
  {
    label: 'Clip gradients at',
    hint: 'their common norm; 0: not',
    testId: 'clip-norm',
    value: ({ clipNorm }) => clipNorm ?? 0,
    change: (_, clipNorm) => ({ clipNorm: clipNorm > 0 ? clipNorm : null }),
  },
  {
    label: 'Average weights (EMA)',
    hint: 'share kept each step, such as 0.999; 0: not',
    testId: 'ema',
    value: ({ ema }) => ema ?? 0,
    change: (_, ema) => ({ ema: ema > 0 && ema < 1 ? ema : null }),
  },
];
