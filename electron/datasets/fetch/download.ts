// One file over HTTP: into NAME.part, resumed by a range request, checked by MD5, then renamed. A file
// with its final name is always whole and right.
import { isAbort } from '@shared/base/message-of';
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import type { DownloadProgress } from '@shared/dataset/published';
import { UserError } from '@shared/base/user-error';
import { sizeOf } from '../sources';

/** A file and the checksum it must have. */
export interface Checked {
  readonly md5: string;
  /** Where the finished file goes. */
  readonly path: string;
  readonly signal?: AbortSignal;
  readonly onCheck?: (progress: DownloadProgress) => void;
}

export interface Download extends Checked {
  readonly url: string;
  readonly onProgress?: (progress: DownloadProgress) => void;
}

/** Downloads a file. Rejects with UserError if the server cannot be reached or answers otherwise, or the checksum is wrong. */
export async function download(request: Download): Promise<void> {
  const part = `${request.path}.part`;
  const received = (await sizeOf(part)) ?? 0;
  const response = await ask(request, received);
  // A server that knows no ranges sends all of it again; 416 says the part is as long as the file, or longer.
  if (response.status !== 416) await receive(request, response, part, response.status === 206 ? received : 0);
  const sum = await md5Of(part, request);
  if (sum !== request.md5) {
    await rm(part, { force: true });
    throw new UserError(`${request.url}: arrived with MD5 ${sum}, published is ${request.md5}; it was removed, try again`);
  }
  await rename(part, request.path);
}

/** Rejects with UserError if a file that lies there is not the published one. */
export async function checkSum(file: Checked): Promise<void> {
  const sum = await md5Of(file.path, file);
  if (sum !== file.md5)
    throw new UserError(`${file.path}: is there already, with MD5 ${sum}; published is ${file.md5}. Remove or rename it and fetch again`);
}

async function ask({ url, path, signal }: Download, received: number): Promise<Response> {
  const headers = received > 0 ? { range: `bytes=${received}-` } : undefined;
  const response = await fetch(url, { headers, signal }).catch((error: unknown) => unreachable(url, path, error));
  const expected = response.status === 200 || (received > 0 && (response.status === 206 || response.status === 416));
  if (!expected) throw new UserError(`${url}: the server answered ${response.status} ${response.statusText}; ${byHand(path)}`);
  return response;
}

function unreachable(url: string, path: string, error: unknown): never {
  if (isAbort(error)) throw error;
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause.message : String(error);
  throw new UserError(
    `${url}: cannot be reached (${cause}); what has arrived is kept and the next attempt goes on from there, or ${byHand(path)}`,
  );
}

function byHand(path: string): string {
  return `put the file into ${dirname(path)} by other means and fetch again: it is checked then`;
}

/** Appends the body to the part from `start`. */
async function receive({ url, path, onProgress }: Download, response: Response, part: string, start: number): Promise<void> {
  const length = response.headers.get('content-length');
  const total = length === null ? null : start + Number(length);
  const file = await open(part, start > 0 ? 'a' : 'w');
  let received = start;
  try {
    for await (const chunk of bodyOf(response, url, path)) {
      await append(file, chunk, part);
      received += chunk.length;
      onProgress?.({ file: basename(path), received, total });
    }
  } finally {
    await file.close();
  }
}

/** The body piece by piece; a connection that breaks is told apart from a disk that is full. */
async function* bodyOf(response: Response, url: string, path: string): AsyncGenerator<Uint8Array, void> {
  try {
    yield* response.body ?? [];
  } catch (error) {
    unreachable(url, path, error);
  }
}

async function append(file: FileHandle, chunk: Uint8Array, part: string): Promise<void> {
  await file.write(chunk).catch((error: unknown) => {
    throw new UserError(
      `${part}: cannot be written (${error instanceof Error ? error.message : String(error)}); what has arrived is kept: make room and fetch again`,
    );
  });
}

/** MD5 of a file in hexadecimal. */
async function md5Of(path: string, { path: name, signal, onCheck }: Checked): Promise<string> {
  const hash = createHash('md5');
  const total = await sizeOf(path);
  let received = 0;
  for await (const chunk of createReadStream(path, { signal, highWaterMark: 2 ** 20 })) {
    hash.update(chunk as Buffer);
    received += (chunk as Buffer).length;
    onCheck?.({ file: basename(name), received, total });
  }
  return hash.digest('hex');
}
