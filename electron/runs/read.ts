// Reading run folders: run.json by its schema, metrics.csv and norms.csv line by line (a line cut off by a kill is dropped), so
// that a broken folder is told apart from a missing one. Invariant: nothing is read that lies outside the folder.
import { printable, steers } from '@shared/base/printable';
import { open, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { CHECKPOINT_FOLDER } from '@shared/run/checkpoints';
import { parseRunRecord, type CheckpointRecord, type RunRecord } from '@shared/run/run';
import { metricsOf } from '@shared/run/metrics';
import { normEvents, type NormsEvent } from '@shared/run/norms';
import { parsedJson } from '@shared/base/stored-version';
import type { TrainingEvent } from '@shared/training/recipe/event';
import { UserError } from '@shared/base/user-error';
import { isMissing, pathInside } from '../files/inside';

export { CHECKPOINT_FOLDER };
export const RUN_FILE = 'run.json';
export const METRICS_FILE = 'metrics.csv';
export const NORMS_FILE = 'norms.csv';
export const FIGURE_FOLDER = 'figures';
/** Held by the program that writes the run. */
export const LOCK_FILE = 'run.lock';

/** A text file of a run that is larger is none of ours: it would not fit into memory. */
const MOST_BYTES = 256 * 2 ** 20;

/** Whether `path` is a folder with a run.json in it. */
export async function isRunFolder(path: string): Promise<boolean> {
  return stat(join(path, RUN_FILE)).then(
    (entry) => entry.isFile(),
    () => false,
  );
}

/** The record of a run folder. Throws UserError that says what is wrong with it. */
export async function readRun(folder: string): Promise<RunRecord> {
  const text = await textIn(folder, RUN_FILE);
  if (text === null) throw new UserError(`${folder} is not a run folder: it has no ${RUN_FILE}`);
  const path = join(folder, RUN_FILE);
  return parseRunRecord(parsedJson(text, path), path);
}

/** Events of metrics.csv in order. A missing file is an empty history; one that is damaged is refused. */
export async function readMetrics(folder: string): Promise<TrainingEvent[]> {
  return metricsOf((await textIn(folder, METRICS_FILE)) ?? '', join(folder, METRICS_FILE));
}

/** Norms of weights and gradients, epoch by epoch. A missing file is an empty history; one that is damaged is refused. */
export async function readNorms(folder: string): Promise<NormsEvent[]> {
  return normEvents((await textIn(folder, NORMS_FILE)) ?? '', join(folder, NORMS_FILE));
}

/** A text file of a run; null if it is not there. */
export async function textIn(folder: string, name: string): Promise<string | null> {
  const path = await pathInside(folder, name);
  const file = await open(path, 'r').catch((error: unknown) => {
    if (isMissing(error)) return null;
    throw error;
  });
  if (file === null) return null;
  try {
    const { size } = await file.stat();
    if (size > MOST_BYTES) throw new UserError(`${path} has ${size} bytes, a run's has at most ${MOST_BYTES}: it is none`);
    return await file.readFile('utf8');
  } finally {
    await file.close();
  }
}

/** The checkpoint `which` of a run: 'last', 'best', 'merged' or an epoch number. Throws UserError if there is none. */
export function checkpointRecord(run: RunRecord, which: string): CheckpointRecord {
  const trains = run.checkpoints.filter((entry) => entry.form === 'train');
  const found = {
    last: trains[trains.length - 1],
    best: trains.findLast((entry) => entry.best) ?? trains[trains.length - 1],
    merged: run.checkpoints.findLast((entry) => entry.form === 'merged'),
  };
  const chosen = Object.hasOwn(found, which) ? found[which as keyof typeof found] : trains.find((entry) => String(entry.epoch) === which);
  if (!chosen)
    throw new UserError(
      `run ${run.name} has no checkpoint "${which}": it has ${trains.map((entry) => `epoch ${entry.epoch}`).join(', ') || 'none yet'}`,
    );
  return chosen;
}

/** Path of a run's checkpoint file. Rejects with UserError where it leads out of the run's folder. */
export async function checkpointOfRun(folder: string, which = 'last'): Promise<string> {
  return pathInside(folder, checkpointRecord(await readRun(folder), which).file);
}

/** Every readable run below `folder`, newest first, with the path of each; broken ones are left out and named. */
export async function listRuns(
  folder: string,
): Promise<{ runs: { path: string; record: RunRecord }[]; broken: { path: string; reason: string }[] }> {
  const names = await readdir(folder).catch(() => [] as string[]);
  const runs: { path: string; record: RunRecord }[] = [];
  const broken: { path: string; reason: string }[] = [];
  for (const name of names) {
    const path = join(folder, name);
    if (!(await isRunFolder(path))) continue;
    if (steers(name)) {
      broken.push({ path: printable(path), reason: steeringName(name) });
      continue;
    }
    await readRun(path).then(
      (found) => runs.push({ path, record: found }),
      (error: Error) => broken.push({ path, reason: error.message }),
    );
  }
  return { runs: runs.sort((a, b) => b.record.createdAt.localeCompare(a.record.createdAt)), broken };
}

/** Why a run is not taken whose folder's name would turn around, or wipe out, what is written beside it. */
export function steeringName(name: string): string {
  return `the name of its folder, ${printable(name)}, has control characters in it: rename the folder`;
}

/** The checkpoint record `which` of a run folder, with its path. */
export async function runCheckpoint(folder: string, which: string): Promise<CheckpointRecord & { path: string }> {
  const entry = checkpointRecord(await readRun(folder), which);
  return { ...entry, path: await pathInside(folder, entry.file) };
}
