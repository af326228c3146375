// `train --resume`: what may be said beside it. A run goes on with what it was started with, or its end would
// not be that of an uninterrupted run; so every option is compared with the run, and one that differs is refused.
import type { NetworkSpec } from '@shared/model/spec';
import { configDifference, type Difference } from '@shared/run/difference';
import { reasonNotToExtend } from '@shared/run/extension';
import type { RunRecord } from '@shared/run/run';
import { withOverrides } from '@shared/training/recipe/overrides';
import type { Recipe, TrainingConfig } from '@shared/training/recipe/recipe';
import { recipe } from '@shared/training/recipe/recipes';
import { seedsOf } from '@shared/training/recipe/seeds';
import { UserError } from '@shared/base/user-error';
import { dataFor } from '../data';
import { sizedAsAsked } from '../input-size';
import { modelSpec } from '../network';
import { seedsFrom, type TrainOptions } from './options';
import { wholeNumber } from '../verb';

/** The configuration a run goes on with: its own, with more epochs where its schedule allows them. Throws UserError for anything else that differs. */
export async function resumedConfig(run: RunRecord, options: TrainOptions): Promise<TrainingConfig> {
  const { config } = run;
  const asked = await askedConfig(run, options);
  const differences = [...networkDifference(config.spec, asked.spec), ...settingsDifference(config, asked)];
  const others = differences.filter(({ path }) => path !== 'recipe.epochs');
  if (others.length > 0) throw new UserError(refusal(others));
  if (differences.length > 0) checkExtension(run, asked.recipe.epochs);
  return asked;
}

/** What the options would make of the run. */
async function askedConfig({ config, backend }: RunRecord, options: TrainOptions): Promise<TrainingConfig> {
  const { model, set, data, seed } = options;
  const named = model !== undefined || set.length > 0;
  // The run may say `auto`: to name the backend that gave is no difference.
  const sameBackend = options.backend === undefined || options.backend === backend;
  return {
    ...config,
    spec: named ? await modelSpec(model ?? config.spec.name, options) : sizedAsAsked(config.spec, options),
    dataset: data === undefined ? config.dataset : await dataFor(data, config.spec.task),
    recipe: askedRecipe(config.recipe, options),
    seed: seed === undefined ? config.seed : seedsFrom(options).seed,
    seeds: { ...seedsOf(config), ...seedsFrom(options).seeds },
    backend: sameBackend ? config.backend : (options.backend ?? config.backend),
  };
}

function askedRecipe(own: Recipe, { recipe: name, recipeSet, epochs }: TrainOptions): Recipe {
  const base = name === undefined || name === own.name ? own : recipe(name);
  const changed = withOverrides(base, recipeSet);
  return epochs === undefined ? changed : { ...changed, epochs: wholeNumber('--epochs', epochs, 1) };
}

/** A network is one setting here: its layers would fill a page. */
function networkDifference(own: NetworkSpec, asked: NetworkSpec): Difference[] {
  if (configDifference(own, asked).length === 0) return [];
  const b = own.name === asked.name ? `${asked.name} with other settings` : asked.name;
  return [{ path: 'the network', a: own.name, b }];
}

function settingsDifference(own: TrainingConfig, asked: TrainingConfig): Difference[] {
  return configDifference({ ...own, spec: null, seeds: seedsOf(own) }, { ...asked, spec: null });
}

function refusal(differences: readonly Difference[]): string {
  const list = differences.map(({ path, a, b }) => `${path} is ${a}, not ${b}`).join('; ');
  return `--resume goes on with what the run was started with, and there ${list}: leave these options out, or start a new run in another folder`;
}

/** More epochs only make a run longer where its learning rates do not depend on their number. */
function checkExtension(run: RunRecord, epochs: number): void {
  const reason = reasonNotToExtend(run, epochs);
  if (reason !== null) throw new UserError(`${reason}: leave --epochs out, or start a new run with --epochs ${epochs} in another folder`);
}
