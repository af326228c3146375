// Trainings under way. The service owns them: each is driven and persisted here, and goes on when a window is
// closed or reloaded.
import type { ResumePoint } from '@shared/training/loop/events';
import { reasonNotToExtend } from '@shared/run/extension';
import type { RunRecord } from '@shared/run/run';
import type { TrainingConfig, TrainingControl } from '@shared/training/recipe/recipe';
import type { TrainingEvent, TrainingState } from '@shared/training/recipe/event';
import { basename } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { UserError } from '@shared/base/user-error';
import type { Datasets } from '../dataset/datasets';
import type { Engines } from '../engines';
import type { RunFolders } from '../../runs/run-folders';
import { readRun } from '../../runs/read';
import type { RunWriter } from '../../runs/writer';
import { checkedRun, createRun, resumeRun } from './run-start';
import { Training } from './training';

/** Longest wait for a step to end when everything is stopped; runs that take longer resume from their last checkpoint. */
const STOP_MILLISECONDS = 20_000;

/** Starts, controls and watches trainings. */
export class Trainings {
  private readonly active = new Map<string, Training>();

  constructor(
    private readonly runs: RunFolders,
    private readonly engines: Pick<Engines, 'current' | 'next'>,
    private readonly datasets: Datasets,
    /** Called with every training that begins. */
    private readonly onBegin: (training: Training) => void = () => undefined,
  ) {}

  names(): string[] {
    return [...this.active.keys()];
  }

  /** Starts a new run; returns its name (a number is added where the wanted one is taken). `first` holds from its first step on. */
  async start(asked: TrainingConfig, name: string, first: readonly TrainingControl[] = []): Promise<string> {
    const { config } = await checkedRun(this.datasets, asked);
    const folder = this.runs.newFolder(name);
    const placed = await this.engines.current(config.dataset);
    const writer = await createRun(folder, config);
    return this.begin(new Training(basename(folder), writer, placed, this.engines), null, first);
  }

  /**
   * Goes on with a run from its last checkpoint, or again from its seeds where there is none; `notes` are what the user
   * should know. With `epochs` it has so many from now on. Throws UserError if it is under way, or cannot be that long.
   */
  async resume(name: string, epochs?: number): Promise<{ readonly run: string; readonly notes: readonly string[] }> {
    if (this.active.has(name)) throw new UserError(`${name} is training already`);
    const folder = this.runs.folderOf(name);
    const longer = epochs === undefined ? undefined : (run: RunRecord) => extended(run, epochs);
    const { writer, point, dataChanged } = await resumeRun(folder, longer);
    const again = point === null ? [`${name} ended before its first checkpoint: it starts again from its seeds.`] : [];
    this.begin(await this.placed(name, writer), point);
    return { run: name, notes: [...again, ...(dataChanged === null ? [] : [dataChanged])] };
  }

  /** A training on the engine there is now. */
  private async placed(name: string, writer: RunWriter): Promise<Training> {
    try {
      return new Training(name, writer, await this.engines.current(writer.record.config.dataset), this.engines);
    } catch (error) {
      await writer.release();
      throw error;
    }
  }

  async control(name: string, control: TrainingControl): Promise<void> {
    await this.find(name).control(control);
  }

  /** The state of a run: when it has ended, if it is under way; as its folder has it otherwise. */
  async outcome(name: string): Promise<TrainingState> {
    await this.active.get(name)?.events.whenEnded();
    return (await readRun(this.runs.folderOf(name))).state;
  }

  /** Events of a run from now on, after its backend and state so far. */
  watch(name: string, signal?: AbortSignal): AsyncGenerator<TrainingEvent, void> {
    return this.find(name).watch(signal);
  }

  /** Stops every training at its next step and waits until each is on disk, but not for ever: an engine may hang. */
  async stopAll(): Promise<void> {
    const ends = [...this.active.values()].map(async (training) => {
      const ended = training.events.whenEnded();
      await training.control({ action: 'stop' });
      await ended;
    });
    await Promise.race([Promise.allSettled(ends), sleep(STOP_MILLISECONDS, undefined, { ref: false })]);
  }

  private find(name: string): Training {
    const training = this.active.get(name);
    if (training === undefined) throw new UserError(`${name} is not training now`);
    return training;
  }

  private begin(training: Training, resume: ResumePoint | null, first: readonly TrainingControl[] = []): string {
    const { name } = training;
    this.active.set(name, training);
    this.onBegin(training);
    void training.run(resume, first).finally(() => this.active.delete(name));
    return name;
  }
}

/** The configuration of a run with more epochs. Throws UserError where they would make another run of it. */
function extended(run: RunRecord, epochs: number): TrainingConfig {
  const reason = reasonNotToExtend(run, epochs);
  if (reason !== null) throw new UserError(`${reason}: start a new run of ${epochs} epochs`);
  return { ...run.config, recipe: { ...run.config.recipe, epochs } };
}
