// CIFAR-10 and CIFAR-100, python version: pickled dicts with `data` (N, 3072) uint8 and `labels` or
// `fine_labels`. The pickles are read as plain data; nothing in them is run. A file is loaded whole when
// it is first needed.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { unpickle } from '@shared/checkpoint/pickle/unpickler';
import { PickleDict, PickleList, PickleObject, PickleTuple, type PickleValue } from '@shared/checkpoint/pickle/values';
import type { DatasetSplits, SampleSource } from '@shared/dataset/dataset';
import { UserError } from '@shared/user-error';
import { type CifarVariant, aboutCifar, cifarSample } from './cifar';
import { sampleSource, unreadable } from './sources';

const RECORD = 3072;

/** A loaded batch file. */
interface Batch {
  readonly path: string;
  /** (count, 3, 32, 32). */
  readonly data: Uint8Array;
  readonly labels: readonly number[];
}

/** Opens the python version. Rejects with UserError naming the file that is missing, damaged, or no such pickle. */
export async function openCifarPython(folder: string, variant: CifarVariant): Promise<DatasetSplits> {
  const ofTen = variant.classes === 10;
  const meta = await readDict(join(folder, ofTen ? 'batches.meta' : 'meta'));
  const classes = textsOf(meta, ofTen ? 'label_names' : 'fine_label_names', variant);
  const names = variant.train.map((name) => name.replace('.bin', ''));
  const train = await Promise.all(names.map((name) => readBatch(join(folder, name), ofTen ? 'labels' : 'fine_labels')));
  const test = await readBatch(join(folder, variant.test.replace('.bin', '')), ofTen ? 'labels' : 'fine_labels');
  return { train: batchSource('train', train, variant, classes), validation: batchSource('test', [test], variant, classes) };
}

function batchSource(split: string, batches: readonly Batch[], variant: CifarVariant, classes: readonly string[]): SampleSource {
  const count = batches.reduce((sum, { labels }) => sum + labels.length, 0);
  return sampleSource(aboutCifar(split, count, variant, classes), (index) => {
    let at = index;
    let batch = 0;
    while (at >= batches[batch].labels.length) at -= batches[batch++].labels.length;
    const { data, labels, path } = batches[batch];
    const planar = data.subarray(at * RECORD, (at + 1) * RECORD);
    return Promise.resolve(cifarSample(planar, labels[at], variant, `${path}: record ${at}`));
  });
}

interface NamedDict {
  readonly path: string;
  readonly entries: ReadonlyMap<string, PickleValue>;
}

async function readDict(path: string): Promise<NamedDict> {
  const bytes = await readFile(path).catch((error: unknown) => unreadable(path, error));
  const { value } = unpickling(path, bytes);
  if (!(value instanceof PickleDict)) throw new UserError(`${path}: expected a pickled dict`);
  return { path, entries: new Map([...value.entries].map(([key, entry]) => [asText(key), entry])) };
}

function unpickling(path: string, bytes: Uint8Array): { value: PickleValue } {
  try {
    return unpickle(bytes, { persistent: () => null });
  } catch (error) {
    throw new UserError(
      `${path}: is not a readable CIFAR pickle (${error instanceof Error ? error.message || error.name : String(error)})`,
    );
  }
}

async function readBatch(path: string, labelsName: string): Promise<Batch> {
  const dict = await readDict(path);
  const labels = listOf(dict, labelsName).map(Number);
  const data = bytesOf(dict.entries.get('data'));
  if (data?.length !== labels.length * RECORD)
    throw new UserError(`${path}: expected ${labels.length} x ${RECORD} bytes of data for its labels, found ${data?.length ?? 'none'}`);
  return { path, data, labels };
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

/** Content of a numpy array of bytes: the state of a reconstructed ndarray is (version, shape, dtype, fortran order, content). */
function bytesOf(value: PickleValue | undefined): Uint8Array | undefined {
  if (!(value instanceof PickleObject) || !(value.state instanceof PickleTuple)) return undefined;
  const [, , , fortranOrder, content] = value.state.items;
  if (fortranOrder === true) return undefined;
  if (typeof content === 'string') return Uint8Array.from(content, (character) => character.charCodeAt(0));
  return content instanceof Uint8Array ? content : undefined;
}
