// The recipe: a preset of the paper or a short one, and what may be changed in it.
import { useEffect } from 'react';
import { useStore } from 'zustand';
import type { Task } from '@shared/model/spec';
import type { Recipe } from '@shared/training/recipe';
import { recipe as recipeByName, recipeNames } from '@shared/training/recipes';
import { model } from '../../state/model';
import { training } from '../../state/training';
import { Choice, NumberField } from '../../ui/controls';
import { Panel } from '../../ui/Stage';

const LOSS: Readonly<Record<Task, Recipe['loss']>> = {
  classification: 'crossEntropy',
  face: 'amSoftmax',
  segmentation: 'pixelCrossEntropy',
};
const SHORT: Readonly<Record<Task, string>> = { classification: 'shapes-short', face: 'faces-short', segmentation: 'streets-short' };

export function RecipePanel() {
  const task = useStore(model, (state) => state.spec?.task ?? 'classification');
  const chosen = useStore(training, (state) => state.recipe);
  useEffect(() => {
    if (training.getState().recipe?.loss !== LOSS[task]) training.setState({ recipe: recipeByName(SHORT[task]) });
  }, [task]);
  if (!chosen) return null;
  const fitting = recipeNames.filter((name) => recipeByName(name).loss === LOSS[task]);
  return (
    <Panel title="Recipe">
      <div className="settings-grid">
        <div className="wide">
          <Choice
            label="Preset"
            value={chosen.name}
            options={fitting.map((name) => [name, name] as const)}
            testId="recipe"
            onChange={(name) => training.setState({ recipe: recipeByName(name) })}
          />
        </div>
        <Overrides recipe={chosen} />
        <p className="faint wide">{describe(chosen)}</p>
      </div>
    </Panel>
  );
}

/** A number of the recipe that may be changed: how it is read, and the recipe with another value. */
interface Override {
  readonly label: string;
  readonly hint?: string;
  readonly testId: string;
  readonly whole?: boolean;
  readonly value: (recipe: Recipe) => number;
  readonly change: (recipe: Recipe, value: number) => Partial<Recipe>;
}

const OVERRIDES: readonly Override[] = [
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

function Overrides({ recipe }: { readonly recipe: Recipe }) {
  return OVERRIDES.map(({ label, hint, testId, whole, value, change }) => (
    <NumberField
      key={testId}
      label={label}
      hint={hint}
      testId={testId}
      value={value(recipe)}
      min={whole ? 1 : 0}
      step={whole ? 1 : 'any'}
      onChange={(changed) => training.setState({ recipe: { ...recipe, ...change(recipe, changed) } })}
    />
  ));
}

function describe({ optimizer, schedule, augmentations, clipNorm, ema, cutmix }: Recipe): string {
  const parts = [
    optimizer.kind === 'sgd' ? `SGD, momentum ${optimizer.momentum}` : `AdamW, betas ${optimizer.beta1} and ${optimizer.beta2}`,
    `${schedule.kind} schedule to ${schedule.final}`,
    augmentations.length === 0 ? 'no augmentation' : augmentations.map(({ kind }) => kind).join(', '),
    ...(cutmix > 0 ? [`cutmix ${cutmix}`] : []),
    ...(clipNorm === null ? [] : [`gradients clipped at ${clipNorm}`]),
    ...(ema === null ? [] : [`EMA ${ema}`]),
  ];
  return parts.join(' · ');
}
