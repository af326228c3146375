// What the training loop hands out: what it tells its listeners, and weights to be kept by whoever owns the run.
import type { NamedTensors } from '../../tensor/tensor';
import type { TrainingEvent } from '../recipe/recipe';

/** Where a run goes on: what the last checkpoint stored. */
export interface ResumePoint {
  readonly epoch: number;
  readonly weights: NamedTensors;
  /** Optimizer moments, step counter and random states, by name. */
  readonly state: NamedTensors;
}

/**
 * A training event, or weights to be persisted by whoever owns the run folder: after `epoch` completed epochs
 * and `step` steps of the next one (0 at an epoch's end; above 0 where a run was stopped within an epoch, or where an
 * epoch is so long that weights are handed out amid it: these, `interim`, are of no use once there are later ones).
 */
export type EngineTrainingEvent =
  | TrainingEvent
  | {
      readonly type: 'weights';
      readonly epoch: number;
      readonly step: number;
      readonly best: boolean;
      readonly interim?: boolean;
      readonly point: ResumePoint;
    };
