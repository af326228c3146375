// A file on disk as a source of bytes, read by range.
import { crc32 } from 'node:zlib';
import type { ByteSource } from '@shared/checkpoint/byte-source';
import { UserError } from '@shared/base/user-error';
import { fillFrom, openRegular } from './regular-file';

/** Gives `length` bytes to read into, or null for an array of the reader's own. */
export type AllocateBytes = (length: number) => Uint8Array | null;

/** Smaller arrays are copied in no time. */
const SMALLEST_SHARED = 2 ** 20;

/** Memory that threads share: weights read into it are not copied when an engine in another thread is given them. */
export const sharedBytes: AllocateBytes = (length) => (length < SMALLEST_SHARED ? null : new Uint8Array(new SharedArrayBuffer(length)));

/** Not zeroed: every byte is overwritten or the read fails. */
function unzeroed(length: number): Uint8Array {
  return new Uint8Array(Buffer.allocUnsafeSlow(length).buffer);
}

/** Opens a file for reading, into arrays from `allocate`. Rejects with UserError if there is none or it may not be read. */
export async function fileSource(path: string, allocate?: AllocateBytes): Promise<ByteSource> {
  const { handle, size } = await openRegular(path).catch((error: unknown) => {
    throw readError(path, error);
  });
  return {
    size,
    crc32,
    close: () => handle.close(),
    read: async (offset, length) => {
      const bytes = allocate?.(length) ?? unzeroed(length);
      await fillFrom(handle, bytes, offset);
      return bytes;
    },
  };
}

/** What a failed open means to the user; other errors as they are. */
function readError(path: string, error: unknown): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'ENOENT' || code === 'ENOTDIR') return new UserError(`${path}: there is no such file`);
  if (code === 'EACCES' || code === 'EPERM') return new UserError(`${path}: this file may not be read (permission denied)`);
  return error;
}
