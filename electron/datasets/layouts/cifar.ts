// CIFAR-10 and CIFAR-100, binary version: records of one (coarse and fine: two) label bytes and 3x32x32
// planar pixels. Records are read from the files as they are asked for.
import { join } from 'node:path';
import type { DatasetSplits, Sample, SampleSource } from '@shared/dataset/dataset';
import { UserError } from '@shared/base/user-error';
import { readText } from '../../files/regular-file';
import { type Statistics, readPart, sampleSource, sizeOf, unreadable } from '../sources';
import { ON_TEST_SET } from '../split-folders';

const SIDE = 32;
const PLANE = SIDE * SIDE;
const PIXELS = 3 * PLANE;
/** Superclasses of CIFAR-100, in the byte before the label. */
const COARSE_CLASSES = 20;

/** What tells the two sets apart. Statistics are those of the training images, widely published. */
export interface CifarVariant {
  readonly name: string;
  readonly classes: number;
  readonly labelBytes: number;
  readonly train: readonly string[];
  readonly test: string;
  readonly classNames: string;
  readonly statistics: Statistics;
}

export const CIFAR10: CifarVariant = {
  name: 'CIFAR-10',
  classes: 10,
  labelBytes: 1,
  train: [1, 2, 3, 4, 5].map((n) => `data_batch_${n}.bin`),
  test: 'test_batch.bin',
  classNames: 'batches.meta.txt',
  statistics: { mean: [0.4914, 0.4822, 0.4465], deviation: [0.247, 0.2435, 0.2616] },
};

export const CIFAR100: CifarVariant = {
  name: 'CIFAR-100',
  classes: 100,
  labelBytes: 2,
  train: ['train.bin'],
  test: 'test.bin',
  classNames: 'fine_label_names.txt',
  statistics: { mean: [0.5071, 0.4865, 0.4409], deviation: [0.2673, 0.2564, 0.2762] },
};

/** A file of records. */
interface RecordFile {
  readonly path: string;
  readonly count: number;
}

/** Opens the binary version. Rejects with UserError naming the file that is missing or has a wrong size. */
export async function openCifarBinary(folder: string, variant: CifarVariant): Promise<DatasetSplits> {
  const classes = await classNamesIn(join(folder, variant.classNames), variant.classes);
  const train = await Promise.all(variant.train.map((name) => recordFile(join(folder, name), variant)));
  const test = await recordFile(join(folder, variant.test), variant);
  return {
    train: recordSource('train', train, variant, classes),
    validation: recordSource('test', [test], variant, classes),
    remarks: [ON_TEST_SET],
  };
}

/** Class names, one a line; numbers where the file is missing. */
export async function classNamesIn(file: string, count: number): Promise<string[]> {
  const text = await readText(file).catch((error: unknown) => (error instanceof UserError ? unreadable(file, error) : null));
  if (text === null) return Array.from({ length: count }, (_, i) => String(i));
  const names = text.split(/\r?\n/).filter((line) => line.trim() !== '');
  if (names.length !== count) throw new UserError(`${file}: expected ${count} class names, one a line, found ${names.length}`);
  return names;
}

async function recordFile(path: string, { name, labelBytes }: CifarVariant): Promise<RecordFile> {
  const size = await sizeOf(path);
  const record = labelBytes + PIXELS;
  if (size === null) throw new UserError(`${path}: is missing; the binary version of ${name} has it`);
  if (size === 0 || size % record !== 0)
    throw new UserError(`${path}: has ${size} bytes, expected a multiple of ${record} (one ${name} record): fetch it again`);
  return { path, count: size / record };
}

function recordSource(split: string, files: readonly RecordFile[], variant: CifarVariant, classes: readonly string[]): SampleSource {
  const count = files.reduce((sum, file) => sum + file.count, 0);
  return sampleSource(aboutCifar(split, count, variant, classes), (index) => readRecord(files, index, variant));
}

/** Everything but the pixels of a CIFAR split. */
export function aboutCifar(split: string, count: number, variant: CifarVariant, classes: readonly string[]): Omit<SampleSource, 'read'> {
  const image = { channels: 3, height: SIDE, width: SIDE };
  return { name: `${variant.name} ${split}`, task: 'classification', count, classes, image, ...variant.statistics };
}

async function readRecord(files: readonly RecordFile[], index: number, variant: CifarVariant): Promise<Sample> {
  let at = index;
  let file = 0;
  while (at >= files[file].count) at -= files[file++].count;
  const length = variant.labelBytes + PIXELS;
  const bytes = await readPart(files[file].path, at * length, length);
  const where = `${files[file].path}: record ${at}`;
  if (variant.labelBytes === 2 && bytes[0] >= COARSE_CLASSES)
    throw new UserError(`${where} has coarse label ${bytes[0]}, expected 0 to ${COARSE_CLASSES - 1}: the file is damaged`);
  return cifarSample(bytes.subarray(variant.labelBytes), bytes[variant.labelBytes - 1], variant, where);
}

/** A sample of planar pixels (3, 32, 32). Throws UserError for a label beyond the classes. */
export function cifarSample(planar: Uint8Array, label: number, { classes }: CifarVariant, where: string): Sample {
  if (!(label < classes)) throw new UserError(`${where} has label ${label}, expected 0 to ${classes - 1}: the file is damaged`);
  const pixels = new Uint8Array(PIXELS);
  for (let c = 0; c < 3; c++) for (let i = 0; i < PLANE; i++) pixels[3 * i + c] = planar[c * PLANE + i];
  return { pixels, height: SIDE, width: SIDE, channels: 3, label };
}
