// Everything that decides a training run besides model and data: optimizer, schedule, augmentation,
// seeds. A recipe is plain JSON and is stored in run.json.
import type { z } from 'zod';
import type { Stored } from '../../base/sent';
import type { BACKEND_NAMES, recipeSchema, trainingConfigSchema, trainingControlSchema } from './recipe-schema';

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

/** What can be asked of a training that is under way. */
export type TrainingControl = Stored<z.infer<typeof trainingControlSchema>>;
