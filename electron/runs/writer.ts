// Writes a run folder while it trains. Order makes it safe to be killed at any moment: weights and state
// first, each whole or not at all, then run.json that names them; metrics and norms beyond the last
// checkpoint are cut off when the run is resumed. Invariants: only the holder of the run's lock writes; nothing is written or
// deleted outside the folder, and deleted is only what bears a name of ours.
import { appendFile, mkdir, rmdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { EngineTrainingEvent, ResumePoint } from '@shared/training/loop/events';
import type { NetworkSpec } from '@shared/model/spec';
import { jsonText } from '@shared/base/named-numbers';
import { lineOf, METRICS_HEADER } from '@shared/run/metrics';
import { normLines, NORMS_HEADER, type NormsEvent } from '@shared/run/norms';
import { checkpointNames, newestCheckpoint } from '@shared/run/checkpoints';
import type { CheckpointRecord, RunRecord } from '@shared/run/run';
import type { NamedTensors } from '@shared/tensor/tensor';
import { POSITION_NAME, startPosition } from '@shared/training/loop/position';
import type { TrainingConfig, TrainingEvent, ValidationResult } from '@shared/training/recipe/recipe';
import { checkedTrainingConfig } from '@shared/training/recipe/recipe-schema';
import { seedsOf } from '@shared/training/recipe/seeds';
import { UserError } from '@shared/base/user-error';
import { specMetadata } from '../files/checkpoint-network';
import { openCheckpointFile, writeCheckpointFile, writeFileAtomically } from '../files';
import { STUDIO_VERSION, TFJS_VERSION } from '../files/version';
import { deleteInside, pathInside } from '../files/inside';
import { EventFile } from './event-file';
import { takeLock, type Lock } from './lock';
import {
  CHECKPOINT_FOLDER,
  checkpointRecord,
  FIGURE_FOLDER,
  isRunFolder,
  LOCK_FILE,
  METRICS_FILE,
  NORMS_FILE,
  readMetrics,
  readNorms,
  readRun,
  RUN_FILE,
  textIn,
} from './read';

type BackendEvent = Extract<EngineTrainingEvent, { type: 'backend' }>;
type WeightsEvent = Extract<EngineTrainingEvent, { type: 'weights' }>;

/** What a run goes on with: its configuration as it is, or changed where it may be. Errors leave the run as it was. */
export type ConfigOnResume = (record: RunRecord) => TrainingConfig | Promise<TrainingConfig>;

/** A run that is gone on with, from its last checkpoint with optimizer state; null before the first. */
export interface Resumed {
  readonly writer: RunWriter;
  readonly point: ResumePoint | null;
}

export class RunWriter {
  private validation: ValidationResult | null = null;

  private constructor(
    readonly folder: string,
    private current: RunRecord,
    private eventFile: EventFile,
    private readonly lock: Lock,
  ) {}

  /** Starts a run in a new (or empty) folder, which nobody else writes until `release`. Throws UserError if there is one already. */
  static async create(folder: string, config: TrainingConfig, dataHash: string, name = basename(folder)): Promise<RunWriter> {
    const record = newRecord(checkedTrainingConfig(config, 'the new run'), dataHash, name);
    await refuseRun(folder);
    await mkdir(folder, { recursive: true });
    return holdingLock(folder, async (lock) => {
      await refuseRun(folder);
      const taken = await takenFile(folder);
      if (taken !== null)
        throw new UserError(`${taken} is there already and belongs to no run: it is not written over, take another folder`);
      for (const inner of [CHECKPOINT_FOLDER, FIGURE_FOLDER]) await mkdir(await pathInside(folder, inner), { recursive: true });
      await rewrite(folder, METRICS_FILE, `${METRICS_HEADER}\n`);
      await rewrite(folder, NORMS_FILE, `${NORMS_HEADER}\n`);
      const writer = new RunWriter(folder, record, await EventFile.create(folder), lock);
      await writer.save();
      return writer;
    });
  }

  /**
   * Goes on with a run, which nobody else writes until `release`: gives its last checkpoint and cuts later metrics off. `config` is
   * asked what it goes on with, once nobody else can change the run. Rejects with UserError where another program writes it.
   */
  static async resume(folder: string, config?: ConfigOnResume): Promise<Resumed> {
    await readRun(folder);
    return holdingLock(folder, (lock) => RunWriter.goOn(folder, lock, config));
  }

  private static async goOn(folder: string, lock: Lock, config: ConfigOnResume = (record) => record.config): Promise<Resumed> {
    const record = await readRun(folder);
    const changed = checkedTrainingConfig(await config(record), 'the run');
    const { point, eventFile } = await cutToCheckpoint(folder, record);
    const writer = new RunWriter(folder, { ...record, config: changed, state: 'running' }, eventFile, lock);
    await writer.save();
    return { writer, point };
  }

  /** Takes the run back to its last checkpoint; this writer writes no more, the new one holds its lock. */
  again(): Promise<Resumed> {
    return RunWriter.goOn(this.folder, this.lock);
  }

  /** Lets others write the run; this writer writes no more. */
  release(): Promise<void> {
    return this.lock.release();
  }

  /** Takes a run under way back to its last checkpoint, as `resume` does, and gives that. */
  async rewind(): Promise<ResumePoint | null> {
    const { point, eventFile } = await cutToCheckpoint(this.folder, this.current);
    this.eventFile = eventFile;
    return point;
  }

  /** Takes away a run that failed before its first report, as if it had never been started; any other stays. Returns whether it is gone. */
  async discardUnbegun(): Promise<boolean> {
    if (this.current.checkpoints.length > 0 || (await readMetrics(this.folder)).length > 0) return false;
    for (const file of [RUN_FILE, METRICS_FILE, NORMS_FILE]) await deleteInside(this.folder, file);
    await this.eventFile.remove();
    await this.release();
    // What somebody else put there keeps its folder.
    for (const folder of [CHECKPOINT_FOLDER, FIGURE_FOLDER, '']) await rmdir(join(this.folder, folder)).catch(() => undefined);
    return true;
  }

  get record(): RunRecord {
    return this.current;
  }

  /** Persists what an event carries; returns when it is safe on disk. */
  async accept(event: EngineTrainingEvent): Promise<void> {
    if (event.type === 'weights') return this.saveCheckpoint(event);
    if (event.type === 'epoch') this.validation = event.validation;
    if (event.type === 'norms') await this.appendNorms(event);
    await this.appendMetrics(event);
    if (event.type === 'backend') await this.setBackend(event);
    if (event.type === 'state') await this.update({ state: event.state });
  }

  /** Adds the merged form of a checkpoint. */
  async saveMerged(epoch: number, spec: NetworkSpec, weights: NamedTensors): Promise<string> {
    const file = `${CHECKPOINT_FOLDER}/merged.safetensors`;
    const path = await pathInside(this.folder, file);
    await writeCheckpointFile(path, weights, { force: true, metadata: specMetadata(spec) });
    const others = this.current.checkpoints.filter((entry) => entry.form !== 'merged');
    await this.update({
      checkpoints: [...others, { epoch, step: 0, file, stateFile: null, form: 'merged', validation: null, best: false }],
    });
    return path;
  }

  private async saveCheckpoint({ point, epoch, step, best, interim }: WeightsEvent): Promise<void> {
    const [file, stateFile] = checkpointNames({ epoch, step });
    const validation = step > 0 ? null : this.validation;
    const entry: CheckpointRecord = { epoch, step, file, stateFile, form: 'train', validation, best, ...(interim ? { interim } : {}) };
    const metadata = specMetadata(this.current.config.spec);
    await writeCheckpointFile(await pathInside(this.folder, file), point.weights, { force: true, metadata });
    await writeCheckpointFile(await pathInside(this.folder, stateFile), point.state, { force: true });
    const earlier = this.current.checkpoints.filter((other) => other.form !== 'train' || isBefore(other, entry));
    const kept = earlier.filter((other) => !other.interim);
    await this.update({ checkpoints: [...kept.map((other) => (best ? { ...other, best: false } : other)), entry] });
    await this.remove(earlier.filter((other) => other.interim));
  }

  /** Deletes the files of checkpoints that run.json no longer names, where they have the names that a run gives them. */
  private async remove(entries: readonly CheckpointRecord[]): Promise<void> {
    const named = new Set(this.current.checkpoints.flatMap(({ file, stateFile }) => [file, stateFile]));
    for (const entry of entries) {
      const own = checkpointNames(entry).filter((name) => (name === entry.file || name === entry.stateFile) && !named.has(name));
      for (const name of own) await deleteInside(this.folder, name);
    }
  }

  private async appendMetrics(event: TrainingEvent): Promise<void> {
    const line = lineOf(event);
    if (line === null) return;
    await appendFile(await pathInside(this.folder, METRICS_FILE), `${line}\n`);
    await this.eventFile.append(event);
  }

  private async appendNorms(event: NormsEvent): Promise<void> {
    await appendFile(await pathInside(this.folder, NORMS_FILE), normLines(event));
    await this.eventFile.append(event);
  }

  /** A change of backend behind a checkpoint is kept: the promise of the same weights holds on one backend only. */
  private setBackend({ backend, reason, change }: BackendEvent): Promise<void> {
    const { backend: from, backendChanges = [] } = this.current;
    const last = newestCheckpoint(this.current);
    const changes =
      change === undefined || !last ? backendChanges : [...backendChanges, { epoch: last.epoch, step: last.step, from, to: backend }];
    return this.update({ backend, device: reason, ...(changes.length > 0 && { backendChanges: changes }) });
  }

  private async update(change: Partial<RunRecord>): Promise<void> {
    this.current = { ...this.current, ...change };
    await this.save();
  }

  private async save(): Promise<void> {
    await rewrite(this.folder, RUN_FILE, `${jsonText(this.current)}\n`);
  }
}

/** The last checkpoint with optimizer state (null before the first), metrics and norms after it cut off. */
async function cutToCheckpoint(folder: string, record: RunRecord): Promise<{ point: ResumePoint | null; eventFile: EventFile }> {
  const last = record.checkpoints.findLast((entry) => entry.form === 'train' && entry.stateFile !== null);
  // Read first: where it is broken the folder stays as it is.
  const point = last ? await readPoint(folder, last) : null;
  const [metrics, norms] = [await readMetrics(folder), await readNorms(folder)];
  const kept = await cutMetricsAfter(folder, metrics, last?.epoch ?? 0, last?.step ?? 0);
  const keptNorms = await cutNormsAfter(folder, norms, last?.epoch ?? 0);
  return { point, eventFile: await EventFile.resume(folder, withNorms(kept, keptNorms)) };
}

/** Takes a run's lock for what `work` makes; gives it back where that fails. */
async function holdingLock<T>(folder: string, work: (lock: Lock) => Promise<T>): Promise<T> {
  const lock = await takeLock(folder, LOCK_FILE, `${folder} is being trained`);
  return work(lock).catch(async (error: unknown) => {
    await lock.release();
    throw error;
  });
}

async function refuseRun(folder: string): Promise<void> {
  if (await isRunFolder(folder)) throw new UserError(`${folder} holds a run already: use --resume to go on with it, or another folder`);
}

function newRecord(config: TrainingConfig, dataHash: string, name: string): RunRecord {
  return {
    format: 'repmlp-run',
    version: 1,
    name,
    createdAt: new Date().toISOString(),
    state: 'running',
    config: { ...config, seeds: seedsOf(config) },
    backend: config.backend === 'auto' ? 'cpu' : config.backend,
    device: '',
    studioVersion: STUDIO_VERSION,
    tfjsVersion: TFJS_VERSION,
    dataHash,
    checkpoints: [],
  };
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

/** A file of somebody else's under a name that a run writes; null if there is none. What a killed start left has no more than its header. */
async function takenFile(folder: string): Promise<string | null> {
  for (const [name, header] of [
    [METRICS_FILE, METRICS_HEADER],
    [NORMS_FILE, NORMS_HEADER],
  ]) {
    const text = (await textIn(folder, name)) ?? '';
    if (text.trim() !== '' && text.trim() !== header) return join(folder, name);
  }
  return null;
}

async function rewrite(folder: string, name: string, text: string): Promise<void> {
  await writeFileAtomically(await pathInside(folder, name), new TextEncoder().encode(text), { force: true });
}

function isBefore(a: CheckpointRecord, b: CheckpointRecord): boolean {
  return a.epoch < b.epoch || (a.epoch === b.epoch && a.step < b.step);
}

function isUpTo(event: TrainingEvent, epoch: number, step: number): boolean {
  if (event.type === 'epoch') return event.epoch <= epoch;
  return event.type === 'step' && (event.epoch <= epoch || (event.epoch === epoch + 1 && event.step <= step));
}

/** The checkpoint record `which` of a run folder, with its path. */
export async function runCheckpoint(folder: string, which: string): Promise<CheckpointRecord & { path: string }> {
  const entry = checkpointRecord(await readRun(folder), which);
  return { ...entry, path: await pathInside(folder, entry.file) };
}
