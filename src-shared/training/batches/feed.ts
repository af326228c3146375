// The batches of a run in order: shuffled anew each epoch, augmented, mixed, normalised. Every batch is a
// function of (seed, epoch, step), so any step of any epoch can be made at any time.
import type { SampleSource } from '../../dataset/dataset';
import type { Batch } from '../loop/session';
import { deriveSeed, permutation, randomFrom, type Seed } from '../../tensor/random';
import { UserError } from '../../base/user-error';
import { augment } from './augment';
import { assembleBatch } from './batch';
import { mixBatch } from './mix';
import type { TrainingConfig } from '../recipe/recipe';
import { seedsOf } from '../recipe/seeds';

export interface BatchFeed {
  readonly stepsPerEpoch: number;
  readonly batchSize: number;
  /** Batch of step `step` (0-based) of epoch `epoch` (0-based). */
  batch(epoch: number, step: number): Promise<Batch>;
}

/** A feed from elsewhere, to be closed when the training has ended. */
export interface ThreadedFeed extends BatchFeed {
  close(): Promise<void>;
}

/** Opens the feed of a split. An epoch leaves out the last, incomplete batch. Throws UserError for a split without samples. */
export function openFeed(source: SampleSource, config: Pick<TrainingConfig, 'recipe' | 'seed' | 'seeds' | 'spec'>): BatchFeed {
  if (source.count === 0) throw new UserError(`there is nothing to train on: ${source.name} has no samples`);
  const { recipe, spec } = config;
  const seeds = seedsOf(config);
  const batchSize = Math.min(recipe.batchSize, source.count);
  const orderOf = epochOrders(source.count, seeds.shuffle);
  const batch = async (epoch: number, step: number): Promise<Batch> => {
    const indices = orderOf(epoch).subarray(step * batchSize, (step + 1) * batchSize);
    const samples = await source.read(indices);
    const augmented = samples.map((sample, i) => {
      const random = randomFrom(deriveSeed(seeds.augmentation, `augment/${epoch}/${indices[i]}`));
      return augment(sample, recipe.augmentations, random, spec.input);
    });
    const plain = assembleBatch(augmented, source, recipe.labelSmoothing);
    return mixBatch(plain, recipe, randomFrom(deriveSeed(seeds.augmentation, `mix/${epoch}/${step}`)));
  };
  return { stepsPerEpoch: Math.floor(source.count / batchSize), batchSize, batch };
}

/** Order of the samples in an epoch; the latest is kept. */
function epochOrders(count: number, seed: Seed): (epoch: number) => Int32Array {
  let known = -1;
  let order: Int32Array = new Int32Array(0);
  return (epoch) => {
    if (epoch !== known) order = permutation(randomFrom(deriveSeed(seed, `shuffle/${epoch}`)), count);
    known = epoch;
    return order;
  };
}
