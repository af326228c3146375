// repmlp train: trains into a run folder. Ctrl-C stops after the current step and leaves a resumable run.
import { resolve } from 'node:path';
import type { NetworkSpec, Task } from '@shared/model/spec';
import { seed } from '@shared/tensor/random';
import { parseDatasetReference } from '@shared/dataset/reference';
import { withOverrides } from '@shared/training/overrides';
import { recipe } from '@shared/training/recipes';
import type { Recipe, TrainingConfig, TrainingState } from '@shared/training/recipe';
import type { Engine, ResumePoint } from '@shared/engine/engine';
import { UserError } from '@shared/user-error';
import { dataHashOf } from '../service/data-hash';
import { RunWriter, trainIntoRun } from '../service/runs';
import { withEngine } from './engine';
import { modelSpec } from './network';
import { metricName, ProgressLine } from './progress';
import { print, printJson, wholeNumber, withBackend, type BackendOption, type Verb } from './verb';

interface TrainOptions extends BackendOption {
  readonly model?: string;
  readonly set: readonly string[];
  readonly data?: string;
  readonly recipe?: string;
  readonly recipeSet: readonly string[];
  readonly epochs?: string;
  readonly seed: string;
  readonly out: string;
  readonly resume?: boolean;
  readonly json?: boolean;
}

const collect = (value: string, previous: readonly string[]): readonly string[] => [...previous, value];

export const trainVerb: Verb = (program, setExit) => {
  withBackend(
    program
      .command('train')
      .description('train a network into a run folder (metrics.csv, TensorBoard events, checkpoints); Ctrl-C leaves a resumable run'),
  )
    .option('--model <name>', 'zoo model, or a .json network description')
    .option('--set <key=value>', 'a hyper-parameter of the model (repeatable)', collect, [])
    .option('--data <source>', 'embedded data (shapes, faces, faces-unaligned, streets) or a folder in a published layout')
    .option('--recipe <name>', "training recipe; the task's short one when not given")
    .option('--recipe-set <key=value>', 'a field of the recipe, for example batchSize=32 (repeatable)', collect, [])
    .option('--epochs <n>', 'number of epochs')
    .option('--seed <n>', 'seed of initialisation, order and augmentation', '1')
    .requiredOption('--out <run>', 'run folder')
    .option('--resume', 'go on with the run in --out')
    .option('--json', 'print JSON')
    .action(async (options: TrainOptions) => {
      const folder = resolve(options.out);
      const { writer, point } = options.resume ? await resumeRun(folder, options) : await startRun(folder, await configFrom(options));
      const state = await withEngine((engine) => trainInTerminal(engine, writer, point));
      const { checkpoints } = writer.record;
      const last = checkpoints[checkpoints.length - 1];
      if (options.json) printJson({ run: folder, state, epochs: last?.epoch ?? 0, checkpoints });
      else print(`${folder}: ${state}, ${checkpoints.length} checkpoints${state === 'stopped' ? '; go on with --resume' : ''}`);
      setExit(state === 'failed' ? 1 : 0);
    });
};

async function resumeRun(
  folder: string,
  { model, data, recipe: name }: TrainOptions,
): Promise<{ writer: RunWriter; point: ResumePoint | null }> {
  if (model !== undefined || data !== undefined || name !== undefined)
    throw new UserError('--resume goes on with what the run was started with: leave --model, --data and --recipe out');
  return RunWriter.resume(folder);
}

/** Creates the run folder of a configuration. */
export async function startRun(folder: string, config: TrainingConfig): Promise<{ writer: RunWriter; point: null }> {
  return { writer: await RunWriter.create(folder, config, await dataHashOf(config.dataset)), point: null };
}

/** The short recipe of a task, for runs that name none. */
const SHORT_RECIPES: Readonly<Record<Task, string>> = {
  classification: 'shapes-short',
  face: 'faces-short',
  segmentation: 'streets-short',
};

/** The configuration a new run is started with. */
async function configFrom(options: TrainOptions): Promise<TrainingConfig> {
  if (options.model === undefined) throw new UserError('say which network to train with --model, for example --model pure-mlp-small');
  if (options.data === undefined) throw new UserError('say what to train on with --data, for example --data shapes');
  const spec = await modelSpec(options.model, options.set);
  return {
    spec,
    dataset: parseDatasetReference(options.data),
    recipe: recipeFrom(spec, options),
    seed: seed(wholeNumber('--seed', options.seed, 0)),
    backend: options.backend,
  };
}

function recipeFrom({ task }: NetworkSpec, options: TrainOptions): Recipe {
  const changed = withOverrides(recipe(options.recipe ?? SHORT_RECIPES[task]), options.recipeSet);
  return options.epochs === undefined ? changed : { ...changed, epochs: wholeNumber('--epochs', options.epochs, 1) };
}

/** Trains with a progress line; the first Ctrl-C asks the training to stop, a second one ends the program. */
export async function trainInTerminal(engine: Engine, writer: RunWriter, resume: ResumePoint | null): Promise<TrainingState> {
  const { config } = writer.record;
  const progress = new ProgressLine(process.stderr, config.recipe.epochs, metricName(config.spec.task));
  const run = writer.folder;
  const interrupt = (): void => {
    process.once('SIGINT', () => process.exit(130));
    void engine.control(run, { action: 'stop' }).catch(() => undefined);
  };
  process.once('SIGINT', interrupt);
  try {
    let state: TrainingState = 'running';
    for await (const event of trainIntoRun(engine, run, writer, resume)) {
      progress.show(event);
      if (event.type === 'state') state = event.state;
    }
    return state;
  } finally {
    process.removeListener('SIGINT', interrupt);
  }
}
