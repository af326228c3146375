// Writes a run folder while it trains. Order makes it safe to be killed at any moment: weights and state
// first, each whole or not at all, then run.json that names them; metrics and norms beyond the last
// checkpoint are cut off when the run is resumed.
import { appendFile, mkdir, readFile, rm, rmdir, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { EngineTrainingEvent, ResumePoint } from '@shared/engine/engine';
import type { NetworkSpec } from '@shared/model/spec';
import { jsonText } from '@shared/named-numbers';
import { lineOf, METRICS_HEADER } from '@shared/run/metrics';
import { normLines, NORMS_HEADER, type NormsEvent } from '@shared/run/norms';
import { newestCheckpoint } from '@shared/run/checkpoints';
import type { CheckpointRecord, RunRecord } from '@shared/run/run';
import type { NamedTensors } from '@shared/tensor/tensor';
import type { TrainingConfig, TrainingEvent, ValidationResult } from '@shared/training/recipe';
import { seedsOf } from '@shared/training/seeds';
import { UserError } from '@shared/user-error';
import { specMetadata } from '../checkpoint-network';
import { openCheckpointFile, writeCheckpointFile, writeFileAtomically } from '../files';
import { STUDIO_VERSION, TFJS_VERSION } from '../version';
import { EventFile } from './event-file';
import {
  CHECKPOINT_FOLDER,
  checkpointRecord,
  FIGURE_FOLDER,
  isRunFolder,
  METRICS_FILE,
  NORMS_FILE,
  readMetrics,
  readNorms,
  readRun,
  RUN_FILE,
} from './read';

type BackendEvent = Extract<EngineTrainingEvent, { type: 'backend' }>;
type WeightsEvent = Extract<EngineTrainingEvent, { type: 'weights' }>;

export class RunWriter {
  private validation: ValidationResult | null = null;

  private constructor(
    readonly folder: string,
    private current: RunRecord,
    private eventFile: EventFile,
  ) {}

  /** Starts a run in a new (or empty) folder. Throws UserError if there is one already. */
  static async create(folder: string, config: TrainingConfig, dataHash: string, name = basename(folder)): Promise<RunWriter> {
    if (await isRunFolder(folder)) throw new UserError(`${folder} holds a run already: use --resume to go on with it, or another folder`);
    const taken = await takenFile(folder);
    if (taken !== null) throw new UserError(`${taken} is there already and belongs to no run: it is not written over, take another folder`);
    await mkdir(join(folder, CHECKPOINT_FOLDER), { recursive: true });
    await mkdir(join(folder, FIGURE_FOLDER), { recursive: true });
    const record: RunRecord = {
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
    await writeFile(join(folder, METRICS_FILE), `${METRICS_HEADER}\n`);
    await writeFile(join(folder, NORMS_FILE), `${NORMS_HEADER}\n`);
    const writer = new RunWriter(folder, record, await EventFile.create(folder));
    await writer.save();
    return writer;
  }

  /**
   * Goes on with a run: gives its last checkpoint with optimizer state (null before the first) and cuts later metrics off.
   * `config` replaces the run's: the same, but for what may change underway.
   */
  static async resume(folder: string, config?: TrainingConfig): Promise<{ writer: RunWriter; point: ResumePoint | null }> {
    const record = await readRun(folder);
    const { point, eventFile } = await cutToCheckpoint(folder, record);
    const writer = new RunWriter(folder, { ...record, config: config ?? record.config, state: 'running' }, eventFile);
    await writer.save();
    return { writer, point };
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
    for (const file of [RUN_FILE, METRICS_FILE, NORMS_FILE]) await rm(join(this.folder, file), { force: true });
    await this.eventFile.remove();
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
    await writeCheckpointFile(join(this.folder, file), weights, { force: true, metadata: specMetadata(spec) });
    const others = this.current.checkpoints.filter((entry) => entry.form !== 'merged');
    await this.update({
      checkpoints: [...others, { epoch, step: 0, file, stateFile: null, form: 'merged', validation: null, best: false }],
    });
    return join(this.folder, file);
  }

  private async saveCheckpoint({ point, epoch, step, best, interim }: WeightsEvent): Promise<void> {
    const stem = `${CHECKPOINT_FOLDER}/epoch-${String(epoch).padStart(4, '0')}${step > 0 ? `-step-${String(step).padStart(5, '0')}` : ''}`;
    const entry: CheckpointRecord = {
      epoch,
      step,
      file: `${stem}.safetensors`,
      stateFile: `${stem}.state.safetensors`,
      form: 'train',
      validation: step > 0 ? null : this.validation,
      best,
      ...(interim ? { interim } : {}),
    };
    const metadata = specMetadata(this.current.config.spec);
    await writeCheckpointFile(join(this.folder, entry.file), point.weights, { force: true, metadata });
    await writeCheckpointFile(join(this.folder, `${stem}.state.safetensors`), point.state, { force: true });
    const earlier = this.current.checkpoints.filter((other) => other.epoch !== epoch || other.step !== step || other.form !== 'train');
    const kept = earlier.filter((other) => !other.interim);
    await this.update({ checkpoints: [...kept.map((other) => (best ? { ...other, best: false } : other)), entry] });
    await this.remove(earlier.filter((other) => other.interim));
  }

  /** Deletes the files of checkpoints that run.json no longer names. */
  private async remove(entries: readonly CheckpointRecord[]): Promise<void> {
    const files = entries.flatMap(({ file, stateFile }) => [file, ...(stateFile === null ? [] : [stateFile])]);
    await Promise.all(files.map((file) => rm(join(this.folder, file), { force: true })));
  }

  private async appendMetrics(event: TrainingEvent): Promise<void> {
    const line = lineOf(event);
    if (line === null) return;
    await appendFile(join(this.folder, METRICS_FILE), `${line}\n`);
    await this.eventFile.append(event);
  }

  private async appendNorms(event: NormsEvent): Promise<void> {
    await appendFile(join(this.folder, NORMS_FILE), normLines(event));
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
    await rewrite(join(this.folder, RUN_FILE), `${jsonText(this.current)}\n`);
  }
}

/** The last checkpoint with optimizer state (null before the first), metrics and norms after it cut off. */
async function cutToCheckpoint(folder: string, record: RunRecord): Promise<{ point: ResumePoint | null; eventFile: EventFile }> {
  const last = record.checkpoints.findLast((entry) => entry.form === 'train' && entry.stateFile !== null);
  // Read first: where it is broken the folder stays as it is.
  const point = last ? await readPoint(folder, last) : null;
  const kept = await cutMetricsAfter(folder, last?.epoch ?? 0, last?.step ?? 0);
  const norms = await cutNormsAfter(folder, last?.epoch ?? 0);
  return { point, eventFile: await EventFile.resume(folder, withNorms(kept, norms)) };
}

/** Weights and optimizer state of a checkpoint. Rejects with UserError naming the checkpoint where one of them is missing or damaged. */
async function readPoint(folder: string, { epoch, file, stateFile }: CheckpointRecord): Promise<ResumePoint> {
  const read = async (name: string): Promise<NamedTensors> => {
    const opened = await openCheckpointFile(join(folder, name));
    try {
      return await opened.readAll();
    } finally {
      await opened.close();
    }
  };
  if (stateFile === null) throw new UserError(`checkpoint ${file} has no optimizer state to go on from`);
  try {
    return { epoch, weights: await read(file), state: await read(stateFile) };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    throw new UserError(
      `${folder} cannot go on from its last checkpoint: ${error.message}. Put the file back (run.json names it), or start a new run in another folder`,
    );
  }
}

/** Cuts metrics.csv off after a checkpoint; returns the events that stay. */
async function cutMetricsAfter(folder: string, epoch: number, step: number): Promise<TrainingEvent[]> {
  const kept = (await readMetrics(folder)).filter((event) => isUpTo(event, epoch, step));
  await rewrite(join(folder, METRICS_FILE), `${[METRICS_HEADER, ...kept.map(lineOf)].join('\n')}\n`);
  return kept;
}

/** Cuts norms.csv off after an epoch; returns what stays. A run of an earlier version gets the file here. */
async function cutNormsAfter(folder: string, epoch: number): Promise<NormsEvent[]> {
  const kept = (await readNorms(folder)).filter((event) => event.epoch <= epoch);
  await rewrite(join(folder, NORMS_FILE), `${NORMS_HEADER}\n${kept.map(normLines).join('')}`);
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
    const text = await readFile(join(folder, name), 'utf8').catch(() => '');
    if (text.trim() !== '' && text.trim() !== header) return join(folder, name);
  }
  return null;
}

async function rewrite(path: string, text: string): Promise<void> {
  await writeFileAtomically(path, new TextEncoder().encode(text), { force: true });
}

function isUpTo(event: TrainingEvent, epoch: number, step: number): boolean {
  if (event.type === 'epoch') return event.epoch <= epoch;
  return event.type === 'step' && (event.epoch <= epoch || (event.epoch === epoch + 1 && event.step <= step));
}

/** The checkpoint record `which` of a run folder, with its path. */
export async function runCheckpoint(folder: string, which: string): Promise<CheckpointRecord & { path: string }> {
  const entry = checkpointRecord(await readRun(folder), which);
  return { ...entry, path: join(folder, entry.file) };
}
