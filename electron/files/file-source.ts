// A file on disk as a source of bytes, read by range.
import { open } from 'node:fs/promises';
import { crc32 } from 'node:zlib';
import type { ByteSource } from '@shared/checkpoint/byte-source';
import { UserError } from '@shared/base/user-error';

/** Node moves at most 2 GiB at a time. */
const LARGEST_TRANSFER = 2 ** 30;

/** Gives `length` bytes to read into, or null for an array of the reader's own. */
export type AllocateBytes = (length: number) => Uint8Array | null;

/** Not zeroed: every byte is overwritten or the read fails. */
function unzeroed(length: number): Uint8Array {
  return new Uint8Array(Buffer.allocUnsafeSlow(length).buffer);
}

/** Opens a file for reading, into arrays from `allocate`. Rejects with UserError if there is none or it may not be read. */
export async function fileSource(path: string, allocate?: AllocateBytes): Promise<ByteSource> {
  const handle = await open(path, 'r').catch((error: unknown) => {
    throw readError(path, error);
  });
  const stat = await handle.stat();
  if (!stat.isFile()) {
    await handle.close();
    throw new UserError(`${path}: is ${stat.isDirectory() ? 'a folder' : 'no regular file'}; a checkpoint file is needed`);
  }
  return {
    size: stat.size,
    crc32,
    close: () => handle.close(),
    read: async (offset, length) => {
      const bytes = allocate?.(length) ?? unzeroed(length);
      for (let done = 0; done < length; ) {
        const { bytesRead } = await handle.read(bytes, done, Math.min(length - done, LARGEST_TRANSFER), offset + done);
        if (bytesRead === 0) throw new UserError('became shorter while it was read; wait until it is written and open it again');
        done += bytesRead;
      }
      return bytes;
    },
  };
}

/** What a failed open means to the user; other errors as they are. */
export function readError(path: string, error: unknown): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'ENOENT' || code === 'ENOTDIR') return new UserError(`${path}: there is no such file`);
  if (code === 'EACCES' || code === 'EPERM') return new UserError(`${path}: this file may not be read (permission denied)`);
  return error;
}
