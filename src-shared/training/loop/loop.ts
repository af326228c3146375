// The training loop: epochs of steps, metrics, checkpoints by rule, and control between steps. It knows
// a network only as a TrainingSession. Invariant: order, augmentation and learning rate are functions of
// (seed, epoch, step), so a run stopped anywhere and resumed ends with the weights of an uninterrupted one.
import type { DatasetSplits } from '../../dataset/dataset';
import type { EngineTrainingEvent, ResumePoint } from '../../compute/engine';
import { HalfStep } from './half-step';
import type { Batch, StepResult, TrainingSession } from './session';
import { yieldToEvents } from '../../base/yield-to-events';
import { TrainingControls } from './control';
import { type BatchFeed, openFeed } from '../batches/feed';
import { checkFit, checkRecipe } from '../recipe/fit';
import { judgedBy } from './judged';
import { type Position, startPosition, withPosition } from './position';
import { askRate, rateAt } from './rate';
import type { MetricPair, TrainingConfig, TrainingState, ValidationResult } from '../recipe/recipe';
import type { RunLength } from '../recipe/schedule';
import { reasonToStop } from './stop-condition';
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
}

/** A run under way. */
interface Run {
  readonly config: TrainingConfig;
  readonly session: TrainingSession;
  readonly splits: DatasetSplits;
  readonly controls: TrainingControls;
  readonly feed: BatchFeed;
  readonly length: RunLength;
  readonly position: Position;
  readonly now: () => number;
  /** Steps issued whose results have not been read back. */
  pending: StepResult[];
  /** When the last results were read back, or training went on. */
  since: number;
  /** How many steps are issued before their results are read back. */
  readEvery: number;
  secondsPerStep: number;
  /** Means over the steps last read back. */
  recent: MetricPair;
  learningRate: number;
  /** Reads the norms that the epoch's last step measured. */
  norms: StepResult['norms'] | null;
  /** Whether a step was made since weights were last handed out. */
  unsaved: boolean;
  /** When weights were last handed out, or training began. */
  savedAt: number;
}

/** Results are read back about this often, since every read waits for the backend. */
const SECONDS_BETWEEN_READS = 0.25;
const MOST_STEPS_BETWEEN_READS = 16;
/** No more than this is lost when a run is killed, however long its epochs are. */
const MILLISECONDS_BETWEEN_SAVES = 5 * 60_000;

type Outcome = 'done' | 'stopped' | 'diverged';

/**
 * Trains until the recipe's epochs are done or the controls say stop. Epochs in events count from 1; a
 * `weights` event with step > 0 comes from within epoch + 1. Errors of data or backend are thrown, after the weights
 * that the last whole step left.
 */
export async function* trainLoop(options: TrainLoopOptions): AsyncGenerator<EngineTrainingEvent, void> {
  const run = openRun(options);
  try {
    yield* trainToEnd(run);
  } catch (error) {
    const kept = error instanceof HalfStep ? null : await lastWhole(run).catch(() => null);
    if (kept) yield kept;
    throw error;
  }
}

/** Weights after the last step made, where none were handed out since; null where there is nothing to keep. */
async function lastWhole(run: Run): Promise<EngineTrainingEvent | null> {
  if (!run.unsaved || !Number.isFinite(await readPending(run))) return null;
  return { ...(await weightsEvent(run, false)), interim: true };
}

async function* trainToEnd(run: Run): AsyncGenerator<EngineTrainingEvent, void> {
  const { position } = run;
  if (position.step > 0) run.learningRate = rateAt(run, position.step - 1);
  const { epochs } = run.config.recipe;
  yield stateEvent('running', position.epoch + position.step > 0 ? `going on in epoch ${position.epoch + 1}` : 'started');
  while (position.epoch < epochs) {
    const reason = reasonToStop(run.config.recipe.stopWhen, position);
    if (reason !== null) return yield* finishEarly(run, reason);
    const outcome = yield* trainEpoch(run);
    if (outcome === 'diverged') return yield divergedEvent(run);
    if (outcome === 'stopped') return yield* stop(run);
    const validation = await validated(run);
    if (validation === null) return yield* stop(run);
    yield* closeEpoch(run, validation);
  }
  yield stateEvent('finished', epochs === 1 ? '1 epoch done' : `${epochs} epochs done`);
}

function openRun(options: TrainLoopOptions): Run {
  const { config, session, splits } = options;
  checkFit(config.spec, splits.train);
  checkRecipe(config.spec, config.recipe);
  const feed = options.feed ?? openFeed(splits.train, config);
  return {
    config,
    session,
    splits,
    controls: options.controls ?? new TrainingControls(),
    feed,
    length: { stepsPerEpoch: feed.stepsPerEpoch, epochs: config.recipe.epochs },
    position: startPosition(options.resume ?? null),
    now: options.now ?? (() => performance.now()),
    pending: [],
    since: 0,
    readEvery: 1,
    secondsPerStep: 0,
    recent: { loss: 0, metric: 0 },
    learningRate: 0,
    norms: null,
    unsaved: false,
    savedAt: 0,
  };
}

/** The rest of the current epoch's steps. The next batch is made while the backend works on the last. */
async function* trainEpoch(run: Run): AsyncGenerator<EngineTrainingEvent, Outcome> {
  const { position, feed, controls } = run;
  run.since = run.now();
  if (run.savedAt === 0) run.savedAt = run.since;
  let next = prefetch(run);
  while (position.step < feed.stepsPerEpoch) {
    if (controls.paused) {
      if (!(yield* reported(run))) return 'diverged';
      yield* waitWhilePaused(run);
    }
    if (controls.stopping) return Number.isFinite(await readPending(run)) ? 'stopped' : 'diverged';
    for (const remark of issueStep(run, (await next) as Batch)) yield remarkEvent(run, remark);
    next = prefetch(run);
    if (isReadDue(run)) {
      if (!(yield* reported(run))) return 'diverged';
      if (isSaveDue(run)) yield { ...(await weightsEvent(run, false)), interim: true };
    }
    await yieldToEvents();
  }
  return 'done';
}

/** The event of the steps that none has told of yet; false where their loss is no number. */
async function* reported(run: Run): AsyncGenerator<EngineTrainingEvent, boolean> {
  if (run.pending.length === 0) return true;
  if (!Number.isFinite(await readPending(run))) return false;
  yield stepEvent(run);
  return true;
}

/** The batch at the run's position, null at an epoch's end. A failure shows when the batch is awaited, not before. */
function prefetch(run: Run): Promise<Batch> | null {
  if (run.position.step === run.feed.stepsPerEpoch) return null;
  const batch = run.feed.batch(run.position.epoch, run.position.step);
  batch.catch(() => undefined);
  return batch;
}

/** Makes a step; gives what failed before it was made. */
function issueStep(run: Run, batch: Batch): readonly string[] {
  const { position, length } = run;
  const asked = run.controls.takeLearningRate();
  if (asked !== null) askRate(run, asked);
  run.learningRate = rateAt(run, position.step);
  const result = run.session.step(batch, run.learningRate, { norms: position.step + 1 === length.stepsPerEpoch });
  run.pending.push(result);
  run.norms = result.norms ?? null;
  position.step++;
  run.unsaved = true;
  run.controls.stepDone();
  return result.remarks ?? [];
}

function isReadDue(run: Run): boolean {
  return run.pending.length >= run.readEvery || run.position.step === run.feed.stepsPerEpoch || run.controls.paused;
}

/** At an epoch's end the checkpoint rule decides instead. */
function isSaveDue(run: Run): boolean {
  return run.position.step < run.feed.stepsPerEpoch && run.now() - run.savedAt >= MILLISECONDS_BETWEEN_SAVES;
}

/** Reads the pending steps' results into the epoch's sums and the pace; returns the sum of losses so far. */
async function readPending(run: Run): Promise<number> {
  const { position } = run;
  if (run.pending.length === 0) return position.lossSum;
  const results = await Promise.all(run.pending.map((result) => result.read()));
  run.recent = { loss: mean(results.map(({ loss }) => loss)), metric: mean(results.map(({ metric }) => metric)) };
  for (const { loss, metric } of results) {
    position.lossSum += loss;
    position.metricSum += metric;
  }
  measurePace(run);
  run.pending = [];
  return position.lossSum;
}

function measurePace(run: Run): void {
  const { position } = run;
  const seconds = Math.max(1e-6, (run.now() - run.since) / 1000);
  position.seconds += seconds;
  run.secondsPerStep = seconds / run.pending.length;
  run.readEvery = Math.max(1, Math.min(MOST_STEPS_BETWEEN_READS, Math.floor(SECONDS_BETWEEN_READS / run.secondsPerStep)));
  run.since = run.now();
}

function mean(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0) / values.length;
}

async function* waitWhilePaused(run: Run): AsyncGenerator<EngineTrainingEvent, void> {
  const { position, controls } = run;
  yield stateEvent('paused', `paused in epoch ${position.epoch + 1} after step ${position.step} of ${run.feed.stepsPerEpoch}`);
  while (controls.paused) await controls.changed();
  if (!controls.stopping) yield stateEvent('running', `going on in epoch ${position.epoch + 1}`);
  run.since = run.now();
}

/** What the validation found, its time counted; null where the run is to stop before it is done. */
async function validated(run: Run): Promise<ValidationResult | null> {
  const started = run.now();
  const result = await validate(run, run.feed.batchSize, () => run.controls.stopping);
  run.position.seconds += (run.now() - started) / 1000;
  return result;
}

/** The epoch's event, and weights where the rule asks for them. What is best is judged on face pairs where there are some. */
async function* closeEpoch(run: Run, validation: ValidationResult): AsyncGenerator<EngineTrainingEvent, void> {
  const { position, config } = run;
  const train: MetricPair = { loss: position.lossSum / position.step, metric: position.metricSum / position.step };
  const metric = judgedBy(validation);
  const { seconds } = position;
  const best = metric > position.best;
  Object.assign(position, { epoch: position.epoch + 1, step: 0, lossSum: 0, metricSum: 0, seconds: 0 });
  if (best) Object.assign(position, { best: metric, bestEpoch: position.epoch });
  run.controls.epochDone();
  yield { type: 'epoch', epoch: position.epoch, train, validation, learningRate: run.learningRate, seconds };
  if (run.norms) yield { type: 'norms', epoch: position.epoch, parameters: await run.norms() };
  const { checkpointEveryEpochs, epochs } = config.recipe;
  if (best || position.epoch % checkpointEveryEpochs === 0 || position.epoch === epochs) yield await weightsEvent(run, best);
}

/** A run that has reached its stop condition is finished; its last weights are handed out. */
async function* finishEarly(run: Run, reason: string): AsyncGenerator<EngineTrainingEvent, void> {
  if (run.unsaved) yield await weightsEvent(run, false);
  yield stateEvent('finished', `${run.position.epoch} of ${run.config.recipe.epochs} epochs done: ${reason}`);
}

/** Weights where the last ones handed out are not the present ones, then the stopped state. */
async function* stop(run: Run): AsyncGenerator<EngineTrainingEvent, void> {
  const { position } = run;
  if (run.unsaved) yield await weightsEvent(run, false);
  yield stateEvent('stopped', `stopped in epoch ${position.epoch + 1} after step ${position.step} of ${run.feed.stepsPerEpoch}`);
}

async function weightsEvent(run: Run, best: boolean): Promise<Extract<EngineTrainingEvent, { type: 'weights' }>> {
  const { session, position } = run;
  const { epoch, step } = position;
  const state = withPosition(await session.state(), position);
  run.unsaved = false;
  run.savedAt = run.now();
  return { type: 'weights', epoch, step, best, point: { epoch, weights: await session.weights(), state } };
}

function stepEvent(run: Run): EngineTrainingEvent {
  const { position, feed, length, secondsPerStep } = run;
  const stepsLeft = (length.epochs - position.epoch) * length.stepsPerEpoch - position.step;
  return {
    type: 'step',
    epoch: position.epoch + 1,
    step: position.step,
    stepsPerEpoch: feed.stepsPerEpoch,
    ...run.recent,
    learningRate: run.learningRate,
    imagesPerSecond: feed.batchSize / secondsPerStep,
    secondsPerStep,
    secondsLeft: stepsLeft * secondsPerStep,
    ...run.session.memory(),
  };
}

function divergedEvent(run: Run): EngineTrainingEvent {
  const { epoch, step } = run.position;
  return stateEvent('failed', `the loss is no longer a number in epoch ${epoch + 1} at step ${step}: lower the learning rate`);
}

function remarkEvent({ position, feed }: Run, remark: string): EngineTrainingEvent {
  const message = `step ${position.step} of ${feed.stepsPerEpoch} in epoch ${position.epoch + 1} was made again: ${remark}`;
  return { type: 'state', state: 'running', message, mended: true };
}

function stateEvent(state: TrainingState, message: string): EngineTrainingEvent {
  return { type: 'state', state, message };
}
