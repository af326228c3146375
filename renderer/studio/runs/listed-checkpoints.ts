// Which of a run's checkpoints stand in a list of all networks: a run of hundreds of epochs would hide all others.
import type { ListedRun } from '@shared/link/studio';
import type { CheckpointRecord } from '@shared/run/run';
import { keyOf } from '../network/weights';

/** A run of more checkpoints than this is not listed with all of them. */
export const MOST_EPOCHS = 6;

/** Those in train form among the listed. */
export function trainCheckpoints(run: Pick<ListedRun, 'name' | 'checkpoints'>, chosen: string): readonly CheckpointRecord[] {
  return listedCheckpoints({ ...run, checkpoints: run.checkpoints.filter(({ form }) => form === 'train') }, chosen);
}

/** All where they are few, else the one whose key is `chosen`, the best, the merged ones and the newest; in their order. */
export function listedCheckpoints(
  { name, checkpoints }: Pick<ListedRun, 'name' | 'checkpoints'>,
  chosen: string,
): readonly CheckpointRecord[] {
  if (checkpoints.length <= MOST_EPOCHS) return checkpoints;
  const best = checkpoints.filter((checkpoint) => checkpoint.best).at(-1);
  const isListed = (one: CheckpointRecord): boolean =>
    one === best ||
    one === checkpoints.at(-1) ||
    one.form === 'merged' ||
    keyOf({ kind: 'run', run: name, checkpoint: one.file }) === chosen;
  return checkpoints.filter(isListed);
}
