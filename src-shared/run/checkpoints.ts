// A run's checkpoints: the newest that training can go on from, and where it stands in the run.
import type { CheckpointRecord, RunRecord } from './run';

/** The newest train-form checkpoint of a run; undefined before its first. */
export function newestCheckpoint({ checkpoints }: Pick<RunRecord, 'checkpoints'>): CheckpointRecord | undefined {
  return checkpoints.findLast(({ form }) => form === 'train');
}

/** `the checkpoint after 2 of 5 epochs and 30 steps`: its place in a run of so many epochs. */
export function placeInRun({ epoch, step }: Pick<CheckpointRecord, 'epoch' | 'step'>, { config }: Pick<RunRecord, 'config'>): string {
  return `the checkpoint after ${epoch} of ${config.recipe.epochs} epochs${step > 0 ? ` and ${step} steps` : ''}`;
}

/** Folder of a run's checkpoints. */
export const CHECKPOINT_FOLDER = 'checkpoints';

/** The names under which a run writes a checkpoint of its own: weights, then optimizer and random states. Others are never deleted. */
export function checkpointNames({ epoch, step }: Pick<CheckpointRecord, 'epoch' | 'step'>): readonly [string, string] {
  const stem = `${CHECKPOINT_FOLDER}/epoch-${String(epoch).padStart(4, '0')}${step > 0 ? `-step-${String(step).padStart(5, '0')}` : ''}`;
  return [`${stem}.safetensors`, `${stem}.state.safetensors`];
}
