// One file over HTTP: into NAME.part, resumed by a range request, checked by MD5, then renamed. A file
// with its final name is always whole and right.
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { basename } from 'node:path';
import { UserError } from '@shared/user-error';
import { sizeOf } from './sources';

export interface DownloadProgress {
  readonly file: string;
  /** Bytes on disk so far. */
  readonly received: number;
  /** Bytes in all, or null if the server does not say. */
  readonly total: number | null;
}

export interface Download {
  readonly url: string;
  readonly md5: string;
  /** Where the finished file goes. */
  readonly path: string;
  readonly onProgress?: (progress: DownloadProgress) => void;
  readonly signal?: AbortSignal;
}

/** Downloads a file. Rejects with UserError if the server cannot be reached or answers otherwise, or the checksum is wrong. */
export async function download(request: Download): Promise<void> {
  const part = `${request.path}.part`;
  const received = (await sizeOf(part)) ?? 0;
  const response = await ask(request, received);
  // A server that knows no ranges sends all of it again; 416 says the part is as long as the file, or longer.
  if (response.status !== 416) await receive(request, response, part, response.status === 206 ? received : 0);
  const sum = await md5Of(part);
  if (sum !== request.md5) {
    await rm(part, { force: true });
    throw new UserError(`${request.url}: arrived with MD5 ${sum}, published is ${request.md5}; it was removed, try again`);
  }
  await rename(part, request.path);
}

async function ask({ url, signal }: Download, received: number): Promise<Response> {
  const headers = received > 0 ? { range: `bytes=${received}-` } : undefined;
  const response = await fetch(url, { headers, signal }).catch((error: unknown) => unreachable(url, error));
  const expected = response.status === 200 || (received > 0 && (response.status === 206 || response.status === 416));
  if (!expected) throw new UserError(`${url}: the server answered ${response.status} ${response.statusText}`);
  return response;
}

function unreachable(url: string, error: unknown): never {
  if (error instanceof Error && error.name === 'AbortError') throw error;
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause.message : String(error);
  throw new UserError(`${url}: cannot be reached (${cause}); what has arrived is kept and the next attempt goes on from there`);
}

/** Appends the body to the part from `start`. */
async function receive({ url, path, onProgress }: Download, response: Response, part: string, start: number): Promise<void> {
  const length = response.headers.get('content-length');
  const total = length === null ? null : start + Number(length);
  const file = await open(part, start > 0 ? 'a' : 'w');
  let received = start;
  try {
    for await (const chunk of response.body ?? []) {
      await file.write(chunk);
      received += chunk.length;
      onProgress?.({ file: basename(path), received, total });
    }
  } catch (error) {
    unreachable(url, error);
  } finally {
    await file.close();
  }
}

async function md5Of(path: string): Promise<string> {
  const hash = createHash('md5');
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  return hash.digest('hex');
}
