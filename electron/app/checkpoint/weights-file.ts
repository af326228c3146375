// The texts that name weights, the same on the command line, in figure recipes and from windows: `bundled:NAME`, a run
// folder (its last train-form checkpoint), or a checkpoint file.
import type { CheckpointFile } from '@shared/checkpoint/checkpoint-file';
import { openCheckpointFile, type AllocateBytes, type WeightsChoice } from '../../files';
import { bundledCheckpoint } from '../../files/assets';
import { checkpointOfRun, isRunFolder } from '../../runs/read';

/** The name in `bundled:NAME`; null for a path. */
export function bundledName(text: string): string | null {
  return /^bundled:(.+)$/.exec(text)?.[1] ?? null;
}

/** The checkpoint file that a text names. Rejects with UserError where no such checkpoint is bundled, or a run has none yet. */
export async function weightsFile(text: string): Promise<string> {
  const bundled = bundledName(text);
  if (bundled !== null) return bundledCheckpoint(bundled);
  return (await isRunFolder(text)) ? checkpointOfRun(text) : text;
}

/** Opens the weights that a text names; the caller closes them. Rejects with UserError saying what is wrong with the file. */
export async function openNamedWeights(text: string, choice?: WeightsChoice, allocate?: AllocateBytes): Promise<CheckpointFile> {
  return openCheckpointFile(await weightsFile(text), allocate, choice);
}
