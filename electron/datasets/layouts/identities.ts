// Faces: one folder per person. `train/` holds the people to train on (without it, the people that no test
// names), `val/` beside it other pictures of them; `pairs.txt` with its pictures is the LFW test; `probes/` and
// `distractors/` the MegaFace one.
import { basename, join, relative, sep } from 'node:path';
import type { DatasetSplits, Identification, SampleSource, VerificationPairs } from '@shared/dataset/dataset';
import { UserError } from '@shared/base/user-error';
import { type ClassFolders, type LabelledFile, classFolders, pictureSource, remarksOn, splitByTenths } from './folders';
import { LFW_FOLDERS, lfwHome, pairPicture, picturesRoot } from '../lfw';
import { type NamedPicture, readPairs } from './pairs';
import { FACE_STATISTICS, isFolder, picturesBelow, sizeOf, subfolders } from '../sources';
import { SPLIT_NAMES, splitFolders, type SplitFolders } from '../split-folders';

const RESERVED: ReadonlySet<string> = new Set(['probes', 'distractors', 'verification', 'images', ...LFW_FOLDERS]);

type Split = Pick<DatasetSplits, 'train' | 'validation' | 'remarks'>;

/** Opens identity folders; a folder that holds tests alone has nobody to train on. Rejects with UserError naming what is missing. */
export async function openIdentities(path: string): Promise<DatasetSplits> {
  const folder = await lfwHome(path);
  const named = await splitFolders(folder);
  const pairs = await verificationIn(folder);
  const identification = await identificationIn(folder);
  const { people, kept } = await trainingPeople(folder, named, pairs);
  const tested = pairs?.images ?? identification?.images;
  if (people === null && tested === undefined) throw new UserError(await nobodyAndNoTest(folder));
  const splits = people === null ? nobody(folder, tested as SampleSource) : await peopleSplits(folder, named, people);
  return {
    ...splits,
    remarks: [...kept, ...(splits.remarks ?? [])],
    ...(pairs && { verification: pairs }),
    ...(identification && { identification }),
  };
}

async function nobodyAndNoTest(folder: string): Promise<string> {
  const lfw = (await subfolders(folder)).find((name) => LFW_FOLDERS.includes(name));
  if (lfw !== undefined)
    return `${join(folder, 'pairs.txt')}: is missing; with it the pictures of ${lfw} are the LFW test. It is on LFW's page, apart from the pictures. To train on these people, choose ${join(folder, lfw)}`;
  return `${folder}: has nobody to train on and no test; put people's folders into ${join(folder, 'train')}`;
}

interface TrainingPeople {
  /** Null where there are none. */
  readonly people: ClassFolders | null;
  /** A sentence on those who are kept for the pairs. */
  readonly kept: readonly string[];
}

/** The people of `train/`, or of the folder itself less those in the pairs. */
async function trainingPeople(folder: string, named: SplitFolders | null, pairs: VerificationPairs | null): Promise<TrainingPeople> {
  if (named !== null) return { people: await classFolders(named.train), kept: [] };
  const tested = new Set(pairs?.images.classes ?? []);
  const root = pairs === null ? '' : relative(folder, await picturesRoot(folder, pairs.images.classes[0])).split(sep)[0];
  const there = (await subfolders(folder)).filter((name) => !RESERVED.has(name) && !SPLIT_NAMES.has(name.toLowerCase()) && name !== root);
  const names = there.filter((name) => !tested.has(name));
  if (names.length === 0) return { people: null, kept: [] };
  const count = there.length - names.length;
  const kept = count === 0 ? [] : [`${count} of ${there.length} people are in pairs.txt: they are kept for the test, not trained on`];
  return { people: await classFolders(folder, names, names), kept };
}

/** Other pictures of the same people from a validation folder beside `train`, else every tenth of each person. */
async function peopleSplits(folder: string, named: SplitFolders | null, people: ClassFolders): Promise<Split> {
  if (named === null || named.validation === null) return splitByTenths(people, folder, 'face', FACE_STATISTICS);
  const others = await classFolders(named.validation, people.classes);
  return {
    train: await faceSource(`${basename(folder)} train`, people),
    validation: await faceSource(`${basename(folder)} ${basename(named.validation)}`, others),
    remarks: [...named.remarks, ...(await remarksOn(people, others))],
  };
}

/** Splits without samples, of the tests' picture size. */
function nobody(folder: string, { image, task, mean, deviation }: SampleSource): Split {
  const empty = (split: string): SampleSource => ({
    ...{ name: `${basename(folder)} ${split} (nobody to train on)`, count: 0, classes: [], image, task, mean, deviation },
    read: () => Promise.resolve([]),
  });
  return { train: empty('train'), validation: empty('validation') };
}

function labelled(files: readonly string[], label: number): LabelledFile[] {
  return files.map((file) => ({ file, label }));
}

/** The LFW test, if there is a pairs.txt. */
async function verificationIn(folder: string): Promise<VerificationPairs | null> {
  const list = join(folder, 'pairs.txt');
  if ((await sizeOf(list)) === null) return null;
  const pairs = await readPairs(list);
  const named = new PictureIndex();
  const indexed = pairs.map(({ first, second, same, fold }) => ({ first: named.place(first), second: named.place(second), same, fold }));
  const root = await picturesRoot(folder, pairs[0].first.person);
  const files = await Promise.all(named.pictures.map(({ person, number }) => pairPicture(root, person, number, list)));
  const people = [...new Set(named.pictures.map(({ person }) => person))];
  const labels = new Map(people.map((person, label) => [person, label]));
  const labelledFiles = files.map((file, i) => ({ file, label: labels.get(named.pictures[i].person) ?? 0 }));
  return { images: await faceSource('verification', { classes: people, files: labelledFiles }), pairs: indexed };
}

/** The different pictures of a list of pairs, each once, in order of appearance. */
class PictureIndex {
  readonly pictures: NamedPicture[] = [];
  readonly #places = new Map<string, number>();

  /** Index of a picture in `pictures`, where it is added if it is new. */
  place(picture: NamedPicture): number {
    const key = `${picture.person}/${picture.number}`;
    const known = this.#places.get(key);
    if (known !== undefined) return known;
    this.#places.set(key, this.pictures.length);
    return this.pictures.push(picture) - 1;
  }
}

/** The MegaFace test, if there are probes and distractors. */
async function identificationIn(folder: string): Promise<Identification | null> {
  const [probing, distracting] = await Promise.all(['probes', 'distractors'].map((name) => isFolder(join(folder, name))));
  if (!probing && !distracting) return null;
  const missing = join(folder, probing ? 'distractors' : 'probes');
  if (!probing || !distracting)
    throw new UserError(`${missing}: is missing; identification needs probes (a folder for each person) and distractors`);
  const probes = await classFolders(join(folder, 'probes'));
  const gallery = await picturesBelow(join(folder, 'distractors'));
  if (gallery.length === 0) throw new UserError(`${join(folder, 'distractors')}: holds no JPEG or PNG picture`);
  const classes = [...probes.classes, 'somebody else'];
  const files = [...probes.files, ...labelled(gallery, probes.classes.length)];
  const count = probes.files.length;
  return {
    images: await faceSource('identification', { classes, files }),
    probes: Array.from({ length: count }, (_, i) => i),
    distractors: Array.from({ length: gallery.length }, (_, i) => count + i),
  };
}

function faceSource(name: string, files: Pick<ClassFolders, 'classes' | 'files'>): Promise<SampleSource> {
  return pictureSource(name, files, 'face', FACE_STATISTICS);
}
