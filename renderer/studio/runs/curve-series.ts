// The numbers behind the training plots: step and epoch series of one run, folded from its events.
// x is measured in epochs, so that runs with different batch sizes share an axis.
import type { TrainingEvent } from '@shared/training/recipe/event';

type StepEvent = Extract<TrainingEvent, { type: 'step' }>;

/** Series of one run; `step*` arrays have one entry per reported step, `epoch*` arrays one per finished epoch. */
export interface RunCurves {
  readonly stepX: number[];
  readonly stepLoss: number[];
  readonly stepMetric: number[];
  readonly stepRate: number[];
  readonly epochX: number[];
  readonly trainLoss: number[];
  readonly trainMetric: number[];
  readonly validationLoss: number[];
  readonly validationMetric: number[];
  /** Accuracy on face pairs, and the epochs that measured it. */
  readonly verification: number[];
  readonly verificationX: number[];
  last: StepEvent | null;
}

export function emptyCurves(): RunCurves {
  return {
    stepX: [],
    stepLoss: [],
    stepMetric: [],
    stepRate: [],
    epochX: [],
    trainLoss: [],
    trainMetric: [],
    validationLoss: [],
    validationMetric: [],
    verification: [],
    verificationX: [],
    last: null,
  };
}

/** Adds one event in place. A step or epoch at or before the last one (a resumed run) replaces what came after it. */
export function addEvent(curves: RunCurves, event: TrainingEvent): void {
  if (event.type === 'step') addStep(curves, event);
  if (event.type === 'epoch') {
    cutFrom(event.epoch, curves.epochX, [curves.trainLoss, curves.trainMetric, curves.validationLoss, curves.validationMetric]);
    curves.epochX.push(event.epoch);
    curves.trainLoss.push(event.train.loss);
    curves.trainMetric.push(event.train.metric);
    curves.validationLoss.push(event.validation.loss);
    curves.validationMetric.push(event.validation.metric);
    addVerification(curves, event.epoch, event.validation.verification);
  }
}

function addVerification({ verification, verificationX }: RunCurves, epoch: number, value: number | undefined): void {
  cutFrom(epoch, verificationX, [verification]);
  if (value === undefined) return;
  verificationX.push(epoch);
  verification.push(value);
}

function addStep(curves: RunCurves, event: StepEvent): void {
  const x = epochPosition(event);
  cutFrom(x, curves.stepX, [curves.stepLoss, curves.stepMetric, curves.stepRate]);
  curves.stepX.push(x);
  curves.stepLoss.push(event.loss);
  curves.stepMetric.push(event.metric);
  curves.stepRate.push(event.learningRate);
  curves.last = event;
}

/** Where a step stands, in epochs since the start: epoch 1, last step -> 1. */
export function epochPosition(event: Pick<StepEvent, 'epoch' | 'step' | 'stepsPerEpoch'>): number {
  return event.epoch - 1 + event.step / event.stepsPerEpoch;
}

function cutFrom(x: number, xs: number[], series: readonly number[][]): void {
  while (xs.length > 0 && xs[xs.length - 1] >= x) {
    xs.pop();
    for (const values of series) values.pop();
  }
}

/**
 * Exponential moving average with weight `smoothing` in [0, 1) on the past, corrected for its start
 * (so the first values are not pulled to zero). 0 returns the values as they are.
 */
export function smooth(values: readonly number[], smoothing: number): number[] {
  let sum = 0;
  let weight = 0;
  return values.map((value) => {
    sum = smoothing * sum + (1 - smoothing) * value;
    weight = smoothing * weight + (1 - smoothing);
    return sum / weight;
  });
}
