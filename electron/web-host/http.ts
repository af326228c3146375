// Between Node's HTTP server and the Request/Response pair that the service answers in both hosts.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT']);

/** Where a request goes; null if that is no address, or it is asked in a way in which nothing is answered. */
export function targetOf({ url = '/', method = 'GET' }: IncomingMessage): URL | null {
  const address = `http://localhost${url}`;
  return METHODS.has(method) && url.startsWith('/') && URL.canParse(address) ? new URL(address) : null;
}

/** A Node request to `target` as a web Request. Its body is left where it is unless `withBody`. */
export function toRequest(incoming: IncomingMessage, target: URL, withBody: boolean): Request {
  const headers = new Headers();
  for (const [name, value] of Object.entries(incoming.headers)) {
    if (typeof value === 'string') headers.set(name, value);
  }
  const { method } = incoming;
  const hasBody = withBody && method !== 'GET' && method !== 'HEAD';
  const body = hasBody ? { body: Readable.toWeb(incoming) as ReadableStream, duplex: 'half' } : {};
  return new Request(target, { method, headers, ...body } as RequestInit);
}

/** A body of at most `limit` bytes; null if it is longer. What is not read passes by unkept. */
export async function shortBody(incoming: IncomingMessage, limit: number): Promise<string | null> {
  const body = Number(incoming.headers['content-length'] ?? 0) > limit ? null : await readUpTo(incoming, limit);
  incoming.resume();
  return body;
}

async function readUpTo(incoming: IncomingMessage, limit: number): Promise<string | null> {
  const chunks: Buffer[] = [];
  let size = 0;
  // Leaving the loop must not end the connection: the answer goes over it.
  for await (const chunk of incoming.iterator({ destroyOnReturn: false })) {
    chunks.push(chunk as Buffer);
    size += (chunk as Buffer).byteLength;
    if (size > limit) return null;
  }
  return Buffer.concat(chunks).toString();
}

/** Sends a web Response; a client that leaves early ends it quietly. */
export async function send(response: Response, outgoing: ServerResponse): Promise<void> {
  outgoing.writeHead(response.status, Object.fromEntries(response.headers));
  if (response.body === null) {
    outgoing.end();
    return;
  }
  await pipeline(Readable.fromWeb(response.body as Parameters<typeof Readable.fromWeb>[0]), outgoing).catch(() => outgoing.destroy());
}
