// The one schema of a recipe and of what a run starts from. Its limits are those beyond which a training would not
// end, not fit or mean nothing. Invariant: whatever a run or a window holds has passed here, so that the loop can
// believe it; the types are the schema's.
import { z } from 'zod';
import { datasetReferenceSchema, seedSchema } from '../../dataset/reference-schema';
import { networkSchema } from '../../model/spec';
import { networkField } from '../../model/schema';
import { firstIssue, strictObject } from '../../model/strict-object';
import type { Stored } from '../../base/sent';
import { UserError } from '../../base/user-error';
import { amount, positive, share, wholeNumber } from './number-schemas';
import { optimizerSchema } from './optimizers';

/** More epochs than these are a slip of the hand: an epoch a second would take twelve days. */
export const MOST_EPOCHS = 1_000_000;
const MOST_STEPS = 1_000_000_000;

const schedule = strictObject({
  kind: z.enum(['constant', 'cosine', 'poly', 'steps']),
  base: positive(1e6),
  final: amount(1e6),
  power: positive(100),
  milestones: z.array(wholeNumber(1, MOST_STEPS)).max(1000).readonly(),
  warmupEpochs: amount(MOST_EPOCHS),
  warmupFrom: amount(1e6),
});

const scale = positive(16);
const augmentation = z.discriminatedUnion('kind', [
  strictObject({ kind: z.literal('padCropFlip'), padding: wholeNumber(1, 1024) }),
  strictObject({ kind: z.literal('flip') }),
  strictObject({ kind: z.literal('randomResizedCrop'), minScale: positive(1) }),
  strictObject({ kind: z.literal('randomScaleCrop'), minScale: scale, maxScale: scale }).refine(
    ({ minScale, maxScale }) => minScale <= maxScale,
    { path: ['minScale'], message: 'is above maxScale' },
  ),
  strictObject({ kind: z.literal('autoAugment') }),
  strictObject({ kind: z.literal('randAugment'), magnitude: amount(30), operations: wholeNumber(1, 100) }),
]);

export const recipeSchema = strictObject({
  name: z.string().max(200),
  epochs: wholeNumber(1, MOST_EPOCHS),
  batchSize: wholeNumber(1, 65_536),
  optimizer: optimizerSchema,
  decayMatricesOnly: z.boolean(),
  schedule,
  augmentations: z.array(augmentation).max(32).readonly(),
  mixup: amount(1000),
  cutmix: amount(1000),
  labelSmoothing: share,
  clipNorm: positive(1e12).nullable(),
  ema: share.nullable(),
  loss: z.enum(['crossEntropy', 'amSoftmax', 'pixelCrossEntropy']),
  margin: strictObject({ scale: positive(1e6), margin: amount(1000) }).nullable(),
  auxiliaryWeight: amount(1000),
  checkpointEveryEpochs: wholeNumber(1, MOST_EPOCHS),
  stopWhen: strictObject({ metric: positive(1).nullable(), patience: wholeNumber(1, MOST_EPOCHS).nullable() }).optional(),
}).refine(({ loss, margin }) => loss !== 'amSoftmax' || margin !== null, {
  path: ['margin'],
  message: 'is null, and the loss amSoftmax needs its scale and margin',
});

export const BACKEND_NAMES = ['webgl', 'webgpu', 'wasm', 'cpu'] as const;
const seeds = strictObject({ init: seedSchema, shuffle: seedSchema, augmentation: seedSchema });

export const trainingConfigSchema = strictObject({
  spec: networkField,
  dataset: datasetReferenceSchema,
  recipe: recipeSchema,
  seed: seedSchema,
  seeds: seeds.partial().optional(),
  backend: z.enum([...BACKEND_NAMES, 'auto']),
});

/** A configuration as it is sent on: its network was checked when it was read. */
export const sentConfigSchema = trainingConfigSchema.extend({ spec: networkSchema });

/** What can be asked of a training that is under way. */
export const trainingControlSchema = z.union([
  z.object({ action: z.enum(['pause', 'resume', 'stop', 'step', 'epoch']) }),
  z.object({ action: z.literal('learningRate'), value: z.number().positive() }),
]);

/** The same configuration after a check of every field. Throws UserError naming the field; `where` is what holds it. */
export function checkedTrainingConfig(config: unknown, where: string): Stored<z.infer<typeof trainingConfigSchema>> {
  const parsed = trainingConfigSchema.safeParse(config, { reportInput: true });
  if (!parsed.success) throw new UserError(`${where}: ${firstIssue(parsed.error, 'it')}`);
  return parsed.data;
}
