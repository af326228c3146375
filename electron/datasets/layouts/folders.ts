// Pictures in one folder per class. ImageNet style: `train` and `val` with the same class folders; without
// `val` every tenth picture of each class is kept for validation. Pictures are read when asked for. Invariant: a class has
// the pictures that torchvision's ImageFolder gives it, in its order of classes.
import { basename, join } from 'node:path';
import type { DatasetSplits, SampleSource } from '@shared/dataset/dataset';
import type { Task } from '@shared/model/spec';
import { UserError } from '@shared/base/user-error';
import { packedSentence } from '../packed';
import { pictureRemarks, readPicture } from '../picture';
import { IMAGENET_STATISTICS, type Statistics, filesIn, mapLimited, picturesBelow, sampleSource, subfolders } from '../sources';
import { splitFolders } from '../split-folders';

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
  /** Pictures that lie in folders within the classes' folders, where that is not the set's usual way. */
  readonly nested: readonly string[];
}

const VALIDATION_SHARE = 10;

/** Opens class folders as a classification set. Rejects with UserError for an empty class or a class of validation that training lacks. */
export async function openFolders(folder: string): Promise<DatasetSplits> {
  const splits = await splitFolders(folder);
  if (splits === null) return splitByTenths(await classFolders(folder), folder, 'classification');
  const train = await classFolders(splits.train);
  if (splits.validation === null) return splitByTenths(train, folder, 'classification');
  const held = await classFolders(splits.validation, train.classes);
  return {
    train: await pictureSource(`${basename(folder)} train`, train, 'classification'),
    validation: await pictureSource(`${basename(folder)} ${basename(splits.validation)}`, held, 'classification'),
    remarks: [...splits.remarks, ...(await remarksOn(train, held))],
  };
}

/** Sentences on how the pictures of these folders are read. */
export async function remarksOn(...folders: readonly ClassFolders[]): Promise<string[]> {
  return [...leftOut(...folders), ...deeper(...folders), ...(await pictureRemarks(folders[0].files[0].file))];
}

/** A sentence on the files that are no pictures, if there are any. */
function leftOut(...folders: readonly ClassFolders[]): string[] {
  const others = folders.flatMap((folder) => folder.others);
  if (others.length === 0) return [];
  return [`${others.length} ${others.length === 1 ? 'file is' : 'files are'} neither JPEG nor PNG and left out, the first is ${others[0]}`];
}

/** A sentence on the pictures that lie in folders within the classes' folders. */
function deeper(...folders: readonly ClassFolders[]): string[] {
  const nested = folders.flatMap((folder) => folder.nested);
  if (nested.length === 0) return [];
  return [`Pictures in folders within a class's folder belong to that class, as torchvision reads them; the first is ${nested[0]}`];
}

/** Lists class folders, all or those named. `known` fixes the classes (a folder may lack some, not add any). */
export async function classFolders(folder: string, known?: readonly string[], named?: readonly string[]): Promise<ClassFolders> {
  const names = named ?? (await subfolders(folder));
  if (names.length === 0) throw new UserError((await packedSentence(folder)) ?? noFolders(folder));
  const classes = known ?? names;
  const strange = names.find((name) => !classes.includes(name));
  if (strange !== undefined) throw new UserError(`${join(folder, strange)}: is a class that the training folder does not have`);
  const lists = await mapLimited(names, (name) => filesOfClass(folder, name, names.length === 1));
  return {
    classes,
    files: lists.flatMap(({ pictures }, i) => pictures.map((file) => ({ file, label: classes.indexOf(names[i]) }))),
    others: lists.flatMap(({ others }) => others),
    nested: lists.flatMap(({ nested }) => nested),
  };
}

function noFolders(folder: string): string {
  return `${folder}: expected one folder of pictures per class, found no folders; pictures that lie there side by side are to be sorted into the classes' folders first`;
}

/** What a class's folder holds. */
interface ClassFiles {
  readonly pictures: readonly string[];
  readonly others: readonly string[];
  /** Of the pictures those in folders within. */
  readonly nested: readonly string[];
}

/** The folder within a class's folder that sets such as Tiny ImageNet have. */
const INNER_FOLDER = 'images';

/** The pictures of a class, those in folders within among them. Rejects with UserError where the folders within look like classes. */
async function filesOfClass(parent: string, name: string, isAlone: boolean): Promise<ClassFiles> {
  const folder = join(parent, name);
  const { pictures, others } = await filesIn(folder);
  const within = await subfolders(folder);
  if (pictures.length === 0 && (within.length > 1 || (isAlone && within.length === 1 && within[0] !== INNER_FOLDER)))
    throw new UserError(
      `${folder}: holds no picture itself but the folders ${named(within)}; if those are the classes or splits, choose ${folder} instead of ${parent}`,
    );
  const inner = await Promise.all(within.map((one) => picturesBelow(join(folder, one))));
  const nested = inner.flat();
  if (pictures.length === 0 && nested.length === 0)
    throw new UserError(
      (await packedSentence(folder)) ??
        `${folder}: holds no JPEG or PNG picture; every folder in ${parent} is read as a class and needs one`,
    );
  const isUsual = pictures.length === 0 && within[0] === INNER_FOLDER;
  return { pictures: [...pictures, ...nested], others, nested: isUsual ? [] : nested };
}

function named(names: readonly string[]): string {
  return names.length <= 3 ? names.join(', ') : `${names.slice(0, 3).join(', ')} and ${names.length - 3} more`;
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
      ...(await remarksOn(found)),
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
