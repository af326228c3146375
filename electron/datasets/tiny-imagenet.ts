// Tiny ImageNet: `train/CLASS/images/*.JPEG`, and `val/images/*.JPEG` whose classes `val/val_annotations.txt` names, a line
// a picture (name, class, box). Its test has no labels and is not read. Classes are in the order of their names, as
// torchvision's ImageFolder has them, not in that of wnids.txt.
import { basename, join } from 'node:path';
import type { DatasetSplits } from '@shared/dataset/dataset';
import { UserError } from '@shared/base/user-error';
import { type ClassFolders, type LabelledFile, classFolders, pictureSource, remarksOn } from './layouts/folders';
import { readText } from '../files/regular-file';
import { isFolder, picturesIn, sizeOf, subfolders, unreadable } from './sources';

/** What the archive unpacks to. */
const ARCHIVE_FOLDER = 'tiny-imagenet-200';
const ANNOTATIONS = 'val_annotations.txt';

/** The folder of `path` that holds the set; null if there is none. */
export async function tinyImagenetFolder(path: string): Promise<string | null> {
  for (const folder of [path, join(path, ARCHIVE_FOLDER)]) if ((await sizeOf(join(folder, 'val', ANNOTATIONS))) !== null) return folder;
  return null;
}

/** Opens the set. Rejects with UserError naming what is missing, or the line of the annotations that is wrong. */
export async function openTinyImagenet(path: string): Promise<DatasetSplits> {
  const folder = await tinyImagenetFolder(path);
  if (folder === null) throw new UserError(`${join(path, 'val', ANNOTATIONS)}: is missing; Tiny ImageNet has it`);
  if (!(await isFolder(join(folder, 'train')))) throw new UserError(`${join(folder, 'train')}: is missing; Tiny ImageNet has it`);
  const train = await classFolders(join(folder, 'train'));
  const held = await heldOut(join(folder, 'val'), train.classes);
  return {
    train: await pictureSource(`${basename(folder)} train`, train, 'classification'),
    validation: await pictureSource(`${basename(folder)} val`, held, 'classification'),
    // The boxes' files among the pictures are expected.
    remarks: await remarksOn({ ...train, others: [] }, held),
  };
}

/** The pictures of `val/images` by their annotations; where a script has sorted them into classes, those folders. */
async function heldOut(folder: string, classes: readonly string[]): Promise<ClassFolders> {
  const images = join(folder, 'images');
  const pictures = (await isFolder(images)) ? await picturesIn(images) : [];
  if (pictures.length > 0) return { classes, files: await annotated(join(folder, ANNOTATIONS), pictures, classes), others: [], nested: [] };
  const sorted = (await subfolders(folder)).filter((name) => name !== 'images');
  if (sorted.length === 0) throw new UserError(`${images}: holds no JPEG or PNG picture; ${ANNOTATIONS} names what belongs there`);
  return classFolders(folder, classes, sorted);
}

async function annotated(list: string, pictures: readonly string[], classes: readonly string[]): Promise<LabelledFile[]> {
  const labels = labelsIn(await readText(list).catch((error: unknown) => unreadable(list, error)), list, classes);
  const files = pictures.map((file) => {
    const label = labels.get(basename(file));
    if (label === undefined) throw new UserError(`${file}: is not named in ${list}, so its class is not known`);
    labels.delete(basename(file));
    return { file, label };
  });
  const [missing] = labels.keys();
  if (missing !== undefined)
    throw new UserError(`${join(list, '..', 'images', missing)}: is missing; ${list} names ${labels.size} pictures that are not there`);
  return files;
}

function labelsIn(text: string, list: string, classes: readonly string[]): Map<string, number> {
  const labels = new Map<string, number>();
  text.split(/\r?\n/).forEach((line, i) => {
    if (line.trim() === '') return;
    const [name, wnid] = line.trim().split(/\s+/);
    const label = classes.indexOf(wnid);
    if (label < 0)
      throw new UserError(
        `${list}, line ${i + 1}: expected a picture and one of the ${classes.length} classes of train, found '${line.trim()}'`,
      );
    labels.set(name, label);
  });
  return labels;
}
