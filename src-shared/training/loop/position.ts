// Where a run stands besides weights and optimizer moments: what the loop adds to a checkpoint so that
// the run goes on as if it had never stopped, from the end of an epoch or from within one.
import type { ResumePoint } from './events';
import type { NamedTensors } from '../../tensor/tensor';

/** Name of the tensor that holds the position among a checkpoint's state tensors. */
export const POSITION_NAME = 'loop.position';

/** Position of a run; sums are over the current epoch. */
export interface Position {
  /** Epochs completed. */
  epoch: number;
  /** Steps completed in the current epoch. */
  step: number;
  lossSum: number;
  metricSum: number;
  /** Factor on the schedule's learning rate, from changes on the fly. */
  rateFactor: number;
  /** Best validation metric so far; -1 before the first. */
  best: number;
  /** Training time of the current epoch so far, in seconds. */
  seconds: number;
  /** Epochs completed when the best validation metric was reached; 0 before the first. */
  bestEpoch: number;
  /** 1 once a learning rate was asked for on the fly: what was left of the warm-up is then left out. 0 before. */
  isWarm: number;
}

/** New fields go to the end: a checkpoint of an earlier version ends before them. */
const FIELDS = [
  'epoch',
  'step',
  'lossSum',
  'metricSum',
  'rateFactor',
  'best',
  'seconds',
  'bestEpoch',
  'isWarm',
] as const satisfies readonly (keyof Position)[];

/** The position a run starts from: the beginning, or what the resume point stored. */
export function startPosition(resume: ResumePoint | null): Position {
  const position: Position = {
    epoch: resume?.epoch ?? 0,
    step: 0,
    lossSum: 0,
    metricSum: 0,
    rateFactor: 1,
    best: -1,
    seconds: 0,
    bestEpoch: 0,
    isWarm: 0,
  };
  const stored = resume?.state.get(POSITION_NAME);
  if (stored) FIELDS.slice(0, stored.data.length).forEach((field, i) => (position[field] = Number(stored.data[i])));
  return position;
}

/** The state tensors with the position added as float64 (9). */
export function withPosition(state: NamedTensors, position: Position): NamedTensors {
  const data = Float64Array.from(FIELDS, (field) => position[field]);
  return new Map([...state, [POSITION_NAME, { shape: [FIELDS.length], dtype: 'float64', data }]]);
}

/** The present epoch is completed, its validation judged by `metric`. Gives whether it is the best so far. */
export function completeEpoch(position: Position, metric: number): boolean {
  const best = metric > position.best;
  Object.assign(position, { epoch: position.epoch + 1, step: 0, lossSum: 0, metricSum: 0, seconds: 0 });
  if (best) Object.assign(position, { best: metric, bestEpoch: position.epoch });
  return best;
}
