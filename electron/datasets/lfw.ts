// Where LFW's pictures lie: the official archives unpack to lfw, lfw-deepfunneled and lfw_funneled, often once more within
// a folder of the same name; torchvision keeps them in lfw-py, scikit-learn in lfw_home.
import { basename, join } from 'node:path';
import { UserError } from '@shared/base/user-error';
import { isFolder, sizeOf, subfolders } from './sources';

/** Folders of the archives. */
export const LFW_FOLDERS: readonly string[] = ['lfw', 'lfw-deepfunneled', 'lfw_funneled'];
/** Folders in which libraries keep all of LFW. */
const HOMES = ['lfw-py', 'lfw_home'];
/** Looked into first, for sets that hold other folders as well. */
const FIRST = [...LFW_FOLDERS, 'verification', 'images', ''];

/** The folder with pairs.txt: the one given, or a library's within it. */
export async function lfwHome(folder: string): Promise<string> {
  if ((await sizeOf(join(folder, 'pairs.txt'))) !== null) return folder;
  for (const name of HOMES) if ((await sizeOf(join(folder, name, 'pairs.txt'))) !== null) return join(folder, name);
  return folder;
}

/** Whether a folder holds what LFW's archives unpack to. */
export async function holdsLfw(folder: string): Promise<boolean> {
  if ((await sizeOf(join(await lfwHome(folder), 'pairs.txt'))) !== null) return true;
  for (const name of LFW_FOLDERS) if (await isFolder(join(folder, name))) return true;
  return false;
}

/** The folder that holds the folder of `person`: a known one, or any, at most two deep. Rejects with UserError where there is none. */
export async function picturesRoot(folder: string, person: string): Promise<string> {
  const others = await subfolders(folder);
  const shallow = [...FIRST, ...others].map((name) => join(folder, name));
  for (const root of shallow) if (await isFolder(join(root, person))) return root;
  for (const name of others)
    for (const inner of await subfolders(join(folder, name)))
      if (await isFolder(join(folder, name, inner, person))) return join(folder, name, inner);
  throw new UserError(
    `${folder}: pairs.txt names ${person}, but neither this folder nor a folder in it (${LFW_FOLDERS.join(', ')}) has a folder of that name`,
  );
}

/** `Name/Name_0001.jpg`, as LFW writes it. */
export async function pairPicture(root: string, person: string, number: number, list: string): Promise<string> {
  const stem = join(root, person, `${person}_${String(number).padStart(4, '0')}`);
  for (const ending of ['.jpg', '.png', '.jpeg']) if ((await sizeOf(stem + ending)) !== null) return stem + ending;
  throw new UserError(`${stem}.jpg: is missing; ${basename(list)} names it`);
}
