// What the loaders share: reading parts of files, listing folders, and making a SampleSource of them.
// Every failure names the file and says what was expected there.
import { printable } from '@shared/base/printable';
import type { Dirent } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Sample, SampleSource } from '@shared/dataset/dataset';
import { UserError } from '@shared/base/user-error';
import { openRegular } from '../files/regular-file';

/** Mean and deviation of pixels/255 per channel. */
export interface Statistics {
  readonly mean: readonly number[];
  readonly deviation: readonly number[];
}

/** ImageNet's statistics, for photographs of which nothing else is known. */
export const IMAGENET_STATISTICS: Statistics = { mean: [0.485, 0.456, 0.406], deviation: [0.229, 0.224, 0.225] };

/** Face networks are fed (pixel - 127.5) / 127.5. */
export const FACE_STATISTICS: Statistics = { mean: [0.5, 0.5, 0.5], deviation: [0.5, 0.5, 0.5] };

/** Files read at the same time. */
const CONCURRENT_READS = 8;

/** A source whose samples are read one by one. */
export function sampleSource(about: Omit<SampleSource, 'read'>, readOne: (index: number) => Promise<Sample>): SampleSource {
  // Names of folders are names of classes: what is shown, or drawn, of them turns nothing around.
  const classes = about.classes.map((name) => printable(name));
  return { ...about, classes, read: (indices) => mapLimited(Array.from(indices), readOne) };
}

/** Maps in order, a few at a time. */
export async function mapLimited<In, Out>(items: readonly In[], work: (item: In) => Promise<Out>): Promise<Out[]> {
  const results = new Array<Out>(items.length);
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < items.length) {
      const at = next++;
      results[at] = await work(items[at]);
    }
  };
  await Promise.all(Array.from({ length: Math.min(CONCURRENT_READS, items.length) }, worker));
  return results;
}

/** `length` bytes of a file from `offset`. Rejects with UserError if the file has become shorter. */
export async function readPart(file: string, offset: number, length: number): Promise<Uint8Array> {
  const { handle } = await openRegular(file).catch((error: unknown) => unreadable(file, error));
  try {
    const bytes = new Uint8Array(length);
    const { bytesRead } = await handle.read(bytes, 0, length, offset);
    if (bytesRead !== length)
      throw new UserError(`${file}: ends at byte ${offset + bytesRead}, expected ${offset + length}: fetch it again`);
    return bytes;
  } finally {
    await handle.close();
  }
}

/** The first bytes of a file, at most `length`. */
export async function readHead(file: string, length: number): Promise<Uint8Array> {
  const size = (await sizeOf(file)) ?? 0;
  return readPart(file, 0, Math.min(length, size));
}

export function unreadable(file: string, error: unknown): never {
  if (error instanceof UserError) throw error;
  throw new UserError(`${file}: cannot be read (${error instanceof Error && 'code' in error ? String(error.code) : String(error)})`);
}

/** A path as a user types it (from here, or `~/` for home), from the root. */
export function absolutePath(path: string): string {
  return resolve(path.replace(/^~(?=$|[\\/])/, homedir()));
}

/** Size of a file in bytes, or null if there is none. */
export async function sizeOf(file: string): Promise<number | null> {
  const found = await stat(file).catch(() => null);
  return found?.isFile() ? found.size : null;
}

export async function isFolder(path: string): Promise<boolean> {
  return (await stat(path).catch(() => null))?.isDirectory() ?? false;
}

/** Names of a folder's subfolders, in code-unit order; hidden ones are left out. */
export async function subfolders(folder: string): Promise<string[]> {
  const entries = await visibleEntries(folder);
  return sorted(entries.filter((entry) => entry.isDirectory() || entry.isSymbolicLink()).map(({ name }) => name));
}

/** What a folder holds, hidden things left out. Rejects with UserError where it cannot be read, or holds a name that is not UTF-8: no file is found under such a name. */
async function visibleEntries(folder: string): Promise<Dirent[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((error: unknown) => unreadable(folder, error));
  const garbled = entries.find(({ name }) => name.includes('\uFFFD'));
  if (garbled) throw new UserError(`${join(folder, garbled.name)}: this name is not in UTF-8 and cannot be opened; rename it`);
  return entries.filter(({ name }) => !name.startsWith('.'));
}

const IMAGE_ENDING = /\.(jpe?g|png)$/i;

/** Paths of the pictures directly in a folder, in code-unit order. */
export async function picturesIn(folder: string): Promise<string[]> {
  return (await filesIn(folder)).pictures;
}

/** Pictures of a folder and of the folders in it, at any depth. */
export async function picturesBelow(folder: string): Promise<string[]> {
  const below = await Promise.all((await subfolders(folder)).map((name) => picturesBelow(join(folder, name))));
  return [...(await picturesIn(folder)), ...below.flat()];
}

/** Paths of the pictures directly in a folder, and of its other files; hidden ones are left out. Both in code-unit order. */
export async function filesIn(folder: string): Promise<{ readonly pictures: string[]; readonly others: string[] }> {
  const entries = await visibleEntries(folder);
  const names = sorted(entries.filter((entry) => !entry.isDirectory()).map(({ name }) => name));
  const paths = (picture: boolean): string[] =>
    names.filter((name) => IMAGE_ENDING.test(name) === picture).map((name) => join(folder, name));
  return { pictures: paths(true), others: paths(false) };
}

function sorted(names: readonly string[]): string[] {
  return [...names].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
}
