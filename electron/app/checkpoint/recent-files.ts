// The checkpoints opened last, newest first, kept in a small file beside the runs. Files that a window handed
// over have no path of their own that a later window could open: the service keeps a copy of each, in a folder
// beside the list, for as long as it is among the recent ones. Invariant: only copies of ours are ever deleted.
import { sha256OfFile } from '../../files/file-hash';
import { randomUUID } from 'node:crypto';
import { copyFile, mkdir, rename, rm, rmdir, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import type { RecentFile } from '@shared/link/studio';
import { writeFileAtomically } from '../../files';
import { deleteInside } from '../../files/inside';
import { readText } from '../../files/regular-file';
import { setAside } from '../../files/set-aside';

const KEPT = 10;
/** Folders of copies are named so. */
const UUID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/;

/** A list of files that outlives the program. A damaged or missing list is an empty one; it is not written over. */
export class RecentFiles {
  constructor(
    private readonly file: string,
    private readonly copies: string,
  ) {}

  /** With sizes as they are now. */
  async list(): Promise<RecentFile[]> {
    return Promise.all(
      (await this.paths()).map(async (path) => {
        const size = await stat(path).catch(() => null);
        return { path, name: basename(path), bytes: size?.size ?? null, uploaded: this.isCopy(path) };
      }),
    );
  }

  async add(path: string): Promise<void> {
    const all = [path, ...(await this.paths()).filter((other) => other !== path)];
    await this.write(all.slice(0, KEPT));
    for (const old of all.slice(KEPT)) await this.deleteCopy(old);
  }

  /** Takes a file that was handed over as our own; returns the copy's path. What is kept already is not kept twice. */
  async keep(handedOver: string): Promise<string> {
    const known = await this.copyLike(handedOver);
    if (known === null) return this.take(handedOver);
    await rm(handedOver, { force: true });
    return known;
  }

  /** A copy in the list with the same name and bytes. */
  private async copyLike(path: string): Promise<string | null> {
    const { size } = await stat(path);
    for (const { path: copy, bytes, uploaded } of await this.list()) {
      if (uploaded && bytes === size && basename(copy) === basename(path) && (await sameBytes(copy, path))) return copy;
    }
    return null;
  }

  private async take(handedOver: string): Promise<string> {
    const path = join(this.copies, randomUUID(), basename(handedOver));
    await mkdir(dirname(path), { recursive: true });
    // Between two disks a file cannot be renamed.
    await rename(handedOver, path).catch(() => copyFile(handedOver, path).then(() => rm(handedOver, { force: true })));
    return path;
  }

  /** Takes a file off the list; a copy of ours is deleted. */
  async forget(path: string): Promise<void> {
    await this.write((await this.paths()).filter((other) => other !== path));
    await this.deleteCopy(path);
  }

  private async paths(): Promise<string[]> {
    return parsed(await readText(this.file).catch(() => '[]'));
  }

  /** A list that this program cannot read, of a later one or damaged, is kept beside the new one. */
  private async write(paths: readonly string[]): Promise<void> {
    await mkdir(dirname(this.file), { recursive: true });
    const text = await readText(this.file).catch(() => '[]');
    if (!isList(text)) await setAside(this.file);
    await writeFileAtomically(this.file, `${JSON.stringify(paths, null, 2)}\n`, { force: true });
  }

  private isCopy(path: string): boolean {
    const folder = dirname(resolve(path));
    return dirname(folder) === resolve(this.copies) && UUID.test(basename(folder));
  }

  private async deleteCopy(path: string): Promise<void> {
    if (!this.isCopy(path)) return;
    await deleteInside(this.copies, `${basename(dirname(resolve(path)))}/${basename(path)}`);
    // What somebody else put there keeps its folder.
    await rmdir(dirname(resolve(path))).catch(() => undefined);
  }
}

/** Whether two files of one size hold the same bytes. */
async function sameBytes(a: string, b: string): Promise<boolean> {
  const [ofA, ofB] = await Promise.all([sha256OfFile(a), sha256OfFile(b)]);
  return ofA === ofB;
}

/** Whether a file's text is a list of paths and nothing else. */
function isList(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) && value.every((path) => typeof path === 'string');
  } catch {
    return false;
  }
}

function parsed(text: string): string[] {
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) ? value.filter((path) => typeof path === 'string') : [];
  } catch {
    return [];
  }
}
