// The training loop: epochs of steps, metrics, checkpoints by rule, and control between steps. It knows
// a network only as a TrainingSession. Invariant: order, augmentation and learning rate are functions of
// (seed, epoch, step), so a run stopped anywhere and resumed ends with the weights of an uninterrupted one.
import type { DatasetSplits } from '../../dataset/dataset';
import { yieldToEvents } from '../../base/yield-to-events';
import { type BatchFeed, openFeed } from '../batches/feed';
import { checkFit, checkRecipe } from '../recipe/fit';
import type { TrainingConfig, StopCondition } from '../recipe/recipe';
import type { TrainingState, ValidationResult } from '../recipe/event';
import { type RunLength, learningRateAt } from '../recipe/schedule';
import { TrainingControls } from './control';
import type { EngineTrainingEvent, ResumePoint, WeightsEvent } from './events';
import { HalfStep } from './half-step';
import { judgedBy } from './judged';
import { completeEpoch, type Position, startPosition, withPosition } from './position';
import type { Batch, StepResult, TrainingSession } from './session';
import { StepResults } from './step-results';
import { validate } from './validate';

export interface TrainLoopOptions {
  readonly config: TrainingConfig;
  /** Already holding the resume point's weights and optimizer state, if there is one. */
  readonly session: TrainingSession;
  readonly splits: DatasetSplits;
  readonly controls?: TrainingControls;
  readonly resume?: ResumePoint | null;
  /** Where batches come from; made in this thread unless given. */
  readonly feed?: BatchFeed;
  /** Milliseconds of a steady clock. */
  readonly now?: () => number;
  /** Is given the weights of a whole step now and then, for where the backend may lose them. */
  readonly keep?: (weights: WeightsEvent) => void;
}

/** Copies for `keep` take no more than this part of the time. */
const PART_FOR_COPIES = 0.05;

/** No more than this is lost when a run is killed, however long its epochs are. */
const MILLISECONDS_BETWEEN_SAVES = 5 * 60_000;

/** What a part of the loop tells, and what it gives in the end. */
type Events<Result = void> = AsyncGenerator<EngineTrainingEvent, Result>;

/**
 * Trains until the recipe's epochs are done or the controls say stop. Epochs in events count from 1; a
 * `weights` event with step > 0 comes from within epoch + 1. Errors of data or backend are thrown, after the weights
 * that the last whole step left.
 */
export async function* trainLoop(options: TrainLoopOptions): Events {
  const run = new Run(options);
  try {
    yield* run.train();
  } catch (error) {
    const kept = error instanceof HalfStep ? null : await run.lastWhole().catch(() => null);
    if (kept) yield kept;
    throw error;
  }
}

/** A run under way. */
class Run {
  readonly config: TrainingConfig;
  readonly length: RunLength;
  readonly position: Position;
  readonly #session: TrainingSession;
  readonly #splits: DatasetSplits;
  readonly #controls: TrainingControls;
  readonly #feed: BatchFeed;
  readonly #now: () => number;
  readonly #results: StepResults;
  #learningRate = 0;
  /** Reads the norms that the epoch's last step measured. */
  #norms: StepResult['norms'] | null = null;
  /** Whether a step was made since weights were last handed out. */
  #unsaved = false;
  /** When weights were last handed out, or training began. */
  #savedAt = 0;
  readonly #keep: ((weights: WeightsEvent) => void) | undefined;
  /** When the next copy may be kept. */
  #copyAt = 0;

  constructor({ config, session, splits, controls, resume, feed, now, keep }: TrainLoopOptions) {
    checkFit(config.spec, splits.train);
    checkRecipe(config.spec, config.recipe);
    this.config = config;
    this.#session = session;
    this.#splits = splits;
    this.#controls = controls ?? new TrainingControls();
    this.#feed = feed ?? openFeed(splits.train, config);
    this.#now = now ?? (() => performance.now());
    this.#keep = keep;
    this.length = { stepsPerEpoch: this.#feed.stepsPerEpoch, epochs: config.recipe.epochs };
    this.position = startPosition(resume ?? null);
    this.#results = new StepResults(this.position, this.#now);
  }

  async *train(): Events {
    const { position } = this;
    const { epochs, stopWhen } = this.config.recipe;
    if (position.step > 0) this.#learningRate = rateAt(this, position.step - 1);
    yield state('running', position.epoch + position.step > 0 ? `going on in epoch ${position.epoch + 1}` : 'started');
    while (position.epoch < epochs) {
      const reason = reasonToStop(stopWhen, position);
      if (reason !== null) return yield* this.#finishEarly(reason);
      const outcome = yield* this.#trainEpoch();
      if (outcome === 'diverged') return yield this.#diverged();
      if (outcome === 'stopped') return yield* this.#stop();
      const validation = await this.#validate();
      if (validation === null) return yield* this.#stop();
      yield* this.#closeEpoch(validation);
    }
    yield state('finished', epochs === 1 ? '1 epoch done' : `${epochs} epochs done`);
  }

  /** Weights after the last step made, where none were handed out since; null where there is nothing to keep. */
  async lastWhole(): Promise<EngineTrainingEvent | null> {
    return this.#unsaved && (await this.#results.read()) ? this.#interimWeights() : null;
  }

  /** The rest of the current epoch's steps. The next batch is made while the backend works on the last. */
  async *#trainEpoch(): Events<'done' | 'stopped' | 'diverged'> {
    const started = this.#results.goOn();
    if (this.#savedAt === 0) this.#savedAt = started;
    let next = this.#prefetch();
    while (next !== null) {
      if (this.#controls.paused) {
        if (!(yield* this.#report())) return 'diverged';
        yield* this.#waitWhilePaused();
      }
      if (this.#controls.stopping) return (await this.#results.read()) ? 'stopped' : 'diverged';
      yield* this.#step(await next);
      next = this.#prefetch();
      if (this.#results.areDue || next === null || this.#controls.paused) {
        if (!(yield* this.#report())) return 'diverged';
        if (next !== null && this.#isSaveDue()) yield await this.#interimWeights();
        else if (next !== null) await this.#copyWhereDue();
      }
      await yieldToEvents();
    }
    return 'done';
  }

  /** The batch at the run's position, null at an epoch's end. A failure shows when the batch is awaited, not before. */
  #prefetch(): Promise<Batch> | null {
    const { epoch, step } = this.position;
    if (step === this.length.stepsPerEpoch) return null;
    const batch = this.#feed.batch(epoch, step);
    batch.catch(() => undefined);
    return batch;
  }

  /** Makes a step; tells what failed before it was made. */
  *#step(batch: Batch): Generator<EngineTrainingEvent, void> {
    const { position, length } = this;
    const asked = this.#controls.takeLearningRate();
    if (asked !== null) askRate(this, asked);
    this.#learningRate = rateAt(this, position.step);
    const result = this.#session.step(batch, this.#learningRate, { norms: position.step + 1 === length.stepsPerEpoch });
    this.#results.add(result);
    this.#norms = result.norms ?? null;
    position.step++;
    this.#unsaved = true;
    this.#controls.stepDone();
    for (const remark of result.remarks ?? []) {
      const message = `step ${position.step} of ${length.stepsPerEpoch} in epoch ${position.epoch + 1} was made again: ${remark}`;
      yield { type: 'state', state: 'running', message, mended: true };
    }
  }

  /** Tells of the steps that none has told of yet; false where their loss is no number. */
  async *#report(): Events<boolean> {
    if (!this.#results.areUnread) return true;
    if (!(await this.#results.read())) return false;
    const { position, length } = this;
    const { recent, secondsPerStep } = this.#results;
    const stepsLeft = (length.epochs - position.epoch) * length.stepsPerEpoch - position.step;
    yield {
      type: 'step',
      epoch: position.epoch + 1,
      step: position.step,
      stepsPerEpoch: length.stepsPerEpoch,
      ...recent,
      learningRate: this.#learningRate,
      imagesPerSecond: this.#feed.batchSize / secondsPerStep,
      secondsPerStep,
      secondsLeft: stepsLeft * secondsPerStep,
      ...this.#session.memory(),
    };
    return true;
  }

  async *#waitWhilePaused(): Events {
    yield state('paused', `paused in ${this.#place()}`);
    while (this.#controls.paused) await this.#controls.changed();
    if (!this.#controls.stopping) yield state('running', `going on in epoch ${this.position.epoch + 1}`);
    this.#results.goOn();
  }

  /** What the validation found, its time counted; null where the run is to stop before it is done. */
  async #validate(): Promise<ValidationResult | null> {
    const started = this.#now();
    const validated = { config: this.config, session: this.#session, splits: this.#splits };
    const result = await validate(validated, this.#feed.batchSize, () => this.#controls.stopping);
    this.position.seconds += (this.#now() - started) / 1000;
    return result;
  }

  /** The epoch's event, and weights where the rule asks for them. What is best is judged on face pairs where there are some. */
  async *#closeEpoch(validation: ValidationResult): Events {
    const { position } = this;
    const { step, lossSum, metricSum, seconds } = position;
    const best = completeEpoch(position, judgedBy(validation));
    const { epoch } = position;
    this.#controls.epochDone();
    const train = { loss: lossSum / step, metric: metricSum / step };
    yield { type: 'epoch', epoch, train, validation, learningRate: this.#learningRate, seconds };
    if (this.#norms) yield { type: 'norms', epoch, parameters: await this.#norms() };
    const { checkpointEveryEpochs, epochs } = this.config.recipe;
    if (best || epoch % checkpointEveryEpochs === 0 || epoch === epochs) yield await this.#weights(best);
  }

  /** A run that has reached its stop condition is finished; its last weights are handed out. */
  async *#finishEarly(reason: string): Events {
    if (this.#unsaved) yield await this.#weights(false);
    yield state('finished', `${this.position.epoch} of ${this.length.epochs} epochs done: ${reason}`);
  }

  /** Weights where the last ones handed out are not the present ones, then the stopped state. */
  async *#stop(): Events {
    if (this.#unsaved) yield await this.#weights(false);
    yield state('stopped', `stopped in ${this.#place()}`);
  }

  #diverged(): EngineTrainingEvent {
    const { epoch, step } = this.position;
    return state('failed', `the loss is no longer a number in epoch ${epoch + 1} at step ${step}: lower the learning rate`);
  }

  #place(): string {
    return `epoch ${this.position.epoch + 1} after step ${this.position.step} of ${this.length.stepsPerEpoch}`;
  }

  /** Within an epoch; at its end the checkpoint rule decides instead. */
  #isSaveDue(): boolean {
    return this.#now() - this.#savedAt >= MILLISECONDS_BETWEEN_SAVES;
  }

  /** Keeps the present weights, where that takes no more than its part of the time. They count as not handed out. */
  async #copyWhereDue(): Promise<void> {
    const started = this.#now();
    if (this.#keep === undefined || started < this.#copyAt) return;
    this.#keep({ ...(await this.#present(false)), interim: true });
    const ended = this.#now();
    this.#copyAt = ended + (ended - started) / PART_FOR_COPIES;
  }

  async #weights(best: boolean): Promise<WeightsEvent> {
    const weights = await this.#present(best);
    this.#unsaved = false;
    this.#savedAt = this.#now();
    return weights;
  }

  async #present(best: boolean): Promise<WeightsEvent> {
    const { epoch, step } = this.position;
    const stored = withPosition(await this.#session.state(), this.position);
    return { type: 'weights', epoch, step, best, point: { epoch, weights: await this.#session.weights(), state: stored } };
  }

  async #interimWeights(): Promise<EngineTrainingEvent> {
    return { ...(await this.#weights(false)), interim: true };
  }
}

function state(name: TrainingState, message: string): EngineTrainingEvent {
  return { type: 'state', state: name, message };
}

interface Rated {
  readonly position: Position;
  readonly length: RunLength;
  readonly config: Pick<TrainingConfig, 'recipe'>;
}

/** The learning rate of step `step` (0-based) of the present epoch. */
function rateAt({ position, length, config }: Rated, step: number): number {
  const { schedule } = config.recipe;
  const known = position.isWarm ? { ...schedule, warmupEpochs: 0 } : schedule;
  return learningRateAt(known, position.epoch * length.stepsPerEpoch + step, length) * position.rateFactor;
}

/**
 * The rate that was asked for holds from the run's position on, and the schedule goes on in proportion; it ends a warm-up,
 * whose growth would carry it many times beyond what was asked for.
 */
function askRate(run: Rated, asked: number): void {
  const { position } = run;
  Object.assign(position, { isWarm: 1, rateFactor: 1 });
  position.rateFactor = asked / rateAt(run, position.step);
}

/** Why a run at the end of an epoch is to stop, as words for the user; null to go on. Of the position alone: a resumed run stops where it would have. */
function reasonToStop(condition: StopCondition | undefined, { epoch, best, bestEpoch }: Position): string | null {
  if (condition === undefined) return null;
  const { metric, patience } = condition;
  if (metric !== null && best >= metric) return `the validation metric has reached ${metric}`;
  if (patience !== null && epoch - bestEpoch >= patience)
    return `the validation metric has not become better for ${patience === 1 ? 'an epoch' : `${patience} epochs`}`;
  return null;
}
