// Changing a recipe by text: `epochs=3`, `lr=0.05`, `schedule.warmupEpochs=1`, `augmentations=padCropFlip:4,flip`,
// `optimizer=adamw`. A value must be of the kind the recipe has at that place; nothing unknown is taken.
import { firstIssue } from '../../model/strict-object';
import { UserError } from '../../base/user-error';
import { recipeSchema } from './recipe-schema';
import { OPTIMIZER_KINDS, OPTIMIZERS, type OptimizerConfig } from './optimizers';
import type { Augmentation, Recipe, ScheduleConfig, StopCondition } from './recipe';

type Change = (recipe: Recipe, value: string) => Recipe;

const SCHEDULES: readonly ScheduleConfig['kind'][] = ['constant', 'cosine', 'poly', 'steps'];

const CHANGES: Readonly<Record<string, Change>> = {
  epochs: (recipe, value) => ({ ...recipe, epochs: count(value) }),
  batchSize: (recipe, value) => ({ ...recipe, batchSize: count(value) }),
  lr: (recipe, value) => ({ ...recipe, schedule: { ...recipe.schedule, base: positive(value) } }),
  schedule: (recipe, value) => ({ ...recipe, schedule: { ...recipe.schedule, kind: oneOf(SCHEDULES, value) } }),
  'schedule.base': (recipe, value) => ({ ...recipe, schedule: { ...recipe.schedule, base: positive(value) } }),
  'schedule.final': (recipe, value) => ({ ...recipe, schedule: { ...recipe.schedule, final: notNegative(value) } }),
  'schedule.power': (recipe, value) => ({ ...recipe, schedule: { ...recipe.schedule, power: positive(value) } }),
  'schedule.milestones': (recipe, value) => ({
    ...recipe,
    schedule: { ...recipe.schedule, milestones: value === 'none' ? [] : value.split(',').map(count) },
  }),
  'schedule.warmupEpochs': (recipe, value) => ({ ...recipe, schedule: { ...recipe.schedule, warmupEpochs: notNegative(value) } }),
  'schedule.warmupFrom': (recipe, value) => ({ ...recipe, schedule: { ...recipe.schedule, warmupFrom: notNegative(value) } }),
  optimizer: (recipe, value) => ({ ...recipe, optimizer: OPTIMIZERS[oneOf(OPTIMIZER_KINDS, value)].initial }),
  weightDecay: (recipe, value) => ({ ...recipe, optimizer: { ...recipe.optimizer, weightDecay: notNegative(value) } }),
  momentum: (recipe, value) => ({ ...recipe, optimizer: { ...sgdOf(recipe), momentum: share(value) } }),
  decayMatricesOnly: (recipe, value) => ({ ...recipe, decayMatricesOnly: truth(value) }),
  augmentations: (recipe, value) => ({ ...recipe, augmentations: augmentationList(value) }),
  mixup: (recipe, value) => ({ ...recipe, mixup: notNegative(value) }),
  cutmix: (recipe, value) => ({ ...recipe, cutmix: notNegative(value) }),
  labelSmoothing: (recipe, value) => ({ ...recipe, labelSmoothing: share(value) }),
  clipNorm: (recipe, value) => ({ ...recipe, clipNorm: value === 'none' ? null : positive(value) }),
  ema: (recipe, value) => ({ ...recipe, ema: value === 'none' ? null : share(value) }),
  margin: (recipe, value) => ({ ...recipe, margin: { ...marginOf(recipe), margin: notNegative(value) } }),
  scale: (recipe, value) => ({ ...recipe, margin: { ...marginOf(recipe), scale: positive(value) } }),
  auxiliaryWeight: (recipe, value) => ({ ...recipe, auxiliaryWeight: notNegative(value) }),
  'stop.metric': (recipe, value) => ({ ...recipe, stopWhen: { ...stopOf(recipe), metric: value === 'none' ? null : atMostOne(value) } }),
  'stop.patience': (recipe, value) => ({ ...recipe, stopWhen: { ...stopOf(recipe), patience: value === 'none' ? null : count(value) } }),
  checkpointEveryEpochs: (recipe, value) => ({ ...recipe, checkpointEveryEpochs: count(value) }),
};

function stopOf({ stopWhen }: Recipe): StopCondition {
  return stopWhen ?? { metric: null, patience: null };
}

/** The keys that can be set. */
export const recipeKeys: readonly string[] = Object.keys(CHANGES);

/** The recipe with `KEY=VALUE` texts applied in order. Throws UserError naming the text that is wrong. */
export function withOverrides(recipe: Recipe, overrides: readonly string[]): Recipe {
  return overrides.reduce(override, recipe);
}

function override(recipe: Recipe, text: string): Recipe {
  const at = text.indexOf('=');
  const key = text.slice(0, Math.max(0, at));
  if (!Object.hasOwn(CHANGES, key))
    throw new UserError(`cannot set '${text}' in a recipe: expected KEY=VALUE with one of the keys ${recipeKeys.join(', ')}`);
  try {
    return checked(CHANGES[key](recipe, text.slice(at + 1)));
  } catch (error) {
    throw error instanceof RangeError ? new UserError(`cannot set ${text}: ${error.message}`) : error;
  }
}

/** The recipe, if a run may hold it: what one value says of itself is not all. */
function checked(recipe: Recipe): Recipe {
  const parsed = recipeSchema.safeParse(recipe, { reportInput: true });
  if (!parsed.success) throw new RangeError(firstIssue(parsed.error, 'the recipe'));
  return parsed.data;
}

function notNegative(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value) || value < 0) throw new RangeError('expected a number, 0 or more');
  return value;
}

function share(text: string): number {
  const value = notNegative(text);
  if (value >= 1) throw new RangeError('expected a number from 0 to below 1');
  return value;
}

function atMostOne(text: string): number {
  const value = positive(text);
  if (value > 1) throw new RangeError('expected a share above 0, at most 1, such as 0.9 for 90 %');
  return value;
}

function positive(text: string): number {
  const value = notNegative(text);
  if (value === 0) throw new RangeError('expected a number above 0');
  return value;
}

function count(text: string): number {
  const value = text.trim() === '' ? NaN : Number(text);
  if (!Number.isSafeInteger(value) || value < 1) throw new RangeError('expected a whole number, 1 or more');
  return value;
}

function truth(text: string): boolean {
  return oneOf(['true', 'false'], text) === 'true';
}

function oneOf<Text extends string>(choices: readonly Text[], text: string): Text {
  const found = choices.find((choice) => choice === text);
  if (found === undefined) throw new RangeError(`expected one of ${choices.join(', ')}`);
  return found;
}

function sgdOf({ optimizer }: Recipe): Extract<OptimizerConfig, { kind: 'sgd' }> {
  if (optimizer.kind !== 'sgd') throw new RangeError('only SGD has a momentum; set optimizer=sgd first');
  return optimizer;
}

function marginOf({ loss, margin }: Recipe): NonNullable<Recipe['margin']> {
  if (margin === null)
    throw new RangeError(`only AM-Softmax has a margin and a scale, and this recipe's loss is ${loss}; take one for faces`);
  return margin;
}

/** `none`, or augmentations separated by commas with their numbers after colons. */
function augmentationList(text: string): Augmentation[] {
  return text === 'none' || text === '' ? [] : text.split(',').map(augmentation);
}

/** The text that sets these augmentations: `padCropFlip:4,flip`, or `none`. */
export function augmentationsText(augmentations: readonly Augmentation[]): string {
  const texts = augmentations.map(({ kind, ...numbers }) => [kind, ...Object.values(numbers)].join(':'));
  return texts.join(',') || 'none';
}

type Numbers = readonly string[];

/** How many numbers each augmentation may have, and what it is with them. */
const AUGMENTATIONS: Readonly<Record<Augmentation['kind'], readonly [number, (numbers: Numbers) => Augmentation]>> = {
  padCropFlip: [1, ([padding = '4']) => ({ kind: 'padCropFlip', padding: count(padding) })],
  flip: [0, () => ({ kind: 'flip' })],
  randomResizedCrop: [1, ([minScale = '0.08']) => ({ kind: 'randomResizedCrop', minScale: atMostOne(minScale) })],
  randomScaleCrop: [2, ([minScale = '0.5', maxScale = '2']) => ({ kind: 'randomScaleCrop', ...scaleRange(minScale, maxScale) })],
  autoAugment: [0, () => ({ kind: 'autoAugment' })],
  randAugment: [
    2,
    ([magnitude = '9', operations = '2']) => ({ kind: 'randAugment', magnitude: magnitudeOf(magnitude), operations: count(operations) }),
  ],
};

function augmentation(text: string): Augmentation {
  const [name, ...numbers] = text.split(':');
  const kind = oneOf(Object.keys(AUGMENTATIONS) as Augmentation['kind'][], name);
  const [most, make] = AUGMENTATIONS[kind];
  if (numbers.length > most) throw new RangeError(`${kind} takes ${most === 0 ? 'no number' : `at most ${most}`}, got ${numbers.length}`);
  return make(numbers);
}

function scaleRange(least: string, most: string): { minScale: number; maxScale: number } {
  const [minScale, maxScale] = [positive(least), positive(most)];
  if (minScale > maxScale) throw new RangeError('randomScaleCrop takes the smaller scale first');
  return { minScale, maxScale };
}

/** RandAugment's magnitudes go from 0 to 30. */
function magnitudeOf(text: string): number {
  const value = notNegative(text);
  if (value > 30) throw new RangeError('expected a magnitude from 0 to 30');
  return value;
}
