// What a window loads: the built renderer's files, arrays under /bulk/, samples of data sets under
// /dataset, the embedded digits under /digits. Both hosts answer requests
// with this one function; nothing outside the renderer's folder can be reached through it.
import { readFile } from 'node:fs/promises';
import { extname, join, normalize, sep } from 'node:path';
import { plain, type BulkStore } from './bulk';
import type { DatasetEndpoint } from './dataset/dataset-endpoint';
import { readDigits } from '../datasets/digits-file';
import { securityHeaders } from './headers';
import { UserError } from '@shared/base/user-error';

const contentTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.map': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.wasm': 'application/wasm',
  '.ttf': 'font/ttf',
  '.woff2': 'font/woff2',
};

export type Site = (request: Request) => Promise<Response>;

/** Serves the renderer in `folder`, the arrays of `bulk` and the data sets behind `datasets`. */
export function createSite(folder: string, { bulk, datasets }: { readonly bulk: BulkStore; readonly datasets: DatasetEndpoint }): Site {
  return async (request) => {
    const { pathname } = new URL(request.url);
    if (pathname.startsWith('/bulk/')) return bulk.respond(request);
    if (pathname === '/dataset') return datasets.respond(request);
    if (request.method !== 'GET' && request.method !== 'HEAD') return plain(405, 'only GET and HEAD are answered here');
    if (pathname === '/digits') return serveDigits(request.method === 'HEAD');
    return serveFile(folder, pathname, request.method === 'HEAD');
  };
}

async function serveDigits(headOnly: boolean): Promise<Response> {
  try {
    const bytes = await readDigits();
    const headers = { ...securityHeaders('application/octet-stream'), 'Content-Length': String(bytes.byteLength) };
    return new Response(headOnly ? null : Buffer.from(bytes), { headers });
  } catch (error) {
    if (error instanceof UserError) return plain(404, error.message);
    throw error;
  }
}

async function serveFile(folder: string, pathname: string, headOnly: boolean): Promise<Response> {
  const path = containedPath(folder, pathname === '/' ? '/index.html' : pathname);
  if (path === null) return plain(403, 'this path is outside of what is served');
  const contentType = contentTypes[extname(path)];
  if (contentType === undefined) return plain(404, 'no such file');
  try {
    const bytes = await readFile(path);
    return new Response(headOnly ? null : bytes, {
      headers: { ...securityHeaders(contentType), 'Content-Length': String(bytes.byteLength) },
    });
  } catch {
    return plain(404, 'no such file');
  }
}

/** The file a URL path names, or null if it leads out of the folder. */
export function containedPath(folder: string, pathname: string): string | null {
  const decoded = decode(pathname);
  if (decoded === null || decoded.includes('\0')) return null;
  const path = normalize(join(folder, decoded));
  return path.startsWith(normalize(folder) + sep) ? path : null;
}

function decode(pathname: string): string | null {
  try {
    return decodeURIComponent(pathname).replaceAll('\\', '/');
  } catch {
    return null;
  }
}
