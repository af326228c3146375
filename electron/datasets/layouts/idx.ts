// MNIST, Fashion-MNIST and their kin in idx files. Labels are held in memory, pictures are read from their place.
// Grey pictures are given as RGB, which the networks take.
import type { DatasetSplits, Sample, SampleSource } from '@shared/dataset/dataset';
import { UserError } from '@shared/base/user-error';
import { type IdxFile, openIdxFile } from '../idx-file';
import { type IdxNames, type IdxSet, onlyIdxSet } from '../idx-sets';
import { type Statistics, readPart, sampleSource } from '../sources';
import { ON_TEST_SET } from '../split-folders';

/** Samples from which mean and deviation are measured, and how many of them are held at a time. */
const MEASURED = 5000;
const MEASURED_AT_ONCE = 250;

interface Split {
  readonly images: IdxFile;
  /** Class of each picture. */
  readonly labels: Uint8Array;
  readonly labelsName: string;
}

/** Opens the four files of the one set that `layout` means. Rejects with UserError naming the file that is missing or wrong. */
export async function openIdx(path: string, layout: IdxNames['layout']): Promise<DatasetSplits> {
  const set = await onlyIdxSet(path, layout);
  const opened: IdxFile[] = [];
  const close = async (): Promise<void> => void (await Promise.all(opened.map(({ temporary }) => temporary?.remove())));
  try {
    const train = await openSplit(set, set.train, opened);
    const test = await openSplit(set, set.test, opened);
    const classes = set.classes ?? numbered(train.labels);
    const statistics = await measure(train.images);
    return {
      train: idxSource(train, 'train', classes, statistics),
      validation: idxSource(test, 'test', classes, statistics),
      remarks: [ON_TEST_SET, ...set.remarks],
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

function numbered(labels: Uint8Array): string[] {
  const most = labels.reduce((highest, label) => Math.max(highest, label), 0);
  return Array.from({ length: most + 1 }, (_, i) => String(i));
}

/** Adds what it opens to `opened`. */
async function openSplit({ folder, labels: labelsEnd }: IdxSet, prefix: string, opened: IdxFile[]): Promise<Split> {
  const isRows = labelsEnd === 'labels-idx2-int';
  const images = await openIdxFile(folder, `${prefix}images-idx3-ubyte`, { rank: 3, values: 'bytes' });
  opened.push(images);
  const file = await openIdxFile(folder, `${prefix}${labelsEnd}`, isRows ? { rank: 2, values: 'int32' } : { rank: 1, values: 'bytes' });
  opened.push(file);
  if (images.shape[0] !== file.shape[0])
    throw new UserError(`${file.name}: has ${file.shape[0]} labels for the ${images.shape[0]} pictures of ${images.name}`);
  const labels = isRows ? await firstColumn(file) : await readPart(file.path, file.start, file.shape[0]);
  return { images, labels, labelsName: file.name };
}

/** The first number of every row of a file of 32-bit numbers. Rejects with UserError where one is no class. */
async function firstColumn({ path, name, start, shape: [rows, columns] }: IdxFile): Promise<Uint8Array> {
  const bytes = await readPart(path, start, 4 * rows * columns);
  const view = new DataView(bytes.buffer);
  return Uint8Array.from({ length: rows }, (_, row) => {
    const label = view.getInt32(4 * row * columns);
    if (label < 0 || label > 255) throw new UserError(`${name}: label ${row} is ${label}, which is no class`);
    return label;
  });
}

function idxSource({ images, labels, labelsName }: Split, split: string, classes: readonly string[], statistics: Statistics): SampleSource {
  const [count, height, width] = images.shape;
  const about = {
    name: `idx ${split}`,
    task: 'classification',
    count,
    classes,
    image: { channels: 3, height, width },
    ...statistics,
  } as const;
  return sampleSource(about, async (index) => {
    const label = labels[index];
    if (label >= classes.length)
      throw new UserError(`${labelsName}: label ${index} is ${label}, the training set has classes 0 to ${classes.length - 1}`);
    return asRgb(await readPictures(images, index, 1), images, label);
  });
}

/** `count` pictures from number `first` on (count, height, width). */
function readPictures({ path, start, shape: [, height, width] }: IdxFile, first: number, count: number): Promise<Uint8Array> {
  return readPart(path, start + first * height * width, count * height * width);
}

function asRgb(plane: Uint8Array, { shape: [, height, width] }: IdxFile, label: number): Sample {
  const pixels = new Uint8Array(3 * plane.length);
  plane.forEach((value, i) => pixels.fill(value, 3 * i, 3 * i + 3));
  return { pixels, height, width, channels: 3, label };
}

/** Mean and deviation of the first pictures. */
async function measure(images: IdxFile): Promise<Statistics> {
  const count = Math.min(MEASURED, images.shape[0]);
  let [sum, squares, values] = [0, 0, 0];
  for (let first = 0; first < count; first += MEASURED_AT_ONCE) {
    const pixels = await readPictures(images, first, Math.min(MEASURED_AT_ONCE, count - first));
    // Whole numbers below 2^53: exact.
    for (const pixel of pixels) [sum, squares] = [sum + pixel, squares + pixel * pixel];
    values += pixels.length;
  }
  const mean = sum / values / 255;
  const deviation = Math.max(Math.sqrt(Math.max(0, squares / values / 255 ** 2 - mean ** 2)), 1e-3);
  return { mean: [mean, mean, mean], deviation: [deviation, deviation, deviation] };
}
