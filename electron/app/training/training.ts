// A training under way: drives an engine and puts what it hands over on disk before windows hear of it. When
// the window that computed is closed, reloaded or crashes, it goes on from the last checkpoint on the next
// engine there is, and says so. Invariant: the weights in the end are those of an uninterrupted run.
import type { Engine } from '@shared/compute/engine';
import type { ResumePoint } from '@shared/training/loop/events';
import type { TrainingControl } from '@shared/training/recipe/recipe';
import type { TrainingEvent } from '@shared/training/recipe/event';
import { UserError } from '@shared/base/user-error';
import { CommandsInForce, markFailed, placeText, trainIntoRun, type RunWriter } from '../../runs';
import { Broadcast } from '../broadcast';
import { WindowLost, type Engines, type PlacedEngine } from '../engines';

/** So many windows may be lost without a checkpoint in between before the training gives up: one that crashes every time is no help. */
const MOST_LOSSES = 5;

export class Training {
  readonly events = new Broadcast<TrainingEvent>();
  /** The last event of each kind that a late listener must know. */
  private readonly current = new Map<'backend' | 'state', TrainingEvent>();
  /** Ends the wait for an engine; null while one computes. */
  private giveUp: (() => void) | null = null;
  private losses = 0;
  private commands = new CommandsInForce();

  constructor(
    readonly name: string,
    private writer: RunWriter,
    private placed: PlacedEngine,
    private readonly engines: Pick<Engines, 'next'>,
  ) {}

  /** Trains to the end, whatever it is; never rejects. `first` holds from the first step on. */
  async run(resume: ResumePoint | null, first: readonly TrainingControl[] = []): Promise<void> {
    this.commands = new CommandsInForce(first);
    try {
      let point = await this.trainFrom(resume);
      while (point !== undefined) point = await this.trainFrom(point);
    } catch (error) {
      if (!(error instanceof UserError)) console.error(`training of ${this.name} failed:`, error);
      await markFailed(this.writer, error).catch(console.error);
      this.tell({ type: 'state', state: 'failed', message: error instanceof Error ? error.message : String(error) });
    } finally {
      // Whoever waits for the end may go on with the run at once.
      await this.writer.release().catch(console.error);
      this.events.end();
    }
  }

  /** How many the run is to have in all. */
  get epochs(): number {
    return this.writer.record.config.recipe.epochs;
  }

  async control(control: TrainingControl): Promise<void> {
    if (control.action === 'stop' && this.giveUp !== null) return this.giveUp();
    if (this.giveUp !== null && (control.action === 'step' || control.action === 'epoch'))
      throw new UserError(`${this.name} waits for a window that computes: open the studio in a browser to go on`);
    this.commands.took(control);
    if (this.giveUp === null) await this.placed.engine.control(this.name, control);
  }

  /** Events from now on, after backend and state so far. */
  watch(signal?: AbortSignal): AsyncGenerator<TrainingEvent, void> {
    return this.events.subscribe(signal, [...this.current.values()]);
  }

  /** Trains on the present engine; gives the point to go on from if it was lost, undefined if the training has ended. */
  private async trainFrom(resume: ResumePoint | null): Promise<ResumePoint | null | undefined> {
    try {
      for await (const event of trainIntoRun(placed(this.placed), this.name, this.writer, resume, this.commands)) this.tell(event);
      return undefined;
    } catch (error) {
      if (!(error instanceof WindowLost) || ++this.losses > MOST_LOSSES) throw error;
      return this.waitForEngine(error);
    }
  }

  /** Waits for another engine and takes the run back to its last checkpoint; undefined if it was stopped meanwhile. */
  private async waitForEngine(lost: WindowLost): Promise<ResumePoint | null | undefined> {
    if (this.commands.isStopping) return this.saidStopped('stopped as its window was lost');
    const stopped = new Promise<null>((resolve) => (this.giveUp = () => resolve(null)));
    await this.say(
      this.commands.isPaused ? 'paused' : 'running',
      `${lost.message}: waits for a window to go on ${placeText(this.writer.record)}`,
    );
    const placed = await Promise.race([this.engines.next(this.writer.record.config.dataset), stopped]);
    this.giveUp = null;
    if (placed === null) {
      return this.saidStopped('stopped while it waited for a window');
    }
    this.placed = placed;
    const { writer, point } = await this.writer.again();
    this.writer = writer;
    return point;
  }

  private async saidStopped(how: string): Promise<undefined> {
    await this.say('stopped', `${how}; resume it to go on ${placeText(this.writer.record)}`);
  }

  /** What no engine told: to disk first, too. */
  private async say(state: 'running' | 'paused' | 'stopped', message: string): Promise<void> {
    const event = { type: 'state', state, message } as const;
    await this.writer.accept(event);
    this.commands.saw(event);
    this.tell(event);
  }

  private tell(event: TrainingEvent): void {
    if (event.type === 'checkpoint') this.losses = 0;
    if (event.type === 'backend' || event.type === 'state') this.current.set(event.type, event);
    this.events.send(event);
  }
}

/** An engine that says where it computes. */
function placed({ engine, place, inWindow }: PlacedEngine): Pick<Engine, 'train'> {
  return {
    train: async function* (request) {
      for await (const event of engine.train(request))
        yield event.type === 'backend' ? { ...event, reason: `${event.reason} (${place})`, inWindow } : event;
    },
  };
}
