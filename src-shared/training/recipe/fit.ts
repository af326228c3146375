// Whether a network and a data set belong together: same task, channels and number of classes; and a recipe with them. Asked before
// anything is computed, so that the answer is a sentence and not a shape error of the backend.
import type { SampleSource } from '../../dataset/dataset';
import type { NetworkSpec, Task } from '../../model/spec';
import { outputShapeOf } from '../../model/walk';
import { UserError } from '../../base/user-error';
import type { Recipe } from './recipe';
import { recipesFor, SHORT_RECIPES } from './recipes';

const TASK_NAMES: Readonly<Record<Task, string>> = {
  classification: 'classifying pictures',
  face: 'recognising faces',
  segmentation: 'labelling scenes',
};

/** Number of classes (or identities) a network tells apart. */
export function classesOf(spec: NetworkSpec): number {
  return outputShapeOf(spec)[0];
}

/**
 * Throws UserError where the network cannot be trained or judged on the source; `advice` says what to do where the number of
 * classes differs, by default how the network is built for it. A face data set serves any classifier of pictures.
 */
export function checkFit(spec: NetworkSpec, source: SampleSource, advice?: string): void {
  const serves = spec.task === source.task || (spec.task === 'classification' && source.task === 'face');
  const hint =
    spec.task === 'face' && source.task === 'classification' ? '; folders of people are read as such with identities:FOLDER' : '';
  if (!serves) throw new UserError(`${spec.name} is for ${TASK_NAMES[spec.task]}, ${source.name} for ${TASK_NAMES[source.task]}${hint}`);
  if (spec.input.channels !== source.image.channels)
    throw new UserError(`${spec.name} takes pictures of ${spec.input.channels} channels, ${source.name} has ${source.image.channels}`);
  const [classes, has] = [classesOf(spec), source.classes.length];
  const key = spec.task === 'face' ? 'identities' : 'classes';
  if (classes !== has)
    throw new UserError(
      `${spec.name} tells ${classes} ${key} apart, ${source.name} has ${has}: ${advice ?? `set ${key}=${has} for the model (--set ${key}=${has})`}`,
    );
}

/** As `checkFit` for the split to train on, which must also have samples. */
export function checkTrainable(spec: NetworkSpec, train: SampleSource): void {
  if (train.count === 0)
    throw new UserError(
      `there is nothing to train on: ${train.name} has no samples${spec.task === 'face' ? '; people to train on have their folders in a folder train beside the tests' : ''}`,
    );
  checkFit(spec, train);
}

/** Throws UserError where the recipe cannot train such a network: a loss for another task, or what would tear pixels from their labels. */
export function checkRecipe({ name, task }: NetworkSpec, recipe: Recipe): void {
  const forTask = recipe.loss === 'pixelCrossEntropy' ? 'segmentation' : recipe.loss === 'amSoftmax' ? 'face' : null;
  const fits = forTask === null ? task !== 'segmentation' : task === forTask;
  if (!fits) {
    const fitting = new Set([SHORT_RECIPES[task], ...recipesFor(task)]);
    throw new UserError(
      `the recipe ${recipe.name} (loss ${recipe.loss}) is not for ${TASK_NAMES[task]}, which ${name} does: take ${[...fitting].join(' or ')}`,
    );
  }
  if (task !== 'segmentation') return;
  const mixed = (['mixup', 'cutmix'] as const).filter((key) => recipe[key] > 0);
  const policies = recipe.augmentations.map(({ kind }) => kind).filter((kind) => kind === 'autoAugment' || kind === 'randAugment');
  const torn = [...mixed, ...policies];
  if (torn.length > 0)
    throw new UserError(
      `${torn.join(' and ')} ${torn.length === 1 ? 'needs' : 'need'} one label per picture, and ${name} labels pixels: leave ${torn.length === 1 ? 'it' : 'them'} out; scenes take flip and randomScaleCrop`,
    );
}
