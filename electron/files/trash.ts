// Where what is deleted goes: the system's trash where there is one, else a folder .trash beside it. Invariant: nothing is
// ever removed; where it went is told. The recycle bin of Windows is left to Electron: what scripts can call deletes for good,
// and without a word, what the bin has no room for.
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { homedir, platform } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { exists } from './exists';

/** Puts a file or folder into the system's trash; rejects where it cannot. */
export type SystemTrash = (path: string) => Promise<void>;

/** Deletes a file or folder so that it can be had back. Gives where it is now, in words. */
export async function moveToTrash(path: string, system: SystemTrash = homeTrash()): Promise<string> {
  const full = resolve(path);
  try {
    await system(full);
    return "the system's trash";
  } catch {
    // No trash, or none that takes it: another disk, no right to write there.
    return moveBeside(full);
  }
}

async function moveBeside(path: string): Promise<string> {
  const trash = join(dirname(path), '.trash');
  await mkdir(trash, { recursive: true });
  const target = await freeName(trash, basename(path));
  await rename(path, target);
  return target;
}

async function freeName(folder: string, name: string): Promise<string> {
  for (let count = 1; ; count++) {
    const path = join(folder, count === 1 ? name : `${name}.${count}`);
    if (!(await exists(path))) return path;
  }
}

/** The trash of this user's home, where desktops of this system keep one; without Electron it is written by its own rules. */
export function homeTrash(
  home = homedir(),
  data = process.env.XDG_DATA_HOME ?? join(home, '.local', 'share'),
  system = platform(),
): SystemTrash {
  return async (path) => {
    const trash = system === 'linux' ? join(data, 'Trash') : system === 'darwin' ? join(home, '.Trash') : null;
    if (trash === null || !(await exists(trash))) throw new Error('this system has no trash that is a folder');
    if (system === 'linux') await intoFreedesktopTrash(trash, path);
    else await rename(path, await freeName(trash, basename(path)));
  };
}

/** By the trash specification of freedesktop.org, 1.0: first the note of where it was, then the move. */
async function intoFreedesktopTrash(trash: string, path: string): Promise<void> {
  await mkdir(join(trash, 'files'), { recursive: true, mode: 0o700 });
  await mkdir(join(trash, 'info'), { recursive: true, mode: 0o700 });
  const target = await freeName(join(trash, 'files'), basename(path));
  const info = join(trash, 'info', `${basename(target)}.trashinfo`);
  const date = new Date(Date.now() - new Date().getTimezoneOffset() * 60_000).toISOString().slice(0, 19);
  const place = path.split('/').map(encodeURIComponent).join('/');
  await writeFile(info, `[Trash Info]\nPath=${place}\nDeletionDate=${date}\n`, { flag: 'wx' });
  try {
    await rename(path, target);
  } catch (error) {
    await rm(info, { force: true });
    throw error;
  }
}
