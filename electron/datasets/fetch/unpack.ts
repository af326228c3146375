// Unpacks a .tar.gz of plain files, all inside one folder. The folder appears whole or not at all; names
// that lead out of it and anything but files and folders are refused.
import { createReadStream } from 'node:fs';
import { type FileHandle, mkdir, open, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { createGunzip } from 'node:zlib';
import type { DownloadProgress } from '@shared/dataset/published';
import { UserError } from '@shared/base/user-error';
import { sizeOf } from '../sources';

const BLOCK = 512;
/** Entries that only tell of others (times, owners): nothing is written for them. */
const REMARKS = new Set(['x', 'g']);

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
    await writeEntries(new BlockReader(archive, await sizeOf(archive), options), archive, staging, top);
    await rename(join(staging, top), join(folder, top));
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
}

async function writeEntries(reader: BlockReader, archive: string, staging: string, top: string): Promise<void> {
  for (;;) {
    const header = await reader.take(BLOCK);
    if (header.every((byte) => byte === 0)) return;
    const name = textAt(header, 0, 100).replace(/^\.\//, '');
    const size = Number.parseInt(textAt(header, 124, 12).trim() || '0', 8);
    const type = String.fromCharCode(header[156]);
    if (size >= 0 && REMARKS.has(type)) {
      await reader.take(size + padding(size));
      continue;
    }
    if (!(size >= 0) || !isInside(name, top)) throw new UserError(`${archive}: holds an unexpected entry '${name}'; it was not unpacked`);
    if (type === '0' || type === '\0') await writeEntry(reader, join(staging, name), size);
    else if (type === '5') await mkdir(join(staging, name), { recursive: true });
    else throw new UserError(`${archive}: holds '${name}', which is no plain file; it was not unpacked`);
  }
}

/** Bytes up to the end of a block. */
function padding(size: number): number {
  return (BLOCK - (size % BLOCK)) % BLOCK;
}

function isInside(name: string, top: string): boolean {
  const parts = name.split('/').filter((part) => part !== '');
  return parts[0] === top && !parts.includes('..') && !name.includes('\\') && !name.startsWith('/');
}

function textAt(header: Uint8Array, offset: number, length: number): string {
  const field = header.subarray(offset, offset + length);
  const end = field.indexOf(0);
  return new TextDecoder().decode(end < 0 ? field : field.subarray(0, end));
}

async function writeEntry(reader: BlockReader, path: string, size: number): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const file: FileHandle = await open(path, 'wx');
  try {
    for (let left = size; left > 0; ) {
      const bytes = await reader.some(left);
      await file.write(bytes);
      left -= bytes.length;
    }
    await reader.take(padding(size));
  } finally {
    await file.close();
  }
}

/** Reads an unzipped stream piece by piece. */
class BlockReader {
  readonly #chunks: AsyncIterator<Buffer>;
  #rest: Uint8Array = new Uint8Array(0);

  constructor(
    private readonly archive: string,
    total: number | null,
    private readonly options: UnpackOptions,
  ) {
    const source = createReadStream(archive);
    const gunzip = createGunzip();
    source.on('error', (error) => gunzip.destroy(error));
    source.on('data', () => options.onProgress?.({ file: basename(archive), received: source.bytesRead, total }));
    this.#chunks = source.pipe(gunzip)[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  }

  /** At least one and at most `most` bytes. */
  async some(most: number): Promise<Uint8Array> {
    if (this.#rest.length === 0) this.#rest = await this.next();
    const bytes = this.#rest.subarray(0, most);
    this.#rest = this.#rest.subarray(bytes.length);
    return bytes;
  }

  /** Exactly `count` bytes. */
  async take(count: number): Promise<Uint8Array> {
    const bytes = new Uint8Array(count);
    for (let done = 0; done < count; ) {
      const piece = await this.some(count - done);
      bytes.set(piece, done);
      done += piece.length;
    }
    return bytes;
  }

  private async next(): Promise<Uint8Array> {
    this.options.signal?.throwIfAborted();
    const result = await this.#chunks.next().catch((error: unknown) => damaged(this.archive, error));
    if (result.done) damaged(this.archive, new Error('it ends too early'));
    return result.value;
  }
}

function damaged(archive: string, error: unknown): never {
  throw new UserError(
    `${archive}: is a damaged archive (${error instanceof Error ? error.message : String(error)}); remove it and fetch it again`,
  );
}
