// MNIST, Fashion-MNIST and their kin in idx files: a header (0, 0, type 8, rank, big-endian sizes), then
// bytes. Labels are held in memory, pictures are read from their place; a gzipped file is unzipped once, to a
// temporary one. Grey pictures are given as RGB, which the networks take.
import { join } from 'node:path';
import type { DatasetSplits, Sample, SampleSource } from '@shared/dataset/dataset';
import { UserError } from '@shared/user-error';
import { type Statistics, readPart, sampleSource, sizeOf } from './sources';
import { type TemporaryFile, unzipped } from './temporary-file';

/** Samples from which mean and deviation are measured, and how many of them are held at a time. */
const MEASURED = 5000;
const MEASURED_AT_ONCE = 250;

/** A file of bytes with a shape. */
interface IdxFile {
  /** The file as it was found, for messages. */
  readonly name: string;
  /** Where its bytes are read. */
  readonly path: string;
  readonly shape: readonly number[];
  /** Where the values begin. */
  readonly start: number;
  readonly temporary: TemporaryFile | null;
}

interface Split {
  readonly images: IdxFile;
  readonly labels: Uint8Array;
  readonly labelsName: string;
}

/** Path of an idx file, gzipped or not, its name as published or with the dot that some unpackers put in; null if there is none. */
async function idxPath(folder: string, name: string): Promise<string | null> {
  for (const spelled of [name, name.replace('-idx', '.idx')])
    for (const candidate of [join(folder, spelled), join(folder, `${spelled}.gz`)])
      if ((await sizeOf(candidate)) !== null) return candidate;
  return null;
}

/** Where idx files lie: in the folder itself, or where torchvision puts them in it. */
const IDX_FOLDERS = ['', 'raw', 'MNIST/raw', 'FashionMNIST/raw'] as const;

/** The folder in `path` that holds the training pictures of an MNIST-like set; null if there is none. */
export async function idxFolder(path: string): Promise<string | null> {
  for (const name of IDX_FOLDERS) if (await idxPath(join(path, name), 'train-images-idx3-ubyte')) return join(path, name);
  return null;
}

/** Opens the four files of an MNIST-like set. Rejects with UserError naming the file that is missing or wrong. */
export async function openIdx(path: string): Promise<DatasetSplits> {
  const folder = (await idxFolder(path)) ?? path;
  const opened: IdxFile[] = [];
  const close = async (): Promise<void> => void (await Promise.all(opened.map(({ temporary }) => temporary?.remove())));
  try {
    const train = await openSplit(folder, 'train', opened);
    const test = await openSplit(folder, 't10k', opened);
    const most = train.labels.reduce((highest, label) => Math.max(highest, label), 0);
    const classes = Array.from({ length: most + 1 }, (_, i) => String(i));
    const statistics = await measure(train.images);
    return { train: idxSource(train, 'train', classes, statistics), validation: idxSource(test, 'test', classes, statistics), close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Adds what it opens to `opened`. */
async function openSplit(folder: string, prefix: string, opened: IdxFile[]): Promise<Split> {
  const open = async (name: string, rank: number): Promise<IdxFile> => {
    const file = await openFile(folder, `${prefix}-${name}`, rank);
    opened.push(file);
    return file;
  };
  const images = await open('images-idx3-ubyte', 3);
  const labels = await open('labels-idx1-ubyte', 1);
  if (images.shape[0] !== labels.shape[0])
    throw new UserError(`${labels.name}: has ${labels.shape[0]} labels for the ${images.shape[0]} pictures of ${images.name}`);
  return { images, labels: await readPart(labels.path, labels.start, labels.shape[0]), labelsName: labels.name };
}

async function openFile(folder: string, fileName: string, rank: number): Promise<IdxFile> {
  const name = await idxPath(folder, fileName);
  if (name === null) throw new UserError(`${join(folder, fileName)}: is missing (with or without .gz)`);
  const temporary = name.endsWith('.gz') ? await unzipped(name) : null;
  const path = temporary?.path ?? name;
  try {
    return { name, path, temporary, start: headerLength(rank), shape: await shapeIn(path, name, rank) };
  } catch (error) {
    await temporary?.remove();
    throw error;
  }
}

/** Bytes before the values. */
function headerLength(rank: number): number {
  return 4 + 4 * rank;
}

/** The shape a file's header tells. Rejects with UserError where there is no such header, or not as many bytes as it says. */
async function shapeIn(path: string, name: string, rank: number): Promise<number[]> {
  const start = headerLength(rank);
  const size = (await sizeOf(path)) ?? 0;
  const header = size < start ? null : await readPart(path, 0, start);
  const view = header && new DataView(header.buffer);
  if (view?.getUint32(0) !== 0x0800 + rank)
    throw new UserError(`${name}: is not an idx file of bytes with ${rank} dimension${rank === 1 ? '' : 's'}`);
  const shape = Array.from({ length: rank }, (_, i) => view.getUint32(4 + 4 * i));
  const expected = start + shape.reduce((product, side) => product * side, 1);
  if (size !== expected)
    throw new UserError(`${name}: has ${size} bytes, its header (${shape.join(' x ')}) needs ${expected}: fetch it again`);
  return shape;
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
