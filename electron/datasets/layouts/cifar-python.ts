// CIFAR-10 and CIFAR-100, python version: pickled dicts with `data` (N, 3072) uint8 and `labels` or
// `fine_labels`. The pickles are read as plain data; nothing in them is run. Labels are held in memory, pictures
// are read from their place in the file as they are asked for.
import { join } from 'node:path';
import { PickleDict, PickleList, PickleObject, PickleTuple, type PickleValue } from '@shared/checkpoint/pickle/values';
import type { DatasetSplits, SampleSource } from '@shared/dataset/dataset';
import { UserError } from '@shared/base/user-error';
import { type CifarVariant, aboutCifar, cifarSample } from './cifar';
import { type SkippedBytes, readPickle } from './pickle-file';
import { readPart, sampleSource } from '../sources';
import { ON_TEST_SET } from '../split-folders';

const RECORD = 3072;

/** A batch file: its labels, and how one of its pictures (3, 32, 32) is read. */
interface Batch {
  readonly path: string;
  readonly labels: readonly number[];
  readonly picture: (at: number) => Promise<Uint8Array>;
}

/** Opens the python version. Rejects with UserError naming the file that is missing, damaged, or no such pickle. */
export async function openCifarPython(folder: string, variant: CifarVariant): Promise<DatasetSplits> {
  const ofTen = variant.classes === 10;
  const meta = await readDict(join(folder, ofTen ? 'batches.meta' : 'meta'));
  const classes = textsOf(meta, ofTen ? 'label_names' : 'fine_label_names', variant);
  const names = variant.train.map((name) => name.replace('.bin', ''));
  const train = await Promise.all(names.map((name) => readBatch(join(folder, name), variant)));
  const test = await readBatch(join(folder, variant.test.replace('.bin', '')), variant);
  return {
    train: batchSource('train', train, variant, classes),
    validation: batchSource('test', [test], variant, classes),
    remarks: [ON_TEST_SET],
  };
}

function batchSource(split: string, batches: readonly Batch[], variant: CifarVariant, classes: readonly string[]): SampleSource {
  const count = batches.reduce((sum, { labels }) => sum + labels.length, 0);
  return sampleSource(aboutCifar(split, count, variant, classes), async (index) => {
    let at = index;
    let batch = 0;
    while (at >= batches[batch].labels.length) at -= batches[batch++].labels.length;
    const { picture, labels, path } = batches[batch];
    return cifarSample(await picture(at), labels[at], variant, `${path}: record ${at}`);
  });
}

interface NamedDict {
  readonly path: string;
  readonly entries: ReadonlyMap<string, PickleValue>;
  readonly skipped: readonly SkippedBytes[];
}

async function readDict(path: string): Promise<NamedDict> {
  const { value, skipped } = await readPickle(path, 'CIFAR pickle');
  if (!(value instanceof PickleDict)) throw new UserError(`${path}: expected a pickled dict`);
  return { path, skipped, entries: new Map([...value.entries].map(([key, entry]) => [asText(key), entry])) };
}

async function readBatch(path: string, { classes }: CifarVariant): Promise<Batch> {
  const dict = await readDict(path);
  const labels = listOf(dict, classes === 10 ? 'labels' : 'fine_labels').map(Number);
  const wrong = labels.findIndex((label) => !(Number.isInteger(label) && label >= 0 && label < classes));
  if (wrong >= 0)
    throw new UserError(`${path}: record ${wrong} has label ${labels[wrong]}, expected 0 to ${classes - 1}: the file is damaged`);
  return { path, labels, picture: picturesOf(dict, labels.length) };
}

/** How a picture of the batch's array is read. Throws UserError if there is no array of `count` pictures. */
function picturesOf({ path, entries, skipped }: NamedDict, count: number): Batch['picture'] {
  const content = contentOf(entries.get('data'));
  const [array, more] = skipped;
  const length = content === undefined ? undefined : array === undefined ? content.length : array.length;
  if (length === undefined || more !== undefined || length !== count * RECORD)
    throw new UserError(
      `${path}: expected ${count} x ${RECORD} bytes of data for its labels, found ${length ?? 'none'}: fetch it again, or save it with a pickle protocol of 3 or later`,
    );
  if (array !== undefined) return (at) => readPart(path, array.offset + at * RECORD, RECORD);
  return (at) => Promise.resolve((content as Uint8Array).subarray(at * RECORD, (at + 1) * RECORD));
}

function textsOf(dict: NamedDict, name: string, { classes }: CifarVariant): string[] {
  const texts = listOf(dict, name).map(asText);
  if (texts.length !== classes) throw new UserError(`${dict.path}: expected ${classes} names in '${name}', found ${texts.length}`);
  return texts;
}

function listOf({ path, entries }: NamedDict, name: string): readonly PickleValue[] {
  const value = entries.get(name);
  if (!(value instanceof PickleList)) throw new UserError(`${path}: expected a list '${name}'; it has ${[...entries.keys()].join(', ')}`);
  return value.items;
}

function asText(value: PickleValue): string {
  return value instanceof Uint8Array ? new TextDecoder('latin1').decode(value) : String(value);
}

/**
 * Content of a numpy array of bytes in row order, empty where it was stepped over. The state of a reconstructed ndarray is
 * (version, shape, dtype, fortran order, content); protocol 5 calls _frombuffer(content, dtype, shape, order).
 */
function contentOf(value: PickleValue | undefined): Uint8Array | undefined {
  if (!(value instanceof PickleObject)) return undefined;
  const [items, order] = value.className.endsWith('._frombuffer') ? [itemsOf(value.args), 3] : [[...itemsOf(value.state)].reverse(), 1];
  if (items[order] === true || items[order] === 'F') return undefined;
  const [content] = items;
  if (typeof content === 'string') return Uint8Array.from(content, (character) => character.charCodeAt(0));
  return content instanceof Uint8Array ? content : undefined;
}

function itemsOf(value: PickleValue): readonly PickleValue[] {
  return value instanceof PickleTuple ? value.items : [];
}
