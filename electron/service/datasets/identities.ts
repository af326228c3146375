// Faces: one folder per person. `train/` holds the people to train on (without it, the people that no
// test names); `pairs.txt` with its pictures is the LFW test; `probes/` and `distractors/` the MegaFace one.
import { basename, join } from 'node:path';
import type { DatasetSplits, Identification, SampleSource, VerificationPairs } from '@shared/dataset/dataset';
import { UserError } from '@shared/user-error';
import { type ClassFolders, type LabelledFile, classFolders, pictureSource, splitByTenths } from './folders';
import { type NamedPicture, readPairs } from './pairs';
import { isFolder, picturesIn, sizeOf, subfolders } from './sources';

const PAIR_PICTURES = ['lfw', 'verification', 'images', ''];
const RESERVED = new Set(['train', 'probes', 'distractors', 'lfw', 'verification', 'images']);
/** Face networks are fed (pixel - 127.5) / 127.5. */
const FACE_STATISTICS = { mean: [0.5, 0.5, 0.5], deviation: [0.5, 0.5, 0.5] };

/** Opens identity folders. Rejects with UserError naming what is missing. */
export async function openIdentities(folder: string): Promise<DatasetSplits> {
  const pairs = await verificationIn(folder);
  const people = await trainingPeople(folder, pairs);
  const splits = await splitByTenths(people, folder, 'face', FACE_STATISTICS);
  const identification = await identificationIn(folder);
  return {
    ...splits,
    ...(pairs && { verification: pairs }),
    ...(identification && { identification }),
  };
}

/** The people of `train/`, or of the folder itself less those in the pairs. */
async function trainingPeople(folder: string, pairs: VerificationPairs | null): Promise<ClassFolders> {
  if (await isFolder(join(folder, 'train'))) return classFolders(join(folder, 'train'));
  const tested = new Set(pairs?.images.classes ?? []);
  const names = (await subfolders(folder)).filter((name) => !RESERVED.has(name) && !tested.has(name));
  if (names.length === 0) throw new UserError(`${folder}: has nobody to train on; put people's folders into ${join(folder, 'train')}`);
  const lists = await Promise.all(names.map(async (name, label) => labelled(await picturesIn(join(folder, name)), label)));
  return { classes: names, files: lists.flat() };
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

async function picturesRoot(folder: string, person: string): Promise<string> {
  for (const name of PAIR_PICTURES) if (await isFolder(join(folder, name, person))) return join(folder, name);
  throw new UserError(`${folder}: pairs.txt names ${person}, but neither this folder nor its lfw folder has a folder of that name`);
}

/** `Name/Name_0001.jpg`, as LFW writes it. */
async function pairPicture(root: string, person: string, number: number, list: string): Promise<string> {
  const stem = join(root, person, `${person}_${String(number).padStart(4, '0')}`);
  for (const ending of ['.jpg', '.png', '.jpeg']) if ((await sizeOf(stem + ending)) !== null) return stem + ending;
  throw new UserError(`${stem}.jpg: is missing; ${basename(list)} names it`);
}

/** The MegaFace test, if there are probes and distractors. */
async function identificationIn(folder: string): Promise<Identification | null> {
  if (!(await isFolder(join(folder, 'probes'))) || !(await isFolder(join(folder, 'distractors')))) return null;
  const probes = await classFolders(join(folder, 'probes'));
  const gallery = await picturesBelow(join(folder, 'distractors'));
  const classes = [...probes.classes, 'somebody else'];
  const files = [...probes.files, ...labelled(gallery, probes.classes.length)];
  const count = probes.files.length;
  return {
    images: await faceSource('identification', { classes, files }),
    probes: Array.from({ length: count }, (_, i) => i),
    distractors: Array.from({ length: gallery.length }, (_, i) => count + i),
  };
}

/** Pictures of a folder and of the folders in it, at any depth. */
async function picturesBelow(folder: string): Promise<string[]> {
  const below = await Promise.all((await subfolders(folder)).map((name) => picturesBelow(join(folder, name))));
  return [...(await picturesIn(folder)), ...below.flat()];
}

function faceSource(name: string, files: ClassFolders): Promise<SampleSource> {
  return pictureSource(name, files, 'face', FACE_STATISTICS);
}
