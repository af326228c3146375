// Unpacks a .tar.gz of plain files, all inside one folder. The folder appears whole or not at all; names
// that lead out of it and anything but files and folders are refused.
import { createReadStream } from 'node:fs';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { extract, type Entry } from 'tar-stream';
import type { DownloadProgress } from '@shared/dataset/published';
import { UserError } from '@shared/base/user-error';
import { sizeOf } from '../sources';

export interface UnpackOptions {
  /** Hears how much of the archive has been read. */
  readonly onProgress?: (progress: DownloadProgress) => void;
  readonly signal?: AbortSignal;
}

/** Unpacks `archive`, whose entries all lie in `top`, into `folder`. Rejects with UserError for a damaged archive or one with other entries. */
export async function unpackTarGz(archive: string, folder: string, top: string, options: UnpackOptions = {}): Promise<void> {
  const staging = join(folder, `.${top}.unpacking`);
  await rm(staging, { recursive: true, force: true });
  try {
    await writeEntries(archive, staging, top, options);
    await rename(join(staging, top), join(folder, top));
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
}

/** The archive is read while its entries are written; whichever fails first ends the other. */
async function writeEntries(archive: string, staging: string, top: string, { onProgress, signal }: UnpackOptions): Promise<void> {
  const total = await sizeOf(archive);
  const source = createReadStream(archive);
  source.on('data', () => onProgress?.({ file: basename(archive), received: source.bytesRead, total }));
  // Archives older than ustar say no format; their headers' sums are checked all the same.
  const entries = extract({ allowUnknownFormat: true });
  const reading = pipeline(source, createGunzip(), entries, { signal });
  const writing = (async () => {
    for await (const entry of entries) await writeEntry(entry, archive, staging, top);
  })();
  const failures = (await Promise.allSettled([writing, reading])).flatMap((one) => (one.status === 'rejected' ? [one.reason] : []));
  signal?.throwIfAborted();
  if (failures.length > 0) throw failures.find((error) => error instanceof UserError || isOfFiles(error)) ?? damaged(archive, failures[0]);
}

async function writeEntry(entry: Entry, archive: string, staging: string, top: string): Promise<void> {
  const { name, type } = entry.header;
  if (!isInside(name, top)) throw new UserError(`${archive}: holds an unexpected entry '${name}'; it was not unpacked`);
  const path = join(staging, name);
  if (type === 'file') {
    await writeFile(entry, path);
  } else if (type === 'directory') {
    await mkdir(path, { recursive: true });
    entry.resume();
  } else throw new UserError(`${archive}: holds '${name}', which is no plain file; it was not unpacked`);
}

async function writeFile(entry: Entry, path: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const file = await open(path, 'wx');
  try {
    for await (const bytes of entry) await file.writeFile(bytes as Buffer);
  } finally {
    await file.close();
  }
}

/** Whether an entry's name lies in `top`; a leading `./` aside. */
function isInside(name: string, top: string): boolean {
  const parts = name.split('/').filter((part) => part !== '' && part !== '.');
  return parts[0] === top && !parts.includes('..') && !name.includes('\\') && !name.startsWith('/');
}

/** An error of the file system (a full disk, a missing right), not of the archive. */
function isOfFiles(error: unknown): boolean {
  return error instanceof Error && 'syscall' in error;
}

function damaged(archive: string, error: unknown): UserError {
  const reason = error instanceof Error ? error.message : String(error);
  return new UserError(`${archive}: is a damaged archive (${reason}); remove it and fetch it again`);
}
