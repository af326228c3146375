// Writes a run folder while it trains. Order makes it safe to be killed at any moment: weights and state
// first, each whole or not at all, then run.json that names them; metrics beyond the last checkpoint are
// cut off when the run is resumed.
import { appendFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { EngineTrainingEvent, ResumePoint } from '@shared/engine/engine';
import type { NetworkSpec } from '@shared/model/spec';
import { eventOf, lineOf, METRICS_HEADER } from '@shared/run/metrics';
import type { CheckpointRecord, RunRecord } from '@shared/run/run';
import type { NamedTensors } from '@shared/tensor/tensor';
import type { MetricPair, TrainingConfig } from '@shared/training/recipe';
import { UserError } from '@shared/user-error';
import { specMetadata } from '../checkpoint-network';
import { openCheckpointFile, writeCheckpointFile, writeFileAtomically } from '../files';
import { STUDIO_VERSION, TFJS_VERSION } from '../version';
import { CHECKPOINT_FOLDER, checkpointRecord, FIGURE_FOLDER, isRunFolder, METRICS_FILE, readRun, RUN_FILE } from './read';

export class RunWriter {
  private validation: MetricPair | null = null;

  private constructor(
    readonly folder: string,
    private current: RunRecord,
  ) {}

  /** Starts a run in a new (or empty) folder. Throws UserError if there is one already. */
  static async create(folder: string, config: TrainingConfig, dataHash: string, name = basename(folder)): Promise<RunWriter> {
    if (await isRunFolder(folder)) throw new UserError(`${folder} holds a run already: use --resume to go on with it, or another folder`);
    await mkdir(join(folder, CHECKPOINT_FOLDER), { recursive: true });
    await mkdir(join(folder, FIGURE_FOLDER), { recursive: true });
    const writer = new RunWriter(folder, {
      format: 'repmlp-run',
      version: 1,
      name,
      createdAt: new Date().toISOString(),
      state: 'running',
      config,
      backend: config.backend === 'auto' ? 'cpu' : config.backend,
      device: '',
      studioVersion: STUDIO_VERSION,
      tfjsVersion: TFJS_VERSION,
      dataHash,
      checkpoints: [],
    });
    await writeFile(join(folder, METRICS_FILE), `${METRICS_HEADER}\n`);
    await writer.save();
    return writer;
  }

  /** Goes on with a run: gives its last checkpoint with optimizer state (null before the first) and cuts later metrics off. */
  static async resume(folder: string): Promise<{ writer: RunWriter; point: ResumePoint | null }> {
    const record = await readRun(folder);
    const writer = new RunWriter(folder, { ...record, state: 'running' });
    const last = record.checkpoints.findLast((entry) => entry.form === 'train' && entry.stateFile !== null);
    await writer.cutMetricsAfter(last?.epoch ?? 0, last?.step ?? 0);
    await writer.save();
    return { writer, point: last ? await writer.readPoint(last) : null };
  }

  get record(): RunRecord {
    return this.current;
  }

  /** Persists what an event carries; returns when it is safe on disk. */
  async accept(event: EngineTrainingEvent): Promise<void> {
    if (event.type === 'weights') return this.saveCheckpoint(event.point, event.step, event.best);
    if (event.type === 'epoch') this.validation = event.validation;
    const line = lineOfAny(event);
    if (line !== null) await appendFile(join(this.folder, METRICS_FILE), `${line}\n`);
    if (event.type === 'backend') await this.update({ backend: event.backend, device: event.reason });
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

  private async saveCheckpoint(point: ResumePoint, step: number, best: boolean): Promise<void> {
    const { epoch } = point;
    const stem = `${CHECKPOINT_FOLDER}/epoch-${String(epoch).padStart(4, '0')}${step > 0 ? `-step-${String(step).padStart(5, '0')}` : ''}`;
    const entry: CheckpointRecord = {
      epoch,
      step,
      file: `${stem}.safetensors`,
      stateFile: `${stem}.state.safetensors`,
      form: 'train',
      validation: step > 0 ? null : this.validation,
      best,
    };
    const metadata = specMetadata(this.current.config.spec);
    await writeCheckpointFile(join(this.folder, entry.file), point.weights, { force: true, metadata });
    await writeCheckpointFile(join(this.folder, `${stem}.state.safetensors`), point.state, { force: true });
    const earlier = this.current.checkpoints.filter((other) => other.epoch !== epoch || other.step !== step || other.form !== 'train');
    await this.update({ checkpoints: [...earlier.map((other) => (best ? { ...other, best: false } : other)), entry] });
  }

  private async readPoint(entry: CheckpointRecord): Promise<ResumePoint> {
    const read = async (file: string): Promise<NamedTensors> => {
      const opened = await openCheckpointFile(join(this.folder, file));
      const tensors = await opened.readAll();
      await opened.close();
      return tensors;
    };
    if (!entry.stateFile) throw new UserError(`checkpoint ${entry.file} has no optimizer state to go on from`);
    return { epoch: entry.epoch, weights: await read(entry.file), state: await read(entry.stateFile) };
  }

  private async cutMetricsAfter(epoch: number, step: number): Promise<void> {
    const path = join(this.folder, METRICS_FILE);
    const text = existsSync(path) ? await readFile(path, 'utf8') : '';
    const kept = text
      .split('\n')
      .slice(1, -1)
      .filter((line) => isUpTo(line, epoch, step));
    await writeFileAtomically(path, new TextEncoder().encode(`${[METRICS_HEADER, ...kept].join('\n')}\n`), { force: true });
  }

  private async update(change: Partial<RunRecord>): Promise<void> {
    this.current = { ...this.current, ...change };
    await this.save();
  }

  private async save(): Promise<void> {
    await writeFileAtomically(join(this.folder, RUN_FILE), new TextEncoder().encode(`${JSON.stringify(this.current, null, 2)}\n`), {
      force: true,
    });
  }
}

function lineOfAny(event: EngineTrainingEvent): string | null {
  return event.type === 'weights' ? null : lineOf(event);
}

function isUpTo(line: string, epoch: number, step: number): boolean {
  const event = eventOf(line);
  if (event?.type === 'epoch') return event.epoch <= epoch;
  return event?.type === 'step' && (event.epoch <= epoch || (event.epoch === epoch + 1 && event.step <= step));
}

/** The checkpoint record `which` of a run folder, with its path. */
export async function runCheckpoint(folder: string, which: string): Promise<CheckpointRecord & { path: string }> {
  const entry = checkpointRecord(await readRun(folder), which);
  return { ...entry, path: join(folder, entry.file) };
}
