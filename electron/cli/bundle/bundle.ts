// repmlp bundle: a folder that trains a network with PyTorch on other machines, with numbers that prove its arithmetic.
import { Option } from 'commander';
import { recipe, recipeNames, SHORT_RECIPES } from '@shared/training/recipe/recipes';
import { withOverrides } from '@shared/training/recipe/overrides';
import { writeBundle } from '../../app/bundle/bundle';
import { withEngine } from '../engine';
import { modelSpec } from '../network';
import { StatusLine } from '../progress';
import { BACKENDS, collect, print, printJson, seedFrom, type BackendOption, type Verb } from '../verb';

interface BundleOptions extends BackendOption {
  readonly set: readonly string[];
  readonly inputSize?: string;
  readonly recipe?: string;
  readonly recipeSet: readonly string[];
  readonly seed: string;
  readonly json?: boolean;
}

export const bundleVerb: Verb = (program) => {
  program
    .command('bundle')
    .description('write a folder that trains a network with PyTorch (torchrun), and numbers that prove its arithmetic')
    .argument('<model>', 'zoo model, or a .json network description')
    .argument('<out>', 'folder to write')
    .option('--set <key=value>', 'a hyper-parameter of the model (repeatable)', collect, [])
    .option('--input-size <N|HxW>', 'height and width of inputs in pixels, of a network whose layers leave them open')
    .option('--recipe <name>', "training recipe, one of those below; the task's short one when not given")
    .option('--recipe-set <key=value>', 'a field of the recipe, for example batchSize=32 (repeatable)', collect, [])
    .option('--seed <n>', 'seed of first weights, order and augmentation', '1')
    // Its float32 is what was held against PyTorch; how a graphics card rounds is its own affair.
    .addOption(new Option('--backend <name>', 'what computes the numbers of the proof').choices(BACKENDS).default('wasm'))
    .option('--json', 'print JSON')
    .addHelpText('after', `\nRecipes: ${recipeNames.join(', ')}`)
    .action(async (model: string, out: string, { seed, backend, json, ...options }: BundleOptions) => {
      const spec = await modelSpec(model, options);
      const chosen = withOverrides(recipe(options.recipe ?? SHORT_RECIPES[spec.task]), options.recipeSet);
      const request = { spec, recipe: chosen, seed: seedFrom('--seed', seed), backend };
      const made = await new StatusLine().duringParts(`computing ten steps of ${spec.name}`, (onProgress) =>
        withEngine((engine) => writeBundle(request, engine, out, { onProgress })),
      );
      if (json) return printJson({ ...made, model: spec.name, recipe: chosen.name });
      print(
        `${made.folder}: ${spec.name} by the recipe ${chosen.name}, ${made.files.length} files`,
        made.unproved === null ? `parity: ten steps in float32 on ${made.backend}` : `not proved: ${made.unproved}`,
        'next: python train.py --check',
      );
    });
};
