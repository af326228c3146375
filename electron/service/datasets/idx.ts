// MNIST, Fashion-MNIST and their kin in idx files: a header (0, 0, type 8, rank, big-endian sizes), then
// bytes. Files may be gzipped. Grey pictures are given as RGB, which the networks take.
import { readFile } from 'node:fs/promises';
import { gunzipSync } from 'node:zlib';
import { join } from 'node:path';
import type { DatasetSplits, Sample, SampleSource } from '@shared/dataset/dataset';
import { UserError } from '@shared/user-error';
import { type Statistics, sampleSource, sizeOf, unreadable } from './sources';

/** Samples from which mean and deviation are measured. */
const MEASURED = 5000;

interface IdxArray {
  readonly path: string;
  readonly shape: readonly number[];
  readonly data: Uint8Array;
}

/** Path of an idx file, gzipped or not; null if there is neither. */
export async function idxPath(folder: string, name: string): Promise<string | null> {
  for (const candidate of [join(folder, name), join(folder, `${name}.gz`)]) if ((await sizeOf(candidate)) !== null) return candidate;
  return null;
}

/** Opens the four files of an MNIST-like set. Rejects with UserError naming the file that is missing or wrong. */
export async function openIdx(folder: string): Promise<DatasetSplits> {
  const train = await readSplit(folder, 'train');
  const test = await readSplit(folder, 't10k');
  const classes = Array.from({ length: train.labels.data.reduce((most, label) => Math.max(most, label), 0) + 1 }, (_, i) => String(i));
  const statistics = measure(train.images);
  return { train: idxSource(train, 'train', classes, statistics), validation: idxSource(test, 'test', classes, statistics) };
}

interface Split {
  readonly images: IdxArray;
  readonly labels: IdxArray;
}

async function readSplit(folder: string, prefix: string): Promise<Split> {
  const images = await readIdx(folder, `${prefix}-images-idx3-ubyte`, 3);
  const labels = await readIdx(folder, `${prefix}-labels-idx1-ubyte`, 1);
  if (images.shape[0] !== labels.shape[0])
    throw new UserError(`${labels.path}: has ${labels.shape[0]} labels for the ${images.shape[0]} pictures of ${images.path}`);
  return { images, labels };
}

async function readIdx(folder: string, name: string, rank: number): Promise<IdxArray> {
  const path = await idxPath(folder, name);
  if (path === null) throw new UserError(`${join(folder, name)}: is missing (with or without .gz)`);
  const stored = await readFile(path).catch((error: unknown) => unreadable(path, error));
  return parseIdx(path, path.endsWith('.gz') ? unzip(path, stored) : stored, rank);
}

function unzip(path: string, bytes: Uint8Array): Uint8Array {
  try {
    return gunzipSync(bytes);
  } catch (error) {
    throw new UserError(`${path}: is a damaged gzip file (${error instanceof Error ? error.message : String(error)}): fetch it again`);
  }
}

function parseIdx(path: string, bytes: Uint8Array, rank: number): IdxArray {
  const start = 4 + 4 * rank;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < start || view.getUint32(0) !== 0x0800 + rank)
    throw new UserError(`${path}: is not an idx file of bytes with ${rank} dimension${rank === 1 ? '' : 's'}`);
  const shape = Array.from({ length: rank }, (_, i) => view.getUint32(4 + 4 * i));
  const expected = start + shape.reduce((product, size) => product * size, 1);
  if (bytes.length !== expected)
    throw new UserError(`${path}: has ${bytes.length} bytes, its header (${shape.join(' x ')}) needs ${expected}: fetch it again`);
  return { path, shape, data: bytes.subarray(start) };
}

function idxSource({ images, labels }: Split, split: string, classes: readonly string[], statistics: Statistics): SampleSource {
  const [count, height, width] = images.shape;
  const about = {
    name: `idx ${split}`,
    task: 'classification',
    count,
    classes,
    image: { channels: 3, height, width },
    ...statistics,
  } as const;
  return sampleSource(about, (index) => {
    const label = labels.data[index];
    if (label >= classes.length)
      return Promise.reject(
        new UserError(`${labels.path}: label ${index} is ${label}, the training set has classes 0 to ${classes.length - 1}`),
      );
    return Promise.resolve(asRgb(images, index, label));
  });
}

function asRgb({ data, shape: [, height, width] }: IdxArray, index: number, label: number): Sample {
  const plane = height * width;
  const pixels = new Uint8Array(3 * plane);
  for (let i = 0; i < plane; i++) pixels.fill(data[index * plane + i], 3 * i, 3 * i + 3);
  return { pixels, height, width, channels: 3, label };
}

function measure({ data, shape: [, height, width] }: IdxArray): Statistics {
  const values = data.subarray(0, MEASURED * height * width);
  const mean = values.reduce((sum, v) => sum + v, 0) / values.length / 255;
  const variance = values.reduce((sum, v) => sum + (v / 255 - mean) ** 2, 0) / values.length;
  const deviation = Math.max(Math.sqrt(variance), 1e-3);
  return { mean: [mean, mean, mean], deviation: [deviation, deviation, deviation] };
}
