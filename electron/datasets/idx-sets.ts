// Which sets of idx files a folder holds: MNIST, Fashion-MNIST and KMNIST under MNIST's names, QMNIST, and the six sets of
// EMNIST, in the folder itself or where torchvision keeps them (NAME/raw). Invariant: where a folder holds several, one is
// named by the user.
import { dirname, join } from 'node:path';
import type { EmnistLayout, Layout } from '@shared/dataset/reference';
import { EMNIST_LAYOUTS } from '@shared/dataset/reference';
import { UserError } from '@shared/base/user-error';
import { idxPath } from './idx-file';
import { packedSentence } from './packed';
import { isFolder, subfolders } from './sources';

/** Names and labels of one set. */
export interface IdxNames {
  readonly layout: 'idx' | EmnistLayout;
  readonly title: string;
  /** Beginnings of the file names of a split. */
  readonly train: string;
  readonly test: string;
  /** QMNIST's labels are rows of eight numbers, the class first. */
  readonly labels: 'labels-idx1-ubyte' | 'labels-idx2-int';
  /** Classes by label; null where they are numbered. */
  readonly classes: readonly string[] | null;
  readonly remarks: readonly string[];
}

export interface IdxSet extends IdxNames {
  readonly folder: string;
}

const MNIST: IdxNames = {
  ...{ layout: 'idx', title: 'MNIST and its kin', train: 'train-', test: 't10k-' },
  ...{ labels: 'labels-idx1-ubyte', classes: null, remarks: [] },
};
const QMNIST: IdxNames = { ...MNIST, title: 'QMNIST', train: 'qmnist-train-', test: 'qmnist-test-', labels: 'labels-idx2-int' };

const DIGITS = [...'0123456789'];
const CAPITALS = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ'];
const SMALL = CAPITALS.map((letter) => letter.toLowerCase());
/** Small letters that look like their capitals: one class with them in the merged sets. */
const MERGED = new Set('cijklmopsuvwxyz');
const MERGED_CLASSES = [...DIGITS, ...CAPITALS, ...SMALL.filter((letter) => !MERGED.has(letter))];

/** Classes as torchvision names them. */
const EMNIST_CLASSES: Readonly<Record<EmnistLayout, readonly string[]>> = {
  'emnist-byclass': [...DIGITS, ...CAPITALS, ...SMALL],
  'emnist-bymerge': MERGED_CLASSES,
  'emnist-balanced': MERGED_CLASSES,
  'emnist-letters': ['N/A', ...SMALL],
  'emnist-digits': DIGITS,
  'emnist-mnist': DIGITS,
};
const LYING = "EMNIST's files hold the pictures with rows and columns exchanged; they are given so, as torchvision gives them";
const FROM_ONE = "The labels of EMNIST's letters begin at 1; as in torchvision there are 27 classes, and the first (N/A) has no picture";

function emnist(layout: EmnistLayout): IdxNames {
  const remarks = layout === 'emnist-letters' ? [LYING, FROM_ONE] : [LYING];
  const names = { train: `${layout}-train-`, test: `${layout}-test-` };
  return { ...MNIST, ...names, layout, title: layout, classes: EMNIST_CLASSES[layout], remarks };
}

const KNOWN: readonly IdxNames[] = [MNIST, QMNIST, ...EMNIST_LAYOUTS.map(emnist)];

/** Folders within a root, and within the folder of a set, that hold the files. */
const PLACES = ['', 'raw', 'gzip', join('raw', 'gzip')];

/** The sets a folder holds; of those under one name the first place that has it. */
export async function idxSetsIn(path: string): Promise<IdxSet[]> {
  const own = await setsAt(path);
  if (own.length > 0) return own;
  const folders = await subfolders(path);
  const keepers = [];
  for (const name of folders) if (await isFolder(join(path, name, 'raw'))) keepers.push(name);
  return (await Promise.all(keepers.map((name) => setsAt(join(path, name))))).flat();
}

async function setsAt(path: string): Promise<IdxSet[]> {
  const sets: IdxSet[] = [];
  for (const names of KNOWN)
    for (const place of PLACES) {
      if ((await idxPath(join(path, place), `${names.train}images-idx3-ubyte`)) === null) continue;
      sets.push({ ...names, folder: join(path, place) });
      break;
    }
  return sets;
}

/** The one set of a folder that `layout` means. Rejects with UserError where there is none, or more than one. */
export async function onlyIdxSet(path: string, layout: IdxNames['layout']): Promise<IdxSet> {
  const all = await idxSetsIn(path);
  const sets = layout === 'idx' ? all : all.filter((set) => set.layout === layout);
  if (sets.length === 1) return sets[0];
  if (sets.length > 1) throw new UserError(severalSets(path, sets));
  const [{ train }] = KNOWN.filter((names) => names.layout === layout);
  const packed =
    (await packedSentence(path)) ?? (await packedSentence(join(path, 'EMNIST', 'raw'))) ?? (await packedSentence(join(path, 'raw')));
  throw new UserError(packed ?? `${join(path, `${train}images-idx3-ubyte`)}: is missing (with or without .gz, here or in raw)`);
}

/** The layout of a folder with idx files; null where it holds none. Rejects with UserError where it holds several sets. */
export async function idxLayout(path: string): Promise<Layout | null> {
  const sets = await idxSetsIn(path);
  if (sets.length > 1) throw new UserError(severalSets(path, sets));
  return sets[0]?.layout ?? null;
}

function severalSets(path: string, sets: readonly IdxSet[]): string {
  const roots = [...new Set(sets.map(({ folder }) => folder))];
  if (roots.length > 1)
    return `${path}: holds ${roots.length} data sets, and which is meant is not known; choose one of ${roots.map(withoutRaw).join(', ')}`;
  const names = sets.map(({ layout }) => layout);
  return `${path}: holds ${sets.length} sets (${names.join(', ')}), and which is meant is not known; name one before the folder, for example ${names[0]}:${path}, or under "Read as"`;
}

function withoutRaw(folder: string): string {
  return folder.replace(/([\\/](raw|gzip))+$/, '') || dirname(folder);
}
