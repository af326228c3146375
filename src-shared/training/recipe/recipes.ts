// Training recipes as data: those of the papers (facts with their sources stand in the reference notes
// of the project) and short ones in which a laptop shows the same findings in minutes.
import type { Task } from '../../model/spec';
import { UserError } from '../../base/user-error';
import type { OptimizerConfig } from './optimizers';
import type { Recipe, ScheduleConfig } from './recipe';

const sgd = (weightDecay: number): OptimizerConfig => ({ kind: 'sgd', momentum: 0.9, nesterov: false, weightDecay });
const adamw = (weightDecay: number): OptimizerConfig => ({ kind: 'adamw', beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay });

const SCHEDULE: ScheduleConfig = { kind: 'cosine', base: 0.1, final: 0, power: 1, milestones: [], warmupEpochs: 0, warmupFrom: 0 };
const cosine = (base: number, warmupEpochs = 0, warmupFrom = 0): ScheduleConfig => ({ ...SCHEDULE, base, warmupEpochs, warmupFrom });

const PLAIN: Recipe = {
  name: '',
  epochs: 1,
  batchSize: 128,
  optimizer: sgd(1e-4),
  decayMatricesOnly: false,
  schedule: SCHEDULE,
  augmentations: [],
  mixup: 0,
  cutmix: 0,
  labelSmoothing: 0,
  clipNorm: null,
  ema: null,
  loss: 'crossEntropy',
  margin: null,
  auxiliaryWeight: 0,
  checkpointEveryEpochs: 1,
};

/** AM-Softmax with the scale and margin its authors recommend. */
const FACE = { loss: 'amSoftmax', margin: { scale: 30, margin: 0.35 } } as const;

const RECIPES: readonly Recipe[] = [
  // 100 epochs of pad-crop-flip, batch 128, cosine 0.2 -> 0 (arXiv 2105.01883); weight decay as on ImageNet, the paper names none.
  {
    ...PLAIN,
    name: 'cifar-paper',
    epochs: 100,
    schedule: cosine(0.2),
    augmentations: [{ kind: 'padCropFlip', padding: 4 }],
    checkpointEveryEpochs: 5,
  },
  // The paper names mixup without its alpha; 0.2 is the usual one on ImageNet.
  {
    ...PLAIN,
    name: 'imagenet-paper',
    epochs: 100,
    batchSize: 256,
    schedule: cosine(0.1),
    augmentations: [{ kind: 'randomResizedCrop', minScale: 0.08 }, { kind: 'flip' }, { kind: 'autoAugment' }],
    mixup: 0.2,
  },
  // Released RepMLPNet weights (arXiv 2112.11081): learning rate 0.001 per 256 images; their code smooths labels by 0.1
  // before it mixes them.
  {
    ...PLAIN,
    name: 'repmlpnet-paper',
    epochs: 100,
    batchSize: 256,
    optimizer: adamw(0.1),
    decayMatricesOnly: true,
    schedule: cosine(0.001, 10, 5e-7),
    augmentations: [{ kind: 'randomResizedCrop', minScale: 0.08 }, { kind: 'flip' }, { kind: 'randAugment', magnitude: 15, operations: 2 }],
    mixup: 0.4,
    cutmix: 1,
    labelSmoothing: 0.1,
    clipNorm: 5,
  },
  // 420 k iterations of batch 512 over 5.8 M images are 37 epochs; weight decay as MobileFaceNet.
  {
    ...PLAIN,
    ...FACE,
    name: 'face-paper',
    epochs: 37,
    batchSize: 512,
    optimizer: sgd(4e-5),
    schedule: { ...SCHEDULE, kind: 'steps', base: 0.1, milestones: [252_000, 364_000, 406_000] },
    augmentations: [{ kind: 'flip' }],
  },
  // The official PSPNet code's settings; 0.4 is its weight of the auxiliary loss. Left out: its turns by up to 10 degrees
  // and its blur, and its tenfold rate for the layers after the backbone, whose weights there come trained from ImageNet.
  {
    ...PLAIN,
    name: 'cityscapes-paper',
    epochs: 200,
    batchSize: 16,
    schedule: { ...SCHEDULE, kind: 'poly', base: 0.01, power: 0.9 },
    augmentations: [{ kind: 'randomScaleCrop', minScale: 0.5, maxScale: 2 }, { kind: 'flip' }],
    loss: 'pixelCrossEntropy',
    auxiliaryWeight: 0.4,
    checkpointEveryEpochs: 5,
  },
  { ...PLAIN, name: 'shapes-short', epochs: 5, batchSize: 64, schedule: cosine(0.1) },
  {
    ...PLAIN,
    name: 'cifar-short',
    epochs: 10,
    schedule: cosine(0.1, 1),
    augmentations: [{ kind: 'padCropFlip', padding: 4 }],
  },
  // AdamW leaves AM-Softmax's first plateau within an epoch or two; SGD stays there for most of so short a run.
  { ...PLAIN, ...FACE, name: 'faces-short', epochs: 5, batchSize: 64, optimizer: adamw(0.01), schedule: cosine(0.004, 1) },
  // AdamW gives PSPNets some seven points of mIoU more than SGD in so few epochs.
  {
    ...PLAIN,
    name: 'streets-short',
    epochs: 8,
    batchSize: 8,
    optimizer: adamw(0.01),
    schedule: { ...SCHEDULE, kind: 'poly', base: 0.008, power: 0.9, warmupEpochs: 1 },
    loss: 'pixelCrossEntropy',
    auxiliaryWeight: 0.4,
  },
];

/** Names of all recipes, the papers' first. */
export const recipeNames: readonly string[] = RECIPES.map(({ name }) => name);

/** The loss that a task is trained with. */
export const LOSS_OF_TASK: Readonly<Record<Task, Recipe['loss']>> = {
  classification: 'crossEntropy',
  face: 'amSoftmax',
  segmentation: 'pixelCrossEntropy',
};

/** The short recipe of a task, for runs that name none. */
export const SHORT_RECIPES: Readonly<Record<Task, string>> = {
  classification: 'shapes-short',
  face: 'faces-short',
  segmentation: 'streets-short',
};

/** Names of the recipes for a task, the papers' first. */
export function recipesFor(task: Task): readonly string[] {
  return RECIPES.filter(({ loss }) => loss === LOSS_OF_TASK[task]).map(({ name }) => name);
}

/** The recipe of that name. Throws UserError listing the names there are. */
export function recipe(name: string): Recipe {
  const found = RECIPES.find((candidate) => candidate.name === name);
  if (!found) throw new UserError(`there is no recipe '${name}'; there are: ${recipeNames.join(', ')}`);
  return found;
}
