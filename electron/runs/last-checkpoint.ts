// A run taken back to its last checkpoint with optimizer state: what training goes on from, and the files cut off after it.
import type { ResumePoint } from '@shared/training/loop/events';
import { lineOf, METRICS_HEADER } from '@shared/run/metrics';
import { normLines, NORMS_HEADER, type NormsEvent } from '@shared/run/norms';
import type { CheckpointRecord, RunRecord } from '@shared/run/run';
import type { NamedTensors } from '@shared/tensor/tensor';
import { POSITION_NAME, startPosition } from '@shared/training/loop/position';
import type { TrainingEvent } from '@shared/training/recipe/event';
import { UserError } from '@shared/base/user-error';
import { openCheckpointFile, writeFileAtomically } from '../files';
import { pathInside } from '../files/inside';
import { EventFile } from './event-file';
import { METRICS_FILE, NORMS_FILE, readMetrics, readNorms } from './read';

/** The last checkpoint with optimizer state (null before the first), metrics and norms after it cut off. */
export async function cutToCheckpoint(folder: string, record: RunRecord): Promise<{ point: ResumePoint | null; eventFile: EventFile }> {
  const last = record.checkpoints.findLast((entry) => entry.form === 'train' && entry.stateFile !== null);
  // Read first: where it is broken the folder stays as it is.
  const point = last ? await readPoint(folder, last) : null;
  const [metrics, norms] = [await readMetrics(folder), await readNorms(folder)];
  const kept = await cutMetricsAfter(folder, metrics, last?.epoch ?? 0, last?.step ?? 0);
  const keptNorms = await cutNormsAfter(folder, norms, last?.epoch ?? 0);
  return { point, eventFile: await EventFile.resume(folder, withNorms(kept, keptNorms)) };
}

/** Weights and optimizer state of a checkpoint. Rejects with UserError naming the checkpoint where one of them is missing or damaged, or is of another place in the run. */
async function readPoint(folder: string, entry: CheckpointRecord): Promise<ResumePoint> {
  const { epoch, step, file, stateFile } = entry;
  if (stateFile === null) throw new UserError(`checkpoint ${file} has no optimizer state to go on from`);
  try {
    const point = { epoch, weights: await tensorsIn(folder, file), state: await tensorsIn(folder, stateFile) };
    const held = startPosition(point);
    // What an engine without a position hands over is the end of an epoch.
    if (point.state.has(POSITION_NAME) && (held.epoch !== epoch || held.step !== step))
      throw new UserError(
        `run.json has it after epoch ${epoch} and step ${step}, but ${stateFile} is of epoch ${held.epoch} and step ${held.step}`,
      );
    return point;
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    throw new UserError(
      `${folder} cannot go on from its last checkpoint: ${error.message}. Put the file back (run.json names it), or start a new run in another folder`,
    );
  }
}

async function tensorsIn(folder: string, name: string): Promise<NamedTensors> {
  const opened = await openCheckpointFile(await pathInside(folder, name));
  try {
    return await opened.readAll();
  } finally {
    await opened.close();
  }
}

/** Cuts metrics.csv off after a checkpoint; returns the events that stay. */
async function cutMetricsAfter(folder: string, events: readonly TrainingEvent[], epoch: number, step: number): Promise<TrainingEvent[]> {
  const kept = events.filter((event) => isUpTo(event, epoch, step));
  await rewrite(folder, METRICS_FILE, `${[METRICS_HEADER, ...kept.map(lineOf)].join('\n')}\n`);
  return kept;
}

/** Cuts norms.csv off after an epoch; returns what stays. A run of an earlier version gets the file here. */
async function cutNormsAfter(folder: string, norms: readonly NormsEvent[], epoch: number): Promise<NormsEvent[]> {
  const kept = norms.filter((event) => event.epoch <= epoch);
  await rewrite(folder, NORMS_FILE, `${NORMS_HEADER}\n${kept.map(normLines).join('')}`);
  return kept;
}

/** Each epoch's norms behind it, as they were told. */
function withNorms(events: readonly TrainingEvent[], norms: readonly NormsEvent[]): TrainingEvent[] {
  return events.flatMap((event) => [event, ...(event.type === 'epoch' ? norms.filter(({ epoch }) => epoch === event.epoch) : [])]);
}

function isUpTo(event: TrainingEvent, epoch: number, step: number): boolean {
  if (event.type === 'epoch') return event.epoch <= epoch;
  return event.type === 'step' && (event.epoch <= epoch || (event.epoch === epoch + 1 && event.step <= step));
}

/** Writes a file of a run whole, in the place of what was there. */
export async function rewrite(folder: string, name: string, text: string): Promise<void> {
  await writeFileAtomically(await pathInside(folder, name), new TextEncoder().encode(text), { force: true });
}
