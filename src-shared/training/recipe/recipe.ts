// Everything that decides a training run besides model and data: optimizer, schedule, augmentation,
// seeds. A recipe is plain JSON and is stored in run.json.
import type { z } from 'zod';
import type { BACKEND_NAMES, recipeSchema, Stored, trainingConfigSchema, trainingControlSchema } from './recipe-schema';

/**
 * How a run is trained. `decayMatricesOnly` keeps weight decay off 1-D parameters and biases; `margin` is AM-Softmax's scale s and
 * margin m; `stopWhen` says when a run ends before its epochs are done, left out: never.
 */
export type Recipe = Stored<z.infer<typeof recipeSchema>>;

/**
 * Learning rate over the run; `base` is the peak, `warmupFrom` where the linear warm-up begins, `milestones` the iterations at
 * which `steps` divides the rate by 10.
 */
export type ScheduleConfig = Recipe['schedule'];

/** One augmentation, applied in list order. Sizes are pixels; RandAugment draws each operation's magnitude below `magnitude`. */
export type Augmentation = Recipe['augmentations'][number];

/**
 * Judged after each epoch's validation; the run is finished when either holds: the validation metric (of face pairs: their
 * accuracy) in [0, 1] has reached `metric`, or has not become better for `patience` epochs; null: not asked.
 */
export type StopCondition = NonNullable<Recipe['stopWhen']>;

export type BackendName = (typeof BACKEND_NAMES)[number];
export type BackendChoice = BackendName | 'auto';

/** Everything a run starts from. Seeds named apart are in `seeds`; those left out are `seed`. run.json always has all three. */
export type TrainingConfig = Stored<z.infer<typeof trainingConfigSchema>>;

/**
 * Where a run's randomness starts: the first weights (`init`), the order of the samples in each epoch (`shuffle`), and what happens to
 * a sample on its way into the network, augmentation, mixing, dropout (`augmentation`).
 */
export type RunSeeds = Required<NonNullable<TrainingConfig['seeds']>>;

export const TRAINING_STATES = ['running', 'paused', 'stopped', 'finished', 'failed'] as const;
export type TrainingState = (typeof TRAINING_STATES)[number];

/**
 * What a running training tells its listeners. Epochs and steps count from 1; a step's loss and metric are means over
 * the steps since the last such event, an epoch's over the whole epoch.
 */
export type TrainingEvent =
  | {
      readonly type: 'backend';
      readonly backend: BackendName;
      readonly reason: string;
      /** Computed by a window, whose end or reload takes the training back to its last checkpoint; said by the service. */
      readonly inWindow?: boolean;
      /** What a change of backend amid the run means for its weights; said by whoever keeps the run. */
      readonly change?: string;
    }
  | {
      readonly type: 'step';
      readonly epoch: number;
      readonly step: number;
      readonly stepsPerEpoch: number;
      readonly loss: number;
      readonly metric: number;
      readonly learningRate: number;
      readonly imagesPerSecond: number;
      readonly secondsPerStep: number;
      readonly secondsLeft: number;
      readonly tensors: number;
      readonly bytes: number;
    }
  | {
      readonly type: 'epoch';
      readonly epoch: number;
      readonly train: MetricPair;
      readonly validation: ValidationResult;
      readonly learningRate: number;
      readonly seconds: number;
    }
  | { readonly type: 'norms'; readonly epoch: number; readonly parameters: readonly ParameterNorm[] }
  | { readonly type: 'checkpoint'; readonly epoch: number; readonly file: string; readonly best: boolean }
  | {
      readonly type: 'state';
      readonly state: TrainingState;
      readonly message: string;
      /** Something failed and was made good, as the message says. */
      readonly mended?: true;
    };

/** Euclidean norms of a trained parameter and of its gradient, before clipping, at the last step of an epoch. */
export interface ParameterNorm {
  readonly name: string;
  readonly weight: number;
  readonly gradient: number;
}

/** Mean loss and the task's metric (accuracy, or mIoU) in [0, 1]. */
export interface MetricPair {
  readonly loss: number;
  readonly metric: number;
}

/** What an epoch's validation found. */
export interface ValidationResult extends MetricPair {
  /** Accuracy on the pairs of a face data set, of people nobody was trained on, in [0, 1]; left out where there are none. */
  readonly verification?: number;
}

/** What can be asked of a training that is under way. */
export type TrainingControl = Stored<z.infer<typeof trainingControlSchema>>;
