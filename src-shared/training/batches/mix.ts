// Mixup (arXiv 1710.09412) and CutMix (arXiv 1905.04899): each picture of a batch is mixed with its partner,
// the same place counted from the end; the soft targets are mixed in the same proportion.
import type { Batch } from '../loop/session';
import type { Random } from '../../tensor/random';
import { UserError } from '../../base/user-error';

/** The batch mixed as the recipe says; where both are on, a coin decides for each batch. Throws UserError for scenes. */
export function mixBatch(batch: Batch, recipe: { readonly mixup: number; readonly cutmix: number }, random: Random): Batch {
  const { mixup, cutmix } = recipe;
  if (mixup <= 0 && cutmix <= 0) return batch;
  if (!(batch.targets instanceof Float32Array))
    throw new UserError('mixup and cutmix need one label per picture: set both to 0 for scenes labelled per pixel');
  const cut = cutmix > 0 && (mixup <= 0 || random.uniform() < 0.5);
  const share = betaSample(random, cut ? cutmix : mixup);
  const mixed = cut ? cutImages(batch, share, random) : { images: blendRows(batch.images, batch.shape[0], share), share };
  return { images: mixed.images, shape: batch.shape, targets: blendRows(batch.targets, batch.shape[0], mixed.share) };
}

/** share * row + (1 - share) * partner for each of `count` rows. */
function blendRows(values: Float32Array, count: number, share: number): Float32Array {
  const length = values.length / count;
  return Float32Array.from(values, (value, at) => {
    const n = Math.floor(at / length);
    return share * value + (1 - share) * values[(count - 1 - n) * length + (at - n * length)];
  });
}

/** Replaces a box of 1 - share of the area by the partner's; the box is cut at the edges and `share` follows what is left. */
function cutImages({ images, shape }: Batch, share: number, random: Random): { images: Float32Array; share: number } {
  const [count, channels, height, width] = shape;
  const [top, bottom] = cutRange(height, share, random);
  const [left, right] = cutRange(width, share, random);
  const mixed = images.slice();
  for (let n = 0; n < count; n++) {
    for (let row = 0; row < channels * height; row++) {
      if (row % height < top || row % height >= bottom) continue;
      const from = ((count - 1 - n) * channels * height + row) * width;
      mixed.set(images.subarray(from + left, from + right), (n * channels * height + row) * width + left);
    }
  }
  return { images: mixed, share: 1 - ((bottom - top) * (right - left)) / (height * width) };
}

/** A stretch of sqrt(1 - share) of the length around a random place. */
function cutRange(length: number, share: number, random: Random): readonly [number, number] {
  const half = Math.floor((length * Math.sqrt(1 - share)) / 2);
  const centre = random.integer(length);
  return [Math.max(0, centre - half), Math.min(length, centre + half)];
}

/** A sample of Beta(alpha, alpha). */
export function betaSample(random: Random, alpha: number): number {
  const a = gammaSample(random, alpha);
  const b = gammaSample(random, alpha);
  return a + b > 0 ? a / (a + b) : random.integer(2);
}

/** A sample of Gamma(shape, 1) by the method of Marsaglia and Tsang (2000); shapes below 1 by their boost. */
function gammaSample(random: Random, shape: number): number {
  if (shape < 1) return gammaSample(random, shape + 1) * (1 - random.uniform()) ** (1 / shape);
  const d = shape - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  for (;;) {
    const x = random.normal();
    const v = (1 + c * x) ** 3;
    if (v > 0 && Math.log(1 - random.uniform()) < 0.5 * x * x + d - d * v + d * Math.log(v)) return d * v;
  }
}
