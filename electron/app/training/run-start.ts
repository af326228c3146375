// How a training begins or goes on, whoever asks: configuration, recipe, network and data are held against one another
// before anything is written.
import type { RunRecord } from '@shared/run/run';
import { checkRecipe } from '@shared/training/recipe/fit';
import type { TrainingConfig } from '@shared/training/recipe/recipe';
import { checkedTrainingConfig } from '@shared/training/recipe/recipe-schema';
import { dataChange, dataHashOf } from '../../datasets/data-hash';
import { RunWriter, type ConfigOnResume, type Resumed } from '../../runs/writer';
import { datasetForTraining, type CheckedDataset, type Datasets } from '../dataset/datasets';

/** A run about to be made. */
export interface CheckedRun {
  /** With its data set settled. */
  readonly config: TrainingConfig;
  readonly dataset: CheckedDataset;
}

/** Rejects with UserError where the parts do not fit one another, or there is no such data set. */
export async function checkedRun(datasets: Datasets, asked: TrainingConfig): Promise<CheckedRun> {
  checkedTrainingConfig(asked, 'the new run');
  checkRecipe(asked.spec, asked.recipe);
  const dataset = await datasetForTraining(datasets, asked.dataset, asked.spec);
  return { config: { ...asked, dataset: dataset.reference }, dataset };
}

/** Makes the run folder of a checked configuration; its writer holds it until `release`. Rejects with UserError if the folder has a run already. */
export async function createRun(folder: string, config: TrainingConfig): Promise<RunWriter> {
  return RunWriter.create(folder, config, await dataHashOf(config.dataset));
}

/** A run that is gone on with, and what is to be said where its data are no longer what it was started with. */
export interface ResumedRun extends Resumed {
  readonly dataChanged: string | null;
}

/** Goes on with a run from its last checkpoint, with what `config` makes of it. Rejects with UserError, the run as it was, where its data are gone. */
export async function resumeRun(folder: string, config: ConfigOnResume = (run) => run.config): Promise<ResumedRun> {
  let dataChanged: string | null = null;
  const resumed = await RunWriter.resume(folder, async (run: RunRecord) => {
    const next = await config(run);
    dataChanged = await dataChange(run);
    return next;
  });
  return { ...resumed, dataChanged };
}
