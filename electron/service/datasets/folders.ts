// Pictures in one folder per class. ImageNet style: `train` and `val` with the same class folders; without
// `val` every tenth picture of each class is kept for validation. Pictures are read when asked for.
import { basename, join } from 'node:path';
import type { DatasetSplits, SampleSource } from '@shared/dataset/dataset';
import type { Task } from '@shared/model/spec';
import { UserError } from '@shared/user-error';
import { readPicture } from './picture';
import { IMAGENET_STATISTICS, type Statistics, filesIn, isFolder, sampleSource, subfolders } from './sources';

/** A picture file and its class. */
export interface LabelledFile {
  readonly file: string;
  readonly label: number;
}

/** Pictures by class. */
export interface ClassFolders {
  readonly classes: readonly string[];
  readonly files: readonly LabelledFile[];
  /** Files among the pictures that are none. */
  readonly others: readonly string[];
}

/** Folders of held-out pictures beside `train`, the first that is there. */
export const VALIDATION_NAMES = ['val', 'validation', 'test'];
const VALIDATION_SHARE = 10;

/** Opens class folders as a classification set. Rejects with UserError for an empty class or a class of validation that training lacks. */
export async function openFolders(folder: string): Promise<DatasetSplits> {
  if (!(await isFolder(join(folder, 'train')))) return splitByTenths(await classFolders(folder), folder, 'classification');
  const validation = await firstFolder(folder, VALIDATION_NAMES);
  const train = await classFolders(join(folder, 'train'));
  if (validation === null) return splitByTenths(train, folder, 'classification');
  const held = await classFolders(validation, train.classes);
  return {
    train: await pictureSource(`${basename(folder)} train`, train, 'classification'),
    validation: await pictureSource(`${basename(folder)} ${basename(validation)}`, held, 'classification'),
    remarks: leftOut(train, held),
  };
}

/** A sentence on the files that are no pictures, if there are any. */
export function leftOut(...folders: readonly ClassFolders[]): string[] {
  const others = folders.flatMap((folder) => folder.others);
  if (others.length === 0) return [];
  return [`${others.length} ${others.length === 1 ? 'file is' : 'files are'} neither JPEG nor PNG and left out, the first is ${others[0]}`];
}

/** The first of these folders that is there, or null. */
export async function firstFolder(parent: string, names: readonly string[]): Promise<string | null> {
  for (const name of names) if (await isFolder(join(parent, name))) return join(parent, name);
  return null;
}

/** Lists class folders, all or those named. `known` fixes the classes (a folder may lack some, not add any). */
export async function classFolders(folder: string, known?: readonly string[], named?: readonly string[]): Promise<ClassFolders> {
  const names = named ?? (await subfolders(folder));
  if (names.length === 0)
    throw new UserError(
      `${folder}: expected one folder of pictures per class, found no folders; pictures that lie there side by side are to be sorted into the classes' folders first`,
    );
  const classes = known ?? names;
  const lists = await Promise.all(names.map((name) => filesOfClass(folder, name, classes)));
  return { classes, files: lists.flatMap(({ files }) => files), others: lists.flatMap(({ others }) => others) };
}

async function filesOfClass(folder: string, name: string, classes: readonly string[]): Promise<Omit<ClassFolders, 'classes'>> {
  const label = classes.indexOf(name);
  if (label < 0) throw new UserError(`${join(folder, name)}: is a class that the training folder does not have`);
  const { pictures, others } = await filesIn(join(folder, name));
  if (pictures.length === 0)
    throw new UserError(`${join(folder, name)}: holds no JPEG or PNG picture; every folder in ${folder} is read as a class and needs one`);
  return { files: pictures.map((file) => ({ file, label })), others };
}

/** Keeps every tenth picture of each class for validation. */
export async function splitByTenths(
  found: ClassFolders,
  folder: string,
  task: Task,
  statistics: Statistics = IMAGENET_STATISTICS,
): Promise<DatasetSplits> {
  const { classes, files } = found;
  const places = new Map<number, number>();
  const train: LabelledFile[] = [];
  const validation: LabelledFile[] = [];
  for (const file of files) {
    const place = (places.get(file.label) ?? 0) + 1;
    places.set(file.label, place);
    (place % VALIDATION_SHARE === 0 ? validation : train).push(file);
  }
  if (validation.length === 0)
    throw new UserError(
      `${folder}: no class has ${VALIDATION_SHARE} pictures, so none can be kept for validation; add train and val folders`,
    );
  return {
    train: await pictureSource(`${basename(folder)} train`, { classes, files: train }, task, statistics),
    validation: await pictureSource(`${basename(folder)} validation`, { classes, files: validation }, task, statistics),
    remarks: [
      `There is no val folder: every ${VALIDATION_SHARE}th picture of each ${task === 'face' ? 'person' : 'class'} is kept for validation`,
      ...leftOut(found),
    ],
  };
}

/** A source of pictures of their own sizes; its nominal size is that of the first. */
export async function pictureSource(
  name: string,
  { classes, files }: Pick<ClassFolders, 'classes' | 'files'>,
  task: Task,
  statistics: Statistics = IMAGENET_STATISTICS,
): Promise<SampleSource> {
  const { height, width } = await readPicture(files[0].file);
  const about = { name, task, count: files.length, classes, image: { channels: 3, height, width }, ...statistics };
  return sampleSource(about, async (index) => ({ ...(await readPicture(files[index].file)), label: files[index].label }));
}
