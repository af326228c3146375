// The recipe: a preset of the paper or a short one, and what may be changed in it.
import { useEffect } from 'react';
import { useStore } from 'zustand';
import { augmentationsText, withOverrides } from '@shared/training/recipe/overrides';
import { optimizerText } from '@shared/training/recipe/optimizers';
import type { Recipe } from '@shared/training/recipe/recipe';
import { LOSS_OF_TASK, recipe as recipeByName, recipesFor, SHORT_RECIPES } from '@shared/training/recipe/recipes';
import { network } from '../../studio/network/network';
import { training } from './training';
import { messageOf } from '@shared/base/message-of';
import { useDraft } from '../../ui/draft';
import { Choice, Field, NumberField } from '../../ui/controls';
import { Panel } from '../../studio/Stage';
import { MORE_NUMBERS, NUMBERS, OPTIMIZER_TITLES, recipeTitle, SCHEDULES, type NumberOfRecipe } from './recipe-fields';

export function RecipePanel() {
  const task = useStore(network, (state) => state.spec?.task ?? 'classification');
  const chosen = useStore(training, (state) => state.recipe);
  useEffect(() => {
    if (training.getState().recipe?.loss !== LOSS_OF_TASK[task]) training.setState({ recipe: recipeByName(SHORT_RECIPES[task]) });
  }, [task]);
  if (!chosen) return null;
  const title = recipeTitle(chosen);
  const fitting = recipesFor(task);
  return (
    <Panel title="Recipe">
      <div className="settings-grid">
        <div className="wide">
          <Choice
            label="Preset"
            value={title}
            options={[...(title === chosen.name ? [] : [title]), ...fitting].map((name) => [name, name] as const)}
            testId="recipe"
            onChange={(name) => training.setState({ recipe: recipeByName(name) })}
          />
        </div>
        {/* Another preset has other numbers: what was refused was not meant for it. */}
        <Numbers key={chosen.name} recipe={chosen} fields={NUMBERS} />
        <More key={`${chosen.name} more`} recipe={chosen} />
        <p className="faint wide">{describe(chosen)}</p>
      </div>
    </Panel>
  );
}

function Numbers({ recipe, fields }: { readonly recipe: Recipe; readonly fields: readonly NumberOfRecipe[] }) {
  return fields
    .filter(({ of }) => of === undefined || of(recipe))
    .map(({ label, hint, testId, whole, aboveZero, value, text }) => (
      <NumberField
        key={testId}
        label={label}
        hint={hint}
        testId={testId}
        value={value(recipe)}
        min={whole ? 1 : 0}
        above={aboveZero ? 0 : undefined}
        step={whole ? 1 : 'any'}
        onChange={(changed) => take(withOverrides(recipe, [text(changed)]))}
      />
    ));
}

/** What is changed less often: optimizer, schedule, augmentations, clipping, averaging. */
function More({ recipe }: { readonly recipe: Recipe }) {
  const set = (text: string) => take(withOverrides(recipe, [text]));
  return (
    <details className="wide" data-testid="recipe-more">
      <summary>More settings</summary>
      <div className="settings-grid">
        <Choice
          label="Optimizer"
          value={recipe.optimizer.kind}
          options={OPTIMIZER_TITLES}
          testId="optimizer"
          onChange={(kind) => set(`optimizer=${kind}`)}
        />
        <Choice
          label="Schedule"
          value={recipe.schedule.kind}
          options={SCHEDULES}
          testId="schedule"
          onChange={(kind) => set(`schedule=${kind}`)}
        />
        <Numbers recipe={recipe} fields={MORE_NUMBERS} />
        <DecayMatricesOnly recipe={recipe} />
        <Milestones recipe={recipe} />
        <TextField
          recipe={recipe}
          name="augmentations"
          label="Augmentations"
          hint="in this order, numbers after colons; none for none"
          text={augmentationsText(recipe.augmentations)}
        />
      </div>
    </details>
  );
}

function Milestones({ recipe }: { readonly recipe: Recipe }) {
  if (recipe.schedule.kind !== 'steps') return null;
  return (
    <TextField
      recipe={recipe}
      name="schedule.milestones"
      label="Milestones"
      hint="steps after which the rate is a tenth, separated by commas"
      text={recipe.schedule.milestones.join(',')}
    />
  );
}

function DecayMatricesOnly({ recipe }: { readonly recipe: Recipe }) {
  return (
    <label className="check-row wide">
      <input
        type="checkbox"
        checked={recipe.decayMatricesOnly}
        data-testid="decay-matrices"
        onChange={({ target }) => take({ ...recipe, decayMatricesOnly: target.checked })}
      />
      <span>Weight decay on matrices and kernels only, not on biases and batch norms</span>
    </label>
  );
}

interface TextProps {
  readonly recipe: Recipe;
  /** Its key on the command line. */
  readonly name: string;
  readonly label: string;
  readonly hint: string;
  readonly text: string;
}

/** A list as on the command line; what cannot be read stays in the field with the reason. */
function TextField({ recipe, name, label, hint, text }: TextProps) {
  const [{ text: typed, problem }, show] = useDraft(name, label, text);
  const read = () => {
    if (typed === text) return show(text, '');
    try {
      take(withOverrides(recipe, [`${name}=${typed.trim()}`]));
      show(text, '');
    } catch (error) {
      show(typed, messageOf(error));
    }
  };
  return (
    <div className="wide">
      <Field label={label} hint={problem || hint}>
        <input
          type="text"
          value={typed}
          aria-invalid={problem !== ''}
          data-testid={name}
          onChange={({ target }) => show(target.value, '')}
          onBlur={read}
          onKeyDown={(event) => event.key === 'Enter' && read()}
        />
      </Field>
    </div>
  );
}

function take(recipe: Recipe): void {
  training.setState({ recipe });
}

function scheduleText({ kind, final, milestones }: Recipe['schedule']): string {
  if (kind === 'constant') return 'constant learning rate';
  if (kind === 'steps')
    return milestones.length === 0 ? 'constant learning rate: no milestones' : `a tenth after steps ${milestones.join(', ')}`;
  return `${kind} schedule to ${final}`;
}

function describe({ optimizer, schedule, augmentations, clipNorm, ema, cutmix }: Recipe): string {
  const parts = [
    optimizerText(optimizer),
    scheduleText(schedule),
    augmentations.length === 0 ? 'no augmentation' : augmentations.map(({ kind }) => kind).join(', '),
    ...(cutmix > 0 ? [`cutmix ${cutmix}`] : []),
    ...(clipNorm === null ? [] : [`gradients clipped at ${clipNorm}`]),
    ...(ema === null ? [] : [`EMA ${ema}`]),
  ];
  return parts.join(' · ');
}
