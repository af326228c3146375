// The options of `repmlp train`, and the configuration that a new run starts with.
import { Option, type Command } from 'commander';
import { parseDatasetReference } from '@shared/dataset/reference';
import type { NetworkSpec } from '@shared/model/spec';
import { recipeKeys, withOverrides } from '@shared/training/recipe/overrides';
import type { BackendChoice, Recipe, TrainingConfig } from '@shared/training/recipe/recipe';
import { recipe, recipeNames, SHORT_RECIPES } from '@shared/training/recipe/recipes';
import { UserError } from '@shared/base/user-error';
import { datasetsHere } from '../../app/dataset/datasets-here';
import { checkedRun } from '../../app/training/run-start';
import { remarkData } from '../data';
import { modelSpec } from '../network';
import { BACKENDS, collect, remark, seedFrom, withModel, wholeNumber } from '../verb';

/** What was said on the command line; undefined where nothing was. */
export interface TrainOptions {
  readonly model?: string;
  readonly set: readonly string[];
  readonly inputSize?: string;
  readonly data?: string;
  readonly recipe?: string;
  readonly recipeSet: readonly string[];
  readonly epochs?: string;
  readonly lr?: string;
  readonly seed?: string;
  readonly seedInit?: string;
  readonly seedShuffle?: string;
  readonly seedAugmentation?: string;
  readonly backend?: BackendChoice;
  readonly out: string;
  readonly resume?: boolean;
  readonly json?: boolean;
}

/** Adds the options to the verb. */
export function withTrainOptions(command: Command): Command {
  return withModel(command)
    .option(
      '--data <source>',
      'embedded data (shapes, digits, faces, faces-unaligned, streets) or a folder in a published layout, which can be named before it (identities:FOLDER)',
    )
    .option('--recipe <name>', "training recipe, one of those below; the task's short one when not given")
    .option('--recipe-set <key=value>', 'a field of the recipe, for example batchSize=32 (repeatable)', collect, [])
    .option('--epochs <n>', 'number of epochs; with --resume more than before, where the schedule does not depend on it')
    .option('--lr <rate>', 'peak learning rate; with --resume the rate to go on with')
    .option('--seed <n>', 'seed of first weights, order and augmentation (default: 1)')
    .option('--seed-init <n>', 'seed of the first weights, where it is another')
    .option('--seed-shuffle <n>', 'seed of the order of the samples, where it is another')
    .option('--seed-augmentation <n>', 'seed of augmentation, mixing and dropout, where it is another')
    .addOption(new Option('--backend <name>', 'compute backend (default: auto)').choices(BACKENDS))
    .requiredOption('--out <run>', 'run folder')
    .option('--resume', 'go on with the run in --out from its last checkpoint; other options must agree with it')
    .option('--json', 'print JSON')
    .addHelpText('after', `\nRecipes: ${recipeNames.join(', ')}\n\nFields of a recipe (--recipe-set): ${recipeKeys.join(', ')}`);
}

/** The configuration a new run is started with. */
export async function configFrom(options: TrainOptions): Promise<TrainingConfig> {
  if (options.model === undefined) throw new UserError('say which network to train with --model, for example --model pure-mlp-small');
  if (options.data === undefined) throw new UserError('say what to train on with --data, for example --data shapes');
  const spec = await modelSpec(options.model, options);
  const asked: TrainingConfig = {
    spec,
    dataset: parseDatasetReference(options.data),
    recipe: recipeFrom(spec, options),
    ...seedsFrom(options),
    backend: options.backend ?? 'auto',
  };
  const { config, dataset } = await checkedRun(datasetsHere, asked);
  const short = warmupRemark(asked.recipe);
  if (short !== null) remark(short);
  remarkData(dataset);
  return config;
}

/** What is to be said of a run that ends before its learning rate has risen to its peak; null of any other. */
export function warmupRemark({ epochs, schedule: { warmupEpochs, base } }: Pick<Recipe, 'epochs' | 'schedule'>): string | null {
  if (warmupEpochs < epochs) return null;
  return `the warm-up takes ${warmupEpochs} epochs and the run has ${epochs}: the learning rate does not get past its rise to the peak of ${base}; --recipe-set schedule.warmupEpochs=N makes it shorter`;
}

function recipeFrom({ task }: NetworkSpec, options: TrainOptions): Recipe {
  const named = recipe(options.recipe ?? SHORT_RECIPES[task]);
  const changed = withOverrides(named, [...options.recipeSet, ...(options.lr === undefined ? [] : [`lr=${options.lr}`])]);
  return options.epochs === undefined ? changed : { ...changed, epochs: wholeNumber('--epochs', options.epochs, 1) };
}

/** The seeds that were named. */
export function seedsFrom(options: TrainOptions): Pick<TrainingConfig, 'seed' | 'seeds'> {
  const named = { init: options.seedInit, shuffle: options.seedShuffle, augmentation: options.seedAugmentation };
  const given = Object.entries(named).flatMap(([use, text]) =>
    text === undefined ? [] : [[use, seedFrom(`--seed-${use}`, text)] as const],
  );
  return { seed: seedFrom('--seed', options.seed ?? '1'), seeds: Object.fromEntries(given) };
}
