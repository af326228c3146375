// Files of others, opened so that nothing but a plain file is ever read: a pipe or a terminal would be waited for without end and
// hold up every other file, a device would be read for ever, and to open some does something. Invariant: at most as many bytes are
// read as the file had when it was opened.
import { constants } from 'node:fs';
import { type FileHandle, open, stat } from 'node:fs/promises';
import type { Stats } from 'node:fs';
import { UserError } from '@shared/base/user-error';

/** An opened plain file; the caller closes `handle`. */
export interface RegularFile {
  readonly handle: FileHandle;
  /** In bytes. */
  readonly size: number;
}

/** Node moves at most 2 GiB at a time. */
const LARGEST_TRANSFER = 2 ** 30;
/** Texts that a user names or a folder holds (recipes, lists, records): more would not fit into memory as text. */
const LONGEST_TEXT = 256 * 2 ** 20;

/** Opens a plain file for reading. Rejects with UserError for what is none, with the system's own error where there is nothing or it may not be read. */
export async function openRegular(path: string): Promise<RegularFile> {
  if (path.includes('\0'))
    throw new UserError(`${JSON.stringify(path)} names no file: it has the character NUL, which no path has; give the path without it`);
  refuseOthers(path, await stat(path));
  // What has come into its place meanwhile is not waited for either.
  const handle = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  try {
    const found = await handle.stat();
    refuseOthers(path, found);
    return { handle, size: found.size };
  } catch (error) {
    await handle.close();
    throw error;
  }
}

/** The bytes of a plain file. Rejects as `openRegular` does, and with UserError where it has more than `most` bytes or becomes shorter. */
export async function readRegular(path: string, most: number): Promise<Buffer<ArrayBuffer>> {
  const { handle, size } = await openRegular(path);
  try {
    if (size > most) throw new UserError(`${path}: has ${size} bytes, at most ${most} are read: it is not what is needed here`);
    const bytes = Buffer.allocUnsafeSlow(size);
    await fillFrom(handle, bytes, 0, path);
    return bytes;
  } finally {
    await handle.close();
  }
}

/** The text of a plain file. Rejects as `readRegular` does. */
export async function readText(path: string): Promise<string> {
  return (await readRegular(path, LONGEST_TEXT)).toString('utf8');
}

/** Fills `bytes` from `offset` of a file on. Rejects with UserError where the file ends before. */
export async function fillFrom(handle: FileHandle, bytes: Uint8Array, offset: number, path?: string): Promise<void> {
  for (let done = 0; done < bytes.length; ) {
    const { bytesRead } = await handle.read(bytes, done, Math.min(bytes.length - done, LARGEST_TRANSFER), offset + done);
    if (bytesRead === 0)
      throw new UserError(
        `${path === undefined ? '' : `${path}: `}became shorter while it was read; wait until it is written and open it again`,
      );
    done += bytesRead;
  }
}

function refuseOthers(path: string, found: Stats): void {
  if (!found.isFile()) throw new UserError(`${path}: is ${kindOf(found)}; a file is needed`);
}

function kindOf(found: Stats): string {
  if (found.isDirectory()) return 'a folder';
  if (found.isFIFO()) return 'a pipe, not a regular file';
  if (found.isSocket()) return 'a socket, not a regular file';
  return found.isCharacterDevice() || found.isBlockDevice() ? 'a device, not a regular file' : 'no regular file';
}
