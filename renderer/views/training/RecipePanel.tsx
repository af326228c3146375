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

function Overrides({ recipe }: { readonly recipe: Recipe }) {
  const change = (part: Partial<Recipe>) => training.setState({ recipe: { ...recipe, ...part } });
  const { optimizer, schedule } = recipe;
  return (
    <>
      <NumberField label="Epochs" value={recipe.epochs} min={1} testId="epochs" onChange={(epochs) => change({ epochs })} />
      <NumberField
        label="Batch size"
        value={recipe.batchSize}
        min={1}
        testId="batch-size"
        onChange={(batchSize) => change({ batchSize })}
      />
      <NumberField
        label="Learning rate, peak"
        value={schedule.base}
        min={0}
        step="any"
        testId="base-rate"
        onChange={(base) => change({ schedule: { ...schedule, base } })}
      />
      <NumberField
        label="Warm-up epochs"
        value={schedule.warmupEpochs}
        min={0}
        onChange={(warmupEpochs) => change({ schedule: { ...schedule, warmupEpochs } })}
      />
      <NumberField
        label="Weight decay"
        value={optimizer.weightDecay}
        min={0}
        step="any"
        onChange={(weightDecay) => change({ optimizer: { ...optimizer, weightDecay } })}
      />
      <NumberField
        label="Label smoothing"
        value={recipe.labelSmoothing}
        min={0}
        max={0.9}
        step="any"
        onChange={(labelSmoothing) => change({ labelSmoothing })}
      />
      <NumberField label="Mixup" value={recipe.mixup} min={0} step="any" onChange={(mixup) => change({ mixup })} />
      <NumberField
        label="Checkpoint every"
        hint="epochs"
        value={recipe.checkpointEveryEpochs}
        min={1}
        onChange={(checkpointEveryEpochs) => change({ checkpointEveryEpochs })}
      />
    </>
  );
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
