// Reading run folders: run.json is checked field by field, metrics.csv line by line (a line cut off by a
// kill is dropped), so that a broken folder is told apart from a missing one.
import { readFile, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { parseNetworkSpec } from '@shared/model/schema';
import type { CheckpointRecord, RunRecord } from '@shared/run/run';
import { eventOf, isMetricsHeader } from '@shared/run/metrics';
import { normEvents, type NormsEvent } from '@shared/run/norms';
import type { TrainingEvent } from '@shared/training/recipe';
import { UserError } from '@shared/user-error';

export const RUN_FILE = 'run.json';
export const METRICS_FILE = 'metrics.csv';
export const NORMS_FILE = 'norms.csv';
export const CHECKPOINT_FOLDER = 'checkpoints';
export const FIGURE_FOLDER = 'figures';

/** A loss that overflowed stands there by name; runs of an earlier version have null in its place. */
const measured = z.union([z.number(), z.enum(['Infinity', '-Infinity', 'NaN']).transform(Number), z.null().transform(() => NaN)]);

const checkpoint = z.object({
  epoch: z.number().int().nonnegative(),
  step: z.number().int().nonnegative(),
  file: z.string().min(1),
  stateFile: z.string().nullable(),
  form: z.enum(['train', 'merged']),
  validation: z.object({ loss: measured, metric: measured, verification: measured.optional() }).nullable(),
  best: z.boolean(),
  interim: z.boolean().optional(),
});

const record = z.object({
  format: z.literal('repmlp-run'),
  version: z.literal(1),
  name: z.string(),
  createdAt: z.string(),
  state: z.enum(['running', 'paused', 'stopped', 'finished', 'failed']),
  config: z.looseObject({
    spec: z.unknown(),
    dataset: z.looseObject({}),
    recipe: z.looseObject({}),
    seed: z.number(),
    backend: z.string(),
  }),
  backend: z.string(),
  device: z.string(),
  studioVersion: z.string(),
  tfjsVersion: z.string(),
  dataHash: z.string(),
  checkpoints: z.array(checkpoint),
  backendChanges: z.array(z.object({ epoch: z.number(), step: z.number(), from: z.string(), to: z.string() })).optional(),
});

/** Whether `path` is a folder with a run.json in it. */
export async function isRunFolder(path: string): Promise<boolean> {
  return stat(join(path, RUN_FILE)).then(
    (entry) => entry.isFile(),
    () => false,
  );
}

/** The record of a run folder. Throws UserError that says what is wrong with it. */
export async function readRun(folder: string): Promise<RunRecord> {
  const path = join(folder, RUN_FILE);
  const text = await readFile(path, 'utf8').catch(() => {
    throw new UserError(`${folder} is not a run folder: it has no ${RUN_FILE}`);
  });
  const parsed = record.safeParse(jsonOf(text, path));
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw new UserError(`${path} is not a run record: ${issue.path.map(String).join('.') || 'the file'}: ${issue.message}`);
  }
  parseNetworkSpec(parsed.data.config.spec);
  return parsed.data as unknown as RunRecord;
}

function jsonOf(text: string, path: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new UserError(`${path} is damaged: ${(error as Error).message}`);
  }
}

/** Events of metrics.csv in order. A missing file is an empty history. */
export async function readMetrics(folder: string): Promise<TrainingEvent[]> {
  const text = await readFile(join(folder, METRICS_FILE), 'utf8').catch(() => '');
  const lines = text.split('\n');
  if (!isMetricsHeader(lines[0])) return [];
  // The last piece is empty after a whole line, and a cut-off line after a kill: either way no event.
  return lines
    .slice(1, -1)
    .map(eventOf)
    .filter((event) => event !== null);
}

/** Norms of weights and gradients, epoch by epoch. A missing file is an empty history. */
export async function readNorms(folder: string): Promise<NormsEvent[]> {
  return normEvents(await readFile(join(folder, NORMS_FILE), 'utf8').catch(() => ''));
}

/** The checkpoint `which` of a run: 'last', 'best', 'merged' or an epoch number. Throws UserError if there is none. */
export function checkpointRecord(run: RunRecord, which: string): CheckpointRecord {
  const trains = run.checkpoints.filter((entry) => entry.form === 'train');
  const found = {
    last: trains[trains.length - 1],
    best: trains.findLast((entry) => entry.best) ?? trains[trains.length - 1],
    merged: run.checkpoints.findLast((entry) => entry.form === 'merged'),
  };
  const chosen = which in found ? found[which as keyof typeof found] : trains.find((entry) => String(entry.epoch) === which);
  if (!chosen)
    throw new UserError(
      `run ${run.name} has no checkpoint "${which}": it has ${trains.map((entry) => `epoch ${entry.epoch}`).join(', ') || 'none yet'}`,
    );
  return chosen;
}

/** Path of a run's checkpoint file. */
export async function checkpointOfRun(folder: string, which = 'last'): Promise<string> {
  return join(folder, checkpointRecord(await readRun(folder), which).file);
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
    await readRun(path).then(
      (found) => runs.push({ path, record: found }),
      (error: Error) => broken.push({ path, reason: error.message }),
    );
  }
  return { runs: runs.sort((a, b) => b.record.createdAt.localeCompare(a.record.createdAt)), broken };
}
