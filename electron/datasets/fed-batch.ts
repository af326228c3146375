// A batch of a training as the network is fed, for the eye: made by the same feed that training uses.
import { z } from 'zod';
import { count, floats, type Stored } from '@shared/base/sent';
import { fedBatch } from '@shared/link/answers';
import { sentConfigSchema } from '@shared/training/recipe/recipe-schema';
import type { DatasetSplits } from '@shared/dataset/dataset';
import { openFeed } from '@shared/training/batches/feed';
import { checkFit } from '@shared/training/recipe/fit';
import { UserError } from '@shared/base/user-error';

export const askedBatchSchema = z.object({ config: sentConfigSchema, /** Counted from 0, like the step. */ epoch: count, step: count });
export type AskedBatch = Stored<z.infer<typeof askedBatchSchema>>;

export const madeBatchSchema = fedBatch.omit({ url: true }).extend({ images: floats });
/** A fed batch with its pictures (N, C, H, W) at hand instead of behind a URL. */
export type MadeBatch = Stored<z.infer<typeof madeBatchSchema>>;

/** The batch of a step. Rejects with UserError where network and data do not fit, or the epoch has no such step. */
export async function makeBatch({ train }: DatasetSplits, { config, epoch, step }: AskedBatch): Promise<MadeBatch> {
  checkFit(config.spec, train);
  const feed = openFeed(train, config);
  if (step >= feed.stepsPerEpoch) throw new UserError(`an epoch has ${feed.stepsPerEpoch} steps, asked for step ${step + 1}`);
  const { images, shape, targets } = await feed.batch(epoch, step);
  const labels = targets instanceof Float32Array ? targetTexts(targets, shape[0], train.classes) : [];
  return { images, shape, mean: train.mean, deviation: train.deviation, labels };
}

/** Shares below this are label smoothing's, which spreads over all classes. */
const LEAST_SHARE = 0.1;

/** Soft targets (N, classes) in words: `dots above`, or `dots above 70 %, rows below 30 %`. */
function targetTexts(targets: Float32Array, count: number, classes: readonly string[]): string[] {
  const length = targets.length / count;
  return Array.from({ length: count }, (_, n) => {
    const shares = Array.from(targets.subarray(n * length, (n + 1) * length), (share, index) => ({
      share,
      name: classes[index] ?? String(index),
    }));
    const large = shares.filter(({ share }) => share > LEAST_SHARE).sort((a, b) => b.share - a.share);
    if (large.length <= 1) return large[0]?.name ?? '';
    return large.map(({ share, name }) => `${name} ${Math.round(100 * share)} %`).join(', ');
  });
}
