// Checkpoints on disk: opened by path, written by path.
import { basename } from 'node:path';
import type { CheckpointFile } from '@shared/checkpoint/checkpoint-file';
import { entriesOfTensors, type TensorEntry, type WriteOptions } from '@shared/checkpoint/entries';
import { openCheckpoint } from '@shared/checkpoint/open-checkpoint';
import type { Choice } from '@shared/checkpoint/weight-sets/choose-weight-set';
import { formatOfName, writeCheckpoint } from '@shared/checkpoint/write';
import { canonicalInfos, canonicalise } from '@shared/model/canonical/canonical';
import { recognise } from '@shared/model/recognise/recognise';
import { zoo } from '@shared/model/zoo';
import type { NamedTensors, TensorInfo } from '@shared/tensor/tensor';
import { type Replace, refuseExisting, writeAtomically } from './atomic-write';
import { fileSource, type AllocateBytes } from './file-source';

/** Which of several sets of weights is wanted. */
export type WeightsChoice = Pick<Choice, 'weights' | 'ifSeveral'>;

/** Whether tensors are a network of the zoo, by whoever's names: then a prefix that all names have is the wrapper's, not the network's. */
function isNetwork(tensors: readonly TensorInfo[]): boolean {
  const { recognised } = recognise(canonicalInfos(canonicalise(tensors)));
  return recognised !== null && zoo.some(({ name }) => name === recognised.model);
}

/**
 * Opens a checkpoint of any format; the caller closes it. Values are read into arrays from `allocate`, where their format allows it.
 * Rejects with UserError saying what is wrong with the file.
 */
export async function openCheckpointFile(path: string, allocate?: AllocateBytes, choice: WeightsChoice = {}): Promise<CheckpointFile> {
  const source = await fileSource(path, allocate);
  try {
    return await openCheckpoint(source, basename(path), { ...choice, isNetwork });
  } catch (error) {
    await source.close();
    throw error;
  }
}

/**
 * Writes a checkpoint; the name's ending decides the format. Whole or not at all. Rejects with
 * UserError for an unknown ending, an existing file without `force`, a full disk, a type the format lacks.
 */
export async function writeCheckpointFile(
  path: string,
  tensors: NamedTensors | readonly TensorEntry[],
  options: WriteOptions & Replace = {},
): Promise<void> {
  const format = formatOfName(basename(path));
  const entries = tensors instanceof Map ? entriesOfTensors(tensors) : (tensors as readonly TensorEntry[]);
  await writeAtomically(path, options, (sink) => writeCheckpoint(format, entries, sink, options));
}

/** Rejects with UserError if `path` could not be written: wrong ending, or it exists and `force` is not given. For checking before long work. */
export async function checkCheckpointTarget(path: string, replace: Replace = {}): Promise<void> {
  formatOfName(basename(path));
  await refuseExisting(path, replace);
}
