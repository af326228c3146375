// Arrays and files by URL. RPC messages carry only `/bulk/<id>`; the bytes are fetched from there, the
// same way in both hosts. An entry holds bytes, a part of a file, or a promise to compute them when asked.
import { randomUUID } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { LRUCache } from 'lru-cache';
import { securityHeaders } from './headers';
import { UserError } from '@shared/base/user-error';
import { ownTag } from '../files/process-identity';
import { removeAbandonedFolders } from '../files/temporary-name';

type Bytes = Uint8Array<ArrayBuffer>;

export type BulkContent =
  | { readonly kind: 'bytes'; readonly bytes: Bytes }
  | { readonly kind: 'file'; readonly path: string; readonly offset: number; readonly length: number }
  /** Computed at the first request, kept while there is room. */
  | { readonly kind: 'lazy'; readonly length: number; readonly produce: () => Promise<Bytes> };

/** The same stream under the name Node's own declarations have for it. */
type NodeStream = Parameters<typeof Readable.fromWeb>[0];

export interface BulkOptions {
  readonly contentType?: string;
  /** Forgotten after it was fetched whole. */
  readonly once?: boolean;
}

interface Entry {
  readonly id: string;
  readonly content: BulkContent;
  readonly contentType: string;
  readonly once: boolean;
}

/** Bytes kept in memory over all entries before those asked for longest ago are dropped. */
const MEMORY_BUDGET = 2 ** 30;
/** Entries of any kind before those asked for longest ago are dropped. */
const MOST_ENTRIES = 512;
/** Of a file, in bytes, where file systems agree. */
const LONGEST_NAME = 255;
const PREFIX = '/bulk/';
const BINARY = 'application/octet-stream';

/** Content behind `/bulk/<id>` URLs. Invariant: bytes held stay within the budget, or are one entry's alone. */
export class BulkStore {
  private readonly entries = new LRUCache<string, Entry>({ max: MOST_ENTRIES, disposeAfter: (_, id) => this.held.delete(id) });
  /** Bytes in memory, by entry; more than the budget fill it alone. Lazy entries stay without theirs, which can be computed again. */
  private readonly held = new LRUCache<string, Bytes>({
    maxSize: MEMORY_BUDGET,
    sizeCalculation: ({ byteLength }) => Math.min(Math.max(1, byteLength), MEMORY_BUDGET),
    disposeAfter: (_, id) => this.forgetLost(id),
  });
  private uploads: Promise<string> | null = null;

  /** Makes content available; returns its URL path. */
  add(content: BulkContent, options: BulkOptions = {}): string {
    return this.insert(randomUUID(), content, options);
  }

  /** Makes a file available that `write` puts at the path it is given; it is removed with the uploads. */
  async addFile(name: string, write: (path: string) => Promise<void>): Promise<string> {
    const path = join(await mkdtemp(join(await this.uploadFolder(), 'file-')), basename(name));
    await write(path);
    return this.add({ kind: 'file', path, offset: 0, length: (await stat(path)).size });
  }

  /** All bytes of an entry, which is removed. Throws UserError if the URL is unknown. */
  async take(url: string): Promise<Bytes> {
    const entry = this.find(url);
    if (entry === undefined) throw new UserError(`nothing is stored at ${url}; it was taken already or dropped to make room`);
    const bytes = this.readAll(entry);
    this.release(url);
    return bytes;
  }

  /** The file an uploaded entry lies in; null if the URL is not one of ours or holds no whole file. */
  fileOf(url: string): string | null {
    const content = this.find(url)?.content;
    return content?.kind === 'file' ? content.path : null;
  }

  /** Whether something is there still: what is handed out once is not, after it was fetched. */
  has(url: string): boolean {
    return this.entries.peek(idOf(url)) !== undefined;
  }

  release(url: string): void {
    this.entries.delete(idOf(url));
  }

  /** Answers GET and HEAD (whole or a range) and PUT. A PUT with `?name=` is kept as a file of that name. */
  async respond(request: Request): Promise<Response> {
    const url = new URL(request.url);
    if (request.method === 'PUT') return this.receive(idOf(url.pathname), url.searchParams.get('name'), request);
    const entry = this.find(url.pathname);
    if (entry === undefined) return plain(404, 'nothing is stored here');
    const response = await serve(entry, request, () => this.readAll(entry));
    if (entry.once && request.method === 'GET' && response.status === 200) this.release(url.pathname);
    return response;
  }

  /** Removes uploaded files. */
  async close(): Promise<void> {
    this.entries.clear();
    if (this.uploads !== null) await rm(await this.uploads, { recursive: true, force: true });
  }

  private uploadFolder(): Promise<string> {
    return (this.uploads ??= newUploadFolder());
  }

  private find(url: string): Entry | undefined {
    return this.entries.get(idOf(url));
  }

  private insert(id: string, content: BulkContent, { contentType = BINARY, once = false }: BulkOptions = {}): string {
    this.entries.set(id, { id, content, contentType, once });
    if (content.kind === 'bytes') this.held.set(id, content.bytes);
    return PREFIX + id;
  }

  private async receive(id: string, name: string | null, request: Request): Promise<Response> {
    if (!/^[\w-]{16,64}$/.test(id)) return plain(400, 'an upload needs an id of 16 to 64 letters, digits or dashes');
    if (name === null) this.insert(id, { kind: 'bytes', bytes: new Uint8Array(await request.arrayBuffer()) });
    else await this.receiveFile(id, name, request);
    return plain(201, PREFIX + id);
  }

  private async receiveFile(id: string, name: string, request: Request): Promise<void> {
    const file = basename(name);
    if (['', '.', '..'].includes(file) || file.includes('\0') || Buffer.byteLength(file) > LONGEST_NAME) {
      throw new UserError(`expected the name of a file of at most ${LONGEST_NAME} bytes, got ${JSON.stringify(name.slice(0, 80))}`);
    }
    const path = join(await mkdtemp(join(await this.uploadFolder(), 'file-')), file);
    if (request.body === null) throw new UserError(`the upload of ${name} has no content`);
    await pipeline(Readable.fromWeb(request.body as NodeStream), createWriteStream(path));
    this.insert(id, { kind: 'file', path, offset: 0, length: (await stat(path)).size });
  }

  /** Bytes that had to make room take their entry with them, unless it can compute them again. */
  private forgetLost(id: string): void {
    if (this.entries.peek(id)?.content.kind === 'bytes') this.entries.delete(id);
  }

  private async readAll({ id, content }: Entry): Promise<Bytes> {
    if (content.kind === 'bytes') {
      this.held.get(id);
      return content.bytes;
    }
    if (content.kind === 'file')
      return new Uint8Array(await readFile(content.path)).subarray(content.offset, content.offset + content.length);
    const known = this.held.get(id);
    if (known !== undefined) return known;
    const produced = await content.produce();
    if (this.entries.has(id)) this.held.set(id, produced);
    return produced;
  }
}

const UPLOADS = 'repmlp-upload-';

/** A folder for uploads; those of services that were killed are removed. */
async function newUploadFolder(): Promise<string> {
  await removeAbandonedFolders(tmpdir(), UPLOADS);
  return mkdtemp(join(tmpdir(), `${UPLOADS}${await ownTag()}-`));
}

function idOf(url: string): string {
  return url.startsWith(PREFIX) ? url.slice(PREFIX.length) : '';
}

async function serve(entry: Entry, request: Request, readAll: () => Promise<Bytes>): Promise<Response> {
  const length = entry.content.kind === 'bytes' ? entry.content.bytes.byteLength : entry.content.length;
  const range = parseRange(request.headers.get('range'), length);
  if (range === 'unsatisfiable') return plain(416, `the body has ${length} bytes`);
  const { start, end } = range ?? { start: 0, end: length };
  const headers = new Headers({ ...securityHeaders(entry.contentType), 'Accept-Ranges': 'bytes', 'Cache-Control': 'no-store' });
  headers.set('Content-Length', String(end - start));
  if (range !== null) headers.set('Content-Range', `bytes ${start}-${end - 1}/${length}`);
  const body = request.method === 'HEAD' ? null : await bodyOf(entry.content, { start, end }, readAll);
  return new Response(body, { status: range === null ? 200 : 206, headers });
}

async function bodyOf(content: BulkContent, { start, end }: ByteRange, readAll: () => Promise<Bytes>): Promise<BodyInit> {
  if (content.kind !== 'file') return (await readAll()).subarray(start, end);
  if (start === end) return new Uint8Array(0);
  const stream = createReadStream(content.path, { start: content.offset + start, end: content.offset + end - 1 });
  return Readable.toWeb(stream) as ReadableStream<Uint8Array>;
}

/** A short text response. */
export function plain(status: number, text: string): Response {
  return new Response(text, { status, headers: securityHeaders('text/plain; charset=utf-8') });
}

/** A part of a body: bytes [start, end). */
interface ByteRange {
  readonly start: number;
  readonly end: number;
}

/** The range an HTTP header (RFC 9110, section 14: one `bytes=first-last`, either end open) asks for in a body of `length` bytes; null without (or with an unreadable) header; 'unsatisfiable' beyond its end. */
function parseRange(header: string | null, length: number): ByteRange | 'unsatisfiable' | null {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header ?? '');
  if (match === null || (match[1] === '' && match[2] === '')) return null;
  const range =
    match[1] === ''
      ? { start: Math.max(0, length - Number(match[2])), end: length }
      : { start: Number(match[1]), end: match[2] === '' ? length : Math.min(length, Number(match[2]) + 1) };
  return range.start < range.end ? range : 'unsatisfiable';
}
