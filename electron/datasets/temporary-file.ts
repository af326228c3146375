// Files that live as long as a data set is open: what a gzipped file holds, once, so that it can be read by
// offset. Removed on close; what a killed process left is removed by the next one that makes such a file.
import { createReadStream, createWriteStream, rmSync } from 'node:fs';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { UserError } from '@shared/base/user-error';
import { ownTag } from '../files/process-identity';
import { removeAbandonedFolders } from '../files/temporary-name';

const PREFIX = 'repmlp-data-';
/** Pictures shrink to a half or a tenth; what unfolds further than this would only fill the disk. */
const HIGHEST_EXPANSION = 100;
const ALWAYS_UNZIPPED = 2 ** 28;

export interface TemporaryFile {
  readonly path: string;
  remove(): Promise<void>;
}

/** Folders of this thread that are still there when it ends. */
const held = new Set<string>();
process.on('exit', () => held.forEach((folder) => rmSync(folder, { recursive: true, force: true })));

/** What a gzipped file holds, as a file. Rejects with UserError if it is damaged or there is no room. */
export async function unzipped(archive: string): Promise<TemporaryFile> {
  await removeAbandonedFolders(tmpdir(), PREFIX);
  const folder = await mkdtemp(join(tmpdir(), `${PREFIX}${await ownTag()}-`));
  held.add(folder);
  const remove = async (): Promise<void> => {
    await rm(folder, { recursive: true, force: true });
    held.delete(folder);
  };
  const path = join(folder, 'data');
  try {
    const most = Math.max(ALWAYS_UNZIPPED, HIGHEST_EXPANSION * (await stat(archive)).size);
    await pipeline(createReadStream(archive), createGunzip(), (bytes) => upTo(most, bytes, archive), createWriteStream(path));
  } catch (error) {
    await remove();
    throw failure(archive, folder, error);
  }
  return { path, remove };
}

/** The pieces as they come, as long as they are together no more than `most` bytes. */
async function* upTo(most: number, pieces: AsyncIterable<Uint8Array>, archive: string): AsyncGenerator<Uint8Array, void> {
  let length = 0;
  for await (const piece of pieces) {
    length += piece.length;
    if (length > most)
      throw new UserError(
        `${archive}: unfolds to more than ${most} bytes, over ${HIGHEST_EXPANSION} times its own: it holds no pictures; take it away`,
      );
    yield piece;
  }
}

function failure(archive: string, folder: string, error: unknown): UserError {
  if (error instanceof UserError) return error;
  const { code = '', message } = error as NodeJS.ErrnoException;
  if (code.startsWith('Z')) return new UserError(`${archive}: is a damaged gzip file (${message}): fetch it again`);
  return new UserError(`${archive}: cannot be unzipped into ${folder} (${message}); make room there, or unzip it yourself`);
}
