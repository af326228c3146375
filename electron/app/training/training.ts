// A training under way: drives an engine and puts what it hands over on disk before windows hear of it. When
// the window that computed is closed, reloaded or crashes, it goes on from the last checkpoint on the next
// engine there is, and says so. Invariant: the weights in the end are those of an uninterrupted run.
import type { EngineTrainingEvent, ResumePoint } from '@shared/training/loop/events';
import { newestCheckpoint } from '@shared/run/checkpoints';
import type { TrainingControl, TrainingEvent } from '@shared/training/recipe/recipe';
import { UserError } from '@shared/base/user-error';
import { Broadcast } from '../broadcast';
import { WindowLost, type Engines, type PlacedEngine } from '../engines';
import { withBackendChange } from '../../runs/backend-change';
import { HalfSteps, placeText } from '../../runs/half-steps';
import type { RunWriter } from '../../runs/writer';

/** So many windows may be lost without a checkpoint in between before the training gives up: one that crashes every time is no help. */
const MOST_LOSSES = 5;

export class Training {
  readonly events = new Broadcast<TrainingEvent>();
  /** The last event of each kind that a late listener must know. */
  private readonly current = new Map<'backend' | 'state', TrainingEvent>();
  /** Ends the wait for an engine; null while one computes. */
  private giveUp: (() => void) | null = null;
  private losses = 0;
  private readonly halfSteps = new HalfSteps();
  private paused = false;
  /** The rate asked for since the last checkpoint, which does not know it. */
  private rate: TrainingControl | null = null;
  /** What was to hold from the first step on, as long as nothing has come of it. */
  private standing: readonly TrainingControl[] = [];

  constructor(
    readonly name: string,
    private writer: RunWriter,
    private placed: PlacedEngine,
    private readonly engines: Pick<Engines, 'next'>,
  ) {}

  /** Trains to the end, whatever it is; never rejects. `first` holds from the first step on. */
  async run(resume: ResumePoint | null, first: readonly TrainingControl[] = []): Promise<void> {
    this.standing = first;
    try {
      let point = await this.trainFrom(resume, first);
      while (point !== undefined) point = await this.trainFrom(point, this.controlsInForce());
    } catch (error) {
      if (!(error instanceof UserError)) console.error(`training of ${this.name} failed:`, error);
      const message = error instanceof Error ? error.message : String(error);
      await this.accept({ type: 'state', state: 'failed', message }).catch(console.error);
    } finally {
      // Whoever waits for the end may go on with the run at once.
      await this.writer.release().catch(console.error);
      this.events.end();
    }
  }

  async control(control: TrainingControl): Promise<void> {
    if (control.action === 'stop' && this.giveUp !== null) return this.giveUp();
    if (this.giveUp !== null && (control.action === 'step' || control.action === 'epoch'))
      throw new UserError(`${this.name} waits for a window that computes: open the studio in a browser to go on`);
    if (control.action === 'learningRate') this.rate = control;
    else this.standing = this.standing.filter(({ action }) => action === 'learningRate');
    if (control.action === 'pause' || control.action === 'resume') this.paused = control.action === 'pause';
    if (this.giveUp === null) await this.placed.engine.control(this.name, control);
  }

  /** Events from now on, after backend and state so far. */
  watch(signal?: AbortSignal): AsyncGenerator<TrainingEvent, void> {
    return this.events.subscribe(signal, [...this.current.values()]);
  }

  /** Trains on the present engine; gives the point to go on from if it was lost, undefined if the training has ended. */
  private async trainFrom(resume: ResumePoint | null, first: readonly TrainingControl[]): Promise<ResumePoint | null | undefined> {
    const { config } = this.writer.record;
    try {
      for await (const event of this.placed.engine.train({ run: this.name, config, resume, first })) await this.accept(event);
      return undefined;
    } catch (error) {
      if (!(error instanceof WindowLost)) return this.goBack(error);
      if (++this.losses > MOST_LOSSES) throw error;
      return this.waitForEngine(error);
    }
  }

  /** After a half step: the last checkpoint, to go on from on the same engine. Throws every other error. */
  private async goBack(error: unknown): Promise<ResumePoint | null> {
    const { point, message } = await this.halfSteps.rewind(this.writer, error);
    await this.accept({ type: 'state', state: this.paused ? 'paused' : 'running', message, mended: true });
    return point;
  }

  /** The commands that a lost engine had been given and the last checkpoint does not know. */
  private controlsInForce(): TrainingControl[] {
    const rates = this.rate ? [this.rate] : [];
    return [...this.standing, ...rates, ...(this.paused ? [{ action: 'pause' } as const] : [])];
  }

  /** Waits for another engine and takes the run back to its last checkpoint; undefined if it was stopped meanwhile. */
  private async waitForEngine(lost: WindowLost): Promise<ResumePoint | null | undefined> {
    const stopped = new Promise<null>((resolve) => (this.giveUp = () => resolve(null)));
    await this.say(this.paused ? 'paused' : 'running', `${lost.message}: waits for a window to go on ${placeText(this.writer.record)}`);
    const placed = await Promise.race([this.engines.next(this.writer.record.config.dataset), stopped]);
    this.giveUp = null;
    if (placed === null) {
      await this.say('stopped', `stopped while it waited for a window; resume it to go on ${placeText(this.writer.record)}`);
      return undefined;
    }
    this.placed = placed;
    const { writer, point } = await this.writer.again();
    this.writer = writer;
    return point;
  }

  private say(state: 'running' | 'paused' | 'stopped', message: string): Promise<void> {
    return this.accept({ type: 'state', state, message });
  }

  /** To disk first, then to the windows. */
  private async accept(told: EngineTrainingEvent): Promise<void> {
    const { writer, events, current, placed } = this;
    const news = withBackendChange(told, writer.record);
    const event = news.type === 'backend' ? { ...news, reason: `${news.reason} (${placed.place})`, inWindow: placed.inWindow } : news;
    await writer.accept(event);
    if (event.type === 'state') this.paused = event.state === 'paused';
    if (this.paused) this.standing = this.standing.filter(({ action }) => action === 'learningRate');
    if (event.type === 'weights') {
      this.standing = [];
      this.losses = 0;
      this.halfSteps.checkpointKept();
      this.rate = null;
      const file = newestCheckpoint(writer.record)?.file;
      if (file !== undefined) events.send({ type: 'checkpoint', epoch: event.epoch, file, best: event.best });
      return;
    }
    if (event.type === 'backend' || event.type === 'state') current.set(event.type, event);
    events.send(event);
  }
}
