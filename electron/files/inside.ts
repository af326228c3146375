// Names that files of ours carry (run.json, recipes, lists) are anybody's text. Here one becomes a path.
// Invariant: the path lies inside its folder, on every system, and no symbolic link on its way leads out of it.
import { lstat, realpath, unlink } from 'node:fs/promises';
import { isAbsolute, join, relative, sep } from 'node:path';
import { insideNameProblem } from '@shared/run/inside-name';
import { UserError } from '@shared/base/user-error';

/**
 * The path of `name` (segments joined by `/`) inside `folder`; what it names need not exist. Rejects with UserError where the
 * name or a symbolic link on its way leads out of the folder, or where it is neither file nor folder (a pipe would be read for ever).
 */
export async function pathInside(folder: string, name: string): Promise<string> {
  const problem = insideNameProblem(name);
  if (problem !== null) throw new UserError(`${JSON.stringify(name)} names no file inside ${folder}: ${problem}`);
  const root = await realpath(folder).catch(() => folder);
  let path = folder;
  for (const segment of name.split('/')) {
    path = join(path, segment);
    if (!(await isThereInside(root, path, folder))) break;
  }
  return join(folder, ...name.split('/'));
}

/** Deletes a file of a folder if it is there; of a symbolic link the link. Rejects as `pathInside` does. */
export async function deleteInside(folder: string, name: string): Promise<void> {
  await unlink(await pathInside(folder, name)).catch((error: unknown) => {
    if (!isMissing(error)) throw error;
  });
}

/** Whether there is something at `path`. Rejects where it leads out of `root`. */
async function isThereInside(root: string, path: string, folder: string): Promise<boolean> {
  const entry = await lstat(path).catch((error: unknown) => {
    if (isMissing(error)) return null;
    throw error;
  });
  if (entry === null) return false;
  if (entry.isSymbolicLink()) {
    const target = await realpath(path).catch(() => null);
    if (target === null || !isBelow(root, target))
      throw new UserError(
        `${path} is a symbolic link that leads out of ${folder}${target === null ? '' : ` (to ${target})`}: it is neither read nor written; put the file itself in its place`,
      );
    return isThereInside(root, target, folder);
  }
  if (!entry.isFile() && !entry.isDirectory()) throw new UserError(`${path} is no regular file: put one in its place`);
  return true;
}

/** Whether `path` lies below `root`; both without symbolic links. */
function isBelow(root: string, path: string): boolean {
  const way = relative(root, path);
  return way !== '' && way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}

/** Whether an error says that there is no such file. */
export function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR');
}
