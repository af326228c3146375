// Files written whole or not at all: into a temporary file in the same folder, flushed to the disk,
// then renamed. A full disk, an error or a kill leaves what was there before; what a killed program left unfinished
// is removed by the next one that writes there.
import { rmSync } from 'node:fs';
import { type FileHandle, open, realpath, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { crc32 } from 'node:zlib';
import { onEndingSignal, type EndingSignal } from './ending-signals';
import { exists } from './exists';
import { removeAbandoned, temporaryBeside } from './temporary-name';
import type { ByteSink } from '@shared/checkpoint/entries';
import { UserError } from '@shared/base/user-error';

/** Whether an existing file may be replaced. */
export interface Replace {
  readonly force?: boolean;
}

/** Node moves at most 2 GiB at a time. */
const LARGEST_TRANSFER = 2 ** 30;
/** Small writes are gathered up to this many bytes. */
const GATHERED = 2 ** 20;

/** Writes bytes (or text) as a file. Rejects with UserError if it exists and `force` is not given, or the disk is full. */
export async function writeFileAtomically(
  path: string,
  content: Uint8Array | string | Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
  replace: Replace = {},
): Promise<void> {
  await writeAtomically(path, replace, async (sink) => {
    if (typeof content === 'string') return sink.write(new TextEncoder().encode(content));
    if (content instanceof Uint8Array) return sink.write(content);
    for await (const chunk of content) await sink.write(chunk);
  });
}

/** Writes what `produce` gives to its sink as a file, whole or not at all. Errors as for `writeFileAtomically`, and those of `produce`. */
export async function writeAtomically(path: string, replace: Replace, produce: (sink: ByteSink) => Promise<void>): Promise<void> {
  await refuseExisting(path, replace);
  const target = await realpath(path).catch(() => path);
  await removeAbandoned(dirname(target));
  const temporary = await temporaryBeside(target);
  const finished = underWay(temporary);
  try {
    await writeFlushed(temporary, produce);
    await refuseExisting(path, replace);
    await rename(temporary, target);
    await flushFolder(dirname(target));
  } catch (error) {
    await rm(temporary, { force: true });
    throw writeError(path, error);
  } finally {
    finished();
  }
}

/** Temporary files of this program. */
const unfinished = new Set<string>();
let stopHearing: (() => void) | null = null;

/** Sees to it that a temporary file goes when a signal ends the program; gives back what is to be called when the file is done with. */
function underWay(temporary: string): () => void {
  unfinished.add(temporary);
  stopHearing ??= onEndingSignal(endNow);
  return () => {
    unfinished.delete(temporary);
    if (unfinished.size > 0) return;
    stopHearing?.();
    stopHearing = null;
  };
}

/** Ends as the signal would, the unfinished files taken away; where somebody else hears the signal too, how it ends is theirs. */
function endNow(signal: EndingSignal): void {
  if (process.listenerCount(signal) > 1) return;
  for (const path of unfinished) rmSync(path, { force: true });
  stopHearing?.();
  process.kill(process.pid, signal);
}

/**
 * Rejects with UserError if the file exists and must not be replaced, or is no regular file, which never is: for checking before long
 * work.
 */
export async function refuseExisting(path: string, { force = false }: Replace): Promise<void> {
  const found = force ? await stat(path).catch(() => null) : null;
  if (found && !found.isFile() && !found.isDirectory())
    throw new UserError(`${path}: is no regular file and is not replaced; choose another name`);
  if (!force && (await exists(path))) throw new UserError(`${path}: exists already; choose another name or allow replacing it (--force)`);
}

async function writeFlushed(path: string, produce: (sink: ByteSink) => Promise<void>): Promise<void> {
  const handle = await open(path, 'wx');
  try {
    const sink = new FileSink(handle);
    await produce(sink);
    await sink.flush();
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Bytes after which the disk is set to work, so that little is left to flush at the end. */
const FLUSHED_BEHIND = 2 ** 26;

/**
 * Writes one piece while its owner makes the next: checksums and whatever a piece is made of cost no time where the disk is the
 * slower one. At most one piece is on its way; a failed write is thrown by the next call. Pieces may not change until `flush`.
 */
class FileSink implements ByteSink {
  readonly crc32 = crc32;
  #gathered: Uint8Array[] = [];
  #length = 0;
  #unflushed = 0;
  #writing: Promise<void> = Promise.resolve();
  #flushing: Promise<void> = Promise.resolve();

  constructor(private readonly handle: FileHandle) {}

  async write(bytes: Uint8Array): Promise<void> {
    if (bytes.length >= GATHERED) {
      await this.send(this.takeGathered());
      return this.send(bytes);
    }
    this.#gathered.push(bytes);
    this.#length += bytes.length;
    if (this.#length >= GATHERED) await this.send(this.takeGathered());
  }

  /** Resolves when every byte is written. */
  async flush(): Promise<void> {
    await this.send(this.takeGathered());
    await this.#writing;
    await this.#flushing;
  }

  private takeGathered(): Uint8Array {
    const bytes = Buffer.concat(this.#gathered);
    this.#gathered = [];
    this.#length = 0;
    return bytes;
  }

  private async send(bytes: Uint8Array): Promise<void> {
    await this.#writing;
    this.#writing = this.writeAll(bytes);
    // Whoever waits next hears of a failure; until then nobody listens.
    this.#writing.catch(() => undefined);
    this.#unflushed += bytes.length;
    if (this.#unflushed < FLUSHED_BEHIND) return;
    this.#unflushed = 0;
    await this.#flushing;
    this.#flushing = this.#writing.then(() => this.handle.datasync());
    this.#flushing.catch(() => undefined);
  }

  private async writeAll(bytes: Uint8Array): Promise<void> {
    for (let done = 0; done < bytes.length; )
      done += (await this.handle.write(bytes, done, Math.min(bytes.length - done, LARGEST_TRANSFER))).bytesWritten;
  }
}

/** Makes the rename last through a power cut; not every system can flush a folder. */
async function flushFolder(path: string): Promise<void> {
  const folder = await open(path, 'r').catch(() => undefined);
  await folder?.sync().catch(() => undefined);
  await folder?.close();
}

/** What a failed write means to the user; other errors as they are. */
export function writeError(path: string, error: unknown): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'ENOSPC' || code === 'EDQUOT')
    return new UserError(`${path}: the disk is full; nothing was written, what was there before is unchanged. Make room, then go on`);
  if (code === 'EIO' || code === 'ENXIO' || code === 'ENODEV' || code === 'ESTALE')
    return new UserError(`${path}: the disk does not answer (${code}); nothing is lost that was on it. Connect it again, then go on`);
  if (code === 'ENOENT' || code === 'ENOTDIR') return new UserError(`${path}: the folder ${dirname(path)} does not exist`);
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS') return new UserError(`${path}: may not be written (permission denied)`);
  if (code === 'EISDIR') return new UserError(`${path}: is a folder; give a file name`);
  return error;
}
