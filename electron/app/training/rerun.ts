// A run trained again from its own record, and what differs: whoever asks. Invariant: the first run is only read.
import type { CheckpointFile } from '@shared/checkpoint/checkpoint-file';
import type { BackendReport } from '@shared/compute/engine';
import { compareWeights, type ComparedFile } from '@shared/proof/diff/compare-weights';
import { rerunReport, type RerunReport, type RerunWeights } from '@shared/run/rerun';
import type { RunRecord } from '@shared/run/run';
import type { TrainingConfig } from '@shared/training/recipe/recipe';
import { openCheckpointFile } from '../../files';
import { pathInside } from '../../files/inside';
import { readMetrics, readRun } from '../../runs/read';

/** The configuration to train a run again with: its own, on the backend it was computed on where that is here; else `note` says so. */
export function rerunConfig(
  { config, backend }: RunRecord,
  here: readonly BackendReport[],
): { readonly config: TrainingConfig; readonly note: string | null } {
  const found = here.find(({ name }) => name === backend);
  if (found?.available) return { config: { ...config, backend: found.name }, note: null };
  return {
    config: { ...config, backend: 'auto' },
    note: `it was computed on ${backend}, which is not here (${found?.note ?? 'unknown'}): losses will part in the last bits`,
  };
}

/** Holds a run against its repetition. Rejects with UserError where a folder is no run or is damaged. */
export async function compareRuns(folder: string, again: string): Promise<RerunReport> {
  const [a, b] = await Promise.all([keptRun(folder), keptRun(again)]);
  return rerunReport(a, b, await lastWeights([folder, a.record], [again, b.record]));
}

async function keptRun(folder: string) {
  return { record: await readRun(folder), events: await readMetrics(folder) };
}

type Kept = readonly [folder: string, record: RunRecord];

/** Weights of the last whole epoch that both have a checkpoint of. */
async function lastWeights([folder, a]: Kept, [again, b]: Kept): Promise<RerunWeights | null> {
  const whole = ({ checkpoints }: RunRecord) => checkpoints.filter(({ form, step }) => form === 'train' && step === 0);
  const last = whole(a).findLast(({ epoch }) => whole(b).some((other) => other.epoch === epoch));
  const other = whole(b).find(({ epoch }) => epoch === last?.epoch);
  if (last === undefined || other === undefined) return null;
  const [fileA, fileB] = [
    await openCheckpointFile(await pathInside(folder, last.file)),
    await openCheckpointFile(await pathInside(again, other.file)),
  ];
  try {
    const { moved, compared, names } = await compareWeights(asStored(fileA), asStored(fileB), { hold: false });
    const [most] = moved;
    const lost = names.onlyA.length + names.onlyB.length + names.otherShape.length;
    return {
      epoch: last.epoch,
      identical: moved.length === 0 && lost === 0,
      tensors: compared + lost,
      moved: moved.length + lost,
      most: most === undefined ? null : { name: most.name, maxAbs: most.maxAbs, relative: most.relative },
    };
  } finally {
    await fileA.close();
    await fileB.close();
  }
}

function asStored(file: CheckpointFile): ComparedFile {
  return { fileName: file.fileName, spec: null, infos: file.tensors, read: (name) => file.read(name) };
}
