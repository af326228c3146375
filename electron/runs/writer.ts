// Writes a run folder while it trains. Order makes it safe to be killed at any moment: weights and state
// first, each whole or not at all, then run.json that names them; metrics and norms beyond the last
// checkpoint are cut off when the run is resumed. Invariants: only the holder of the run's lock writes; nothing is written or
// deleted outside the folder, and deleted is only what bears a name of ours.
import { mkdir, rmdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { EngineTrainingEvent, ResumePoint } from '@shared/training/loop/events';
import type { NetworkSpec } from '@shared/model/spec';
import { jsonText } from '@shared/base/named-numbers';
import { lineOf, METRICS_HEADER } from '@shared/run/metrics';
import { normLines, NORMS_HEADER, type NormsEvent } from '@shared/run/norms';
import { checkpointNames, newestCheckpoint } from '@shared/run/checkpoints';
import type { CheckpointRecord, RunRecord } from '@shared/run/run';
import type { NamedTensors } from '@shared/tensor/tensor';
import type { TrainingConfig } from '@shared/training/recipe/recipe';
import type { TrainingEvent, ValidationResult } from '@shared/training/recipe/event';
import { checkedTrainingConfig } from '@shared/training/recipe/recipe-schema';
import { seedsOf } from '@shared/training/recipe/seeds';
import { UserError } from '@shared/base/user-error';
import { specMetadata } from '../files/checkpoint-network';
import { writeCheckpointFile } from '../files';
import { writeError } from '../files/atomic-write';
import { STUDIO_VERSION, TFJS_VERSION } from '../files/version';
import { deleteInside, isMissing, pathInside } from '../files/inside';
import { removeAbandoned } from '../files/temporary-name';
import { appendInside } from './appended-file';
import { EventFile } from './event-file';
import { cutToCheckpoint, rewrite } from './last-checkpoint';
import { takeLock, type Lock } from '../files/lock';
import {
  CHECKPOINT_FOLDER,
  FIGURE_FOLDER,
  isRunFolder,
  LOCK_FILE,
  METRICS_FILE,
  NORMS_FILE,
  readMetrics,
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
    await said(folder, mkdir(folder, { recursive: true }));
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
    refuseBroughtBack(record);
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
  accept(event: EngineTrainingEvent): Promise<void> {
    return said(this.folder, this.persist(event));
  }

  private async persist(event: EngineTrainingEvent): Promise<void> {
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
    await this.keepInnerFolder(CHECKPOINT_FOLDER);
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
    await this.keepInnerFolder(CHECKPOINT_FOLDER);
    await writeCheckpointFile(await pathInside(this.folder, file), point.weights, { force: true, metadata });
    await writeCheckpointFile(await pathInside(this.folder, stateFile), point.state, { force: true });
    const earlier = this.current.checkpoints.filter((other) => other.form !== 'train' || isBefore(other, entry));
    const kept = earlier.filter((other) => !other.interim);
    await this.update({ checkpoints: [...kept.map((other) => (best ? { ...other, best: false } : other)), entry] });
    await this.remove(earlier.filter((other) => other.interim));
  }

  /** A folder that was deleted amid the run is made again; the run's own is not: its disk may be gone. */
  private async keepInnerFolder(name: string): Promise<void> {
    await mkdir(await pathInside(this.folder, name)).catch((error: unknown) => {
      if (!isMissing(error) && !(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
    });
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
    await appendInside(this.folder, METRICS_FILE, `${METRICS_HEADER}\n`, `${line}\n`);
    await this.eventFile.append(event);
  }

  private async appendNorms(event: NormsEvent): Promise<void> {
    await appendInside(this.folder, NORMS_FILE, `${NORMS_HEADER}\n`, normLines(event));
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

/** Takes a run's lock for what `work` makes; gives it back where that fails. */
async function holdingLock<T>(folder: string, work: (lock: Lock) => Promise<T>): Promise<T> {
  const lock = await said(folder, takeLock(folder, LOCK_FILE, `${folder} is being trained`));
  for (const inner of [folder, join(folder, CHECKPOINT_FOLDER), join(folder, FIGURE_FOLDER)]) await removeAbandoned(inner);
  return said(folder, work(lock)).catch(async (error: unknown) => {
    await lock.release();
    throw error;
  });
}

/** What is written into a run; a disk that fails is said as a sentence. */
function said<T>(folder: string, written: Promise<T>): Promise<T> {
  return written.catch((error: unknown) => {
    throw writeError(join(folder, RUN_FILE), error);
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

function isBefore(a: CheckpointRecord, b: CheckpointRecord): boolean {
  return a.epoch < b.epoch || (a.epoch === b.epoch && a.step < b.step);
}

/** Throws UserError for a run that PyTorch trained: there is nothing here that it could go on with. */
function refuseBroughtBack({ name, backend }: RunRecord): void {
  if (backend === 'pytorch')
    throw new UserError(
      `${name} was trained with PyTorch and brought back; it goes on there (train.py with the same --output), then bring it back again`,
    );
}
