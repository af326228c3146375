// Trainings under way. The service owns them: it drives the engine, persists what the engine hands over
// before windows hear of it, and goes on when a window is closed or reloaded.
import type { Engine, EngineTrainingEvent, ResumePoint } from '@shared/engine/engine';
import type { TrainingConfig, TrainingControl, TrainingEvent } from '@shared/training/recipe';
import { basename } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { UserError } from '@shared/user-error';
import { Broadcast } from './broadcast';
import { dataHashOf } from './data-hash';
import type { DatasetReader } from './dataset-reader';
import type { Engines, PlacedEngine } from './engines';
import type { RunFolders } from './run-folders';
import { RunWriter } from './runs/writer';

/** Longest wait for a step to end when everything is stopped; runs that take longer resume from their last checkpoint. */
const STOP_MILLISECONDS = 20_000;

interface Training {
  readonly writer: RunWriter;
  readonly events: Broadcast<TrainingEvent>;
  /** The last event of each kind that a late listener must know. */
  readonly current: Map<'backend' | 'state', TrainingEvent>;
  readonly engine: Engine;
  /** Where it computes, for the user. */
  readonly place: string;
}

/** Starts, controls and watches trainings. */
export class Trainings {
  private readonly active = new Map<string, Training>();

  constructor(
    private readonly runs: RunFolders,
    private readonly engines: Engines,
    private readonly datasets: Pick<DatasetReader, 'settle'>,
  ) {}

  names(): string[] {
    return [...this.active.keys()];
  }

  /** Starts a new run; returns its name (a number is added where the wanted one is taken). */
  async start(asked: TrainingConfig, name: string): Promise<string> {
    const { reference } = await this.datasets.settle(asked.dataset, asked.spec.task);
    const config = { ...asked, dataset: reference };
    const folder = this.runs.newFolder(name);
    const placed = await this.engines.current(config.dataset);
    const writer = await RunWriter.create(folder, config, await dataHashOf(config.dataset));
    return this.begin(basename(folder), writer, null, placed);
  }

  /** Goes on with a run from its last checkpoint. Throws UserError if it is under way. */
  async resume(name: string): Promise<string> {
    if (this.active.has(name)) throw new UserError(`${name} is training already`);
    const { writer, point } = await RunWriter.resume(this.runs.folderOf(name));
    return this.begin(name, writer, point, await this.engines.current(writer.record.config.dataset));
  }

  async control(name: string, control: TrainingControl): Promise<void> {
    await this.find(name).engine.control(name, control);
  }

  /** Events of a run from now on, after its backend and state so far. */
  watch(name: string, signal?: AbortSignal): AsyncGenerator<TrainingEvent, void> {
    const { events, current } = this.find(name);
    return events.subscribe(signal, [...current.values()]);
  }

  /** Stops every training at its next step and waits until each is on disk, but not for ever: an engine may hang. */
  async stopAll(): Promise<void> {
    const ends = [...this.active].map(async ([name, { engine, events }]) => {
      const ended = events.whenEnded();
      await engine.control(name, { action: 'stop' });
      await ended;
    });
    await Promise.race([Promise.allSettled(ends), sleep(STOP_MILLISECONDS, undefined, { ref: false })]);
  }

  private find(name: string): Training {
    const training = this.active.get(name);
    if (training === undefined) throw new UserError(`${name} is not training now`);
    return training;
  }

  private begin(name: string, writer: RunWriter, resume: ResumePoint | null, { engine, place }: PlacedEngine): string {
    const training = {
      writer,
      engine,
      place,
      events: new Broadcast<TrainingEvent>(),
      current: new Map<'backend' | 'state', TrainingEvent>(),
    };
    this.active.set(name, training);
    void this.follow(name, training, engine.train({ run: name, config: writer.record.config, resume }));
    return name;
  }

  private async follow(name: string, training: Training, events: AsyncIterable<EngineTrainingEvent>): Promise<void> {
    try {
      for await (const event of events) await accept(training, event);
    } catch (error) {
      if (!(error instanceof UserError)) console.error(`training of ${name} failed:`, error);
      const message = error instanceof Error ? error.message : String(error);
      await accept(training, { type: 'state', state: 'failed', message }).catch(console.error);
    } finally {
      this.active.delete(name);
      training.events.end();
    }
  }
}

/** To disk first, then to the windows. */
async function accept({ writer, events, current, place }: Training, told: EngineTrainingEvent): Promise<void> {
  const event = told.type === 'backend' ? { ...told, reason: `${told.reason} (${place})` } : told;
  await writer.accept(event);
  if (event.type === 'weights') {
    const file = writer.record.checkpoints.findLast(({ form }) => form === 'train')?.file;
    if (file !== undefined) events.send({ type: 'checkpoint', epoch: event.epoch, file, best: event.best });
    return;
  }
  if (event.type === 'backend' || event.type === 'state') current.set(event.type, event);
  events.send(event);
}
