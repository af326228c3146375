// Archives that lie where unpacked files are expected: what to type to unpack them.
import { basename, dirname, join } from 'node:path';
import { filesIn, isFolder } from './sources';

/** Endings of archives and the command that unpacks one into a folder. */
const COMMANDS: readonly (readonly [RegExp, (archive: string, folder: string) => string])[] = [
  [/\.(tar|tar\.(gz|bz2|xz|zst)|tgz|tbz2?|txz)$/i, (archive, folder) => `tar -xf "${archive}" -C "${folder}"`],
  [/\.zip$/i, (archive, folder) => `unzip "${archive}" -d "${folder}"`],
  [/\.(7z|rar)$/i, (archive, folder) => `7z x "${archive}" -o"${folder}"`],
];

/** How an archive is unpacked beside itself; null for any other file. */
export function unpackCommand(file: string): string | null {
  const found = COMMANDS.find(([ending]) => ending.test(file));
  return found === undefined ? null : found[1](file, dirname(file));
}

/** A sentence on the archives of a folder, which says how to unpack the first; null where there are none. */
export async function packedSentence(folder: string): Promise<string | null> {
  if (!(await isFolder(folder))) return null;
  const archives = (await filesIn(folder)).others.filter((file) => unpackCommand(file) !== null);
  if (archives.length === 0) return null;
  const [first] = archives;
  const more = archives.length === 1 ? '' : ` (and ${archives.length - 1} more)`;
  return `${join(folder, basename(first))}${more} is packed: unpack it first, for example with ${unpackCommand(first)}`;
}
