// Everything that decides a training run besides model and data: optimizer, schedule, augmentation,
// seeds. A recipe is plain JSON and is stored in run.json.
import type { DatasetReference } from '../dataset/dataset';
import type { NetworkSpec } from '../model/spec';
import type { Seed } from '../tensor/random';

export type OptimizerConfig =
  | { readonly kind: 'sgd'; readonly momentum: number; readonly nesterov: boolean; readonly weightDecay: number }
  | { readonly kind: 'adamw'; readonly beta1: number; readonly beta2: number; readonly epsilon: number; readonly weightDecay: number };

/** Learning rate over the run; `base` is the peak. Warm-up is linear from `warmupFrom`. */
export interface ScheduleConfig {
  readonly kind: 'constant' | 'cosine' | 'poly' | 'steps';
  readonly base: number;
  readonly final: number;
  readonly power: number;
  /** For `steps`: iterations at which the rate is divided by 10. */
  readonly milestones: readonly number[];
  readonly warmupEpochs: number;
  readonly warmupFrom: number;
}

/** One augmentation, applied in list order. Sizes are pixels; RandAugment draws each operation's magnitude below `magnitude`. */
export type Augmentation =
  | { readonly kind: 'padCropFlip'; readonly padding: number }
  | { readonly kind: 'flip' }
  | { readonly kind: 'randomResizedCrop'; readonly minScale: number }
  | { readonly kind: 'randomScaleCrop'; readonly minScale: number; readonly maxScale: number }
  | { readonly kind: 'autoAugment' }
  | { readonly kind: 'randAugment'; readonly magnitude: number; readonly operations: number };

export interface Recipe {
  readonly name: string;
  readonly epochs: number;
  readonly batchSize: number;
  readonly optimizer: OptimizerConfig;
  /** Keep weight decay off 1-D parameters and biases. */
  readonly decayMatricesOnly: boolean;
  readonly schedule: ScheduleConfig;
  readonly augmentations: readonly Augmentation[];
  readonly mixup: number;
  readonly cutmix: number;
  readonly labelSmoothing: number;
  readonly clipNorm: number | null;
  readonly ema: number | null;
  readonly loss: 'crossEntropy' | 'amSoftmax' | 'pixelCrossEntropy';
  /** AM-Softmax scale s and margin m. */
  readonly margin: { readonly scale: number; readonly margin: number } | null;
  readonly auxiliaryWeight: number;
  readonly checkpointEveryEpochs: number;
  /** When a run ends before its epochs are done; left out: never. */
  readonly stopWhen?: StopCondition;
}

/** Judged after each epoch's validation; the run is finished when either holds. */
export interface StopCondition {
  /** The validation metric (of face pairs: their accuracy), in [0, 1], has reached this; null: not asked. */
  readonly metric: number | null;
  /** The validation metric has not become better for this many epochs; null: not asked. */
  readonly patience: number | null;
}

export type BackendName = 'webgl' | 'webgpu' | 'wasm' | 'cpu';
export type BackendChoice = BackendName | 'auto';

/** Everything a run starts from. */
export interface TrainingConfig {
  readonly spec: NetworkSpec;
  readonly dataset: DatasetReference;
  readonly recipe: Recipe;
  readonly seed: Seed;
  /** Seeds named apart; those left out are `seed`. run.json always has all three. */
  readonly seeds?: Partial<RunSeeds>;
  readonly backend: BackendChoice;
}

/** Where a run's randomness starts. */
export interface RunSeeds {
  /** The first weights. */
  readonly init: Seed;
  /** The order of the samples in each epoch. */
  readonly shuffle: Seed;
  /** What happens to a sample on its way into the network: augmentation, mixing, dropout. */
  readonly augmentation: Seed;
}

export type TrainingState = 'running' | 'paused' | 'stopped' | 'finished' | 'failed';

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
export type TrainingControl =
  | { readonly action: 'pause' | 'resume' | 'stop' | 'step' | 'epoch' }
  | { readonly action: 'learningRate'; readonly value: number };
