// Augmentations on uint8 pictures, in the recipe's order. Each draws from the generator it is given and
// from nothing else. Sizes, shares and ranges are those of the common published recipes.
import { assertNever } from '../../base/assert-never';
import type { Sample } from '../../dataset/dataset';
import type { Random } from '../../tensor/random';
import { autoAugment, randAugment } from './policies';
import { type Box, type Size, centreCrop, crop, fitTo, mirror, resize } from '../../dataset/pixels/geometry';
import type { Augmentation } from '../recipe/recipe';

/** The sample after all augmentations, at the network's input size. */
export function augment(sample: Sample, augmentations: readonly Augmentation[], random: Random, input: Size): Sample {
  const changed = augmentations.reduce((current, augmentation) => applyOne(current, augmentation, random, input), sample);
  return fitTo(changed, input);
}

function applyOne(sample: Sample, augmentation: Augmentation, random: Random, input: Size): Sample {
  switch (augmentation.kind) {
    case 'padCropFlip':
      return maybeMirror(shifted(sample, augmentation.padding, random), random);
    case 'flip':
      return maybeMirror(sample, random);
    case 'randomResizedCrop':
      return randomResizedCrop(sample, augmentation.minScale, random, input);
    case 'randomScaleCrop':
      return randomScaleCrop(sample, augmentation, random, input);
    case 'autoAugment':
      return autoAugment(sample, random);
    case 'randAugment':
      return randAugment(sample, augmentation, random);
    default:
      return assertNever(augmentation);
  }
}

function maybeMirror(sample: Sample, random: Random): Sample {
  return random.uniform() < 0.5 ? mirror(sample) : sample;
}

/** A crop of the picture's own size out of the picture padded by `padding` on every side. */
function shifted(sample: Sample, padding: number, random: Random): Sample {
  const { height, width } = sample;
  return crop(sample, { top: random.integer(2 * padding + 1) - padding, left: random.integer(2 * padding + 1) - padding, height, width });
}

const CROP_TRIES = 10;
const LOG_ASPECT = Math.log(4 / 3);

/** A part of `minScale` to 1 of the area and an aspect of 3/4 to 4/3, resized; the largest such part of the middle where none fits. */
function randomResizedCrop(sample: Sample, minScale: number, random: Random, input: Size): Sample {
  const area = sample.height * sample.width;
  for (let i = 0; i < CROP_TRIES; i++) {
    const target = area * (minScale + (1 - minScale) * random.uniform());
    const aspect = Math.exp(LOG_ASPECT * (2 * random.uniform() - 1));
    const size = { height: Math.round(Math.sqrt(target / aspect)), width: Math.round(Math.sqrt(target * aspect)) };
    if (fits(size, sample)) return resize(crop(sample, boxAtRandom(size, sample, random)), input);
  }
  const widest = (length: number, other: number): number => Math.min(length, Math.round((other * 4) / 3));
  const middle = { height: widest(sample.height, sample.width), width: widest(sample.width, sample.height) };
  return resize(centreCrop(sample, middle), input);
}

function fits(size: Size, sample: Size): boolean {
  return size.height > 0 && size.width > 0 && size.height <= sample.height && size.width <= sample.width;
}

/** The picture scaled by a random factor and cut (or padded) to the input size; done by resizing only the part that stays. */
function randomScaleCrop(sample: Sample, range: { minScale: number; maxScale: number }, random: Random, input: Size): Sample {
  const scale = range.minScale + (range.maxScale - range.minScale) * random.uniform();
  const size = { height: Math.max(1, Math.round(input.height / scale)), width: Math.max(1, Math.round(input.width / scale)) };
  return resize(crop(sample, boxAtRandom(size, sample, random)), input);
}

/** Where a box of this size may stand; one larger than the picture may stand anywhere around it. */
function boxAtRandom(size: Size, sample: Size, random: Random): Box {
  const place = (room: number): number => Math.min(0, room) + random.integer(Math.abs(room) + 1);
  return { ...size, top: place(sample.height - size.height), left: place(sample.width - size.width) };
}
