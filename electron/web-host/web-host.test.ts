import { createServer, request as httpRequest, type IncomingMessage, type RequestOptions } from 'node:http';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { startWebHost } from './start';
import type { WebHost } from './web-host';

let folder: string;
let host: WebHost;
let port: number;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'repmlp-host-'));
  await mkdir(join(folder, 'renderer'));
  await writeFile(join(folder, 'renderer', 'index.html'), '<!doctype html>');
  await writeFile(join(folder, 'secret.html'), 'secret');
  host = await startWebHost({ port: 0, runsFolder: join(folder, 'runs'), renderer: join(folder, 'renderer') });
  port = Number(new URL(host.url).port);
});

afterAll(async () => {
  await host?.close();
  await rm(folder, { recursive: true, force: true });
});

/** A raw request, so that paths and headers arrive as written. */
function ask(path: string, options: RequestOptions = {}, body = ''): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const request = httpRequest({ host: '127.0.0.1', port, path, ...options }, (response) => resolve(response.resume()));
    request.once('error', reject).end(body);
  });
}

const tokenOf = (url: string): string => url.split('token=')[1];
const trade = (token: string): Promise<IncomingMessage> => ask('/session', { method: 'POST' }, token);

/** Whether a WebSocket to this path opens. */
function opens(path: string, headers: Record<string, string>): Promise<boolean> {
  const socket = new WebSocket(`ws://127.0.0.1:${port}${path}`, { headers });
  return new Promise((resolve) => {
    socket.once('open', () => resolve(true)).once('error', () => resolve(false));
  }).finally(() => socket.terminate()) as Promise<boolean>;
}

describe('the browser host', () => {
  it('turns away requests under another name, as DNS rebinding sends them, and from other pages', async () => {
    expect((await ask('/')).statusCode).toBe(200);
    expect((await ask('/', { headers: { host: `localhost:${port + 1}` } })).statusCode).toBe(200);
    expect((await ask('/', { headers: { host: `hostile.example:${port}` } })).statusCode).toBe(403);
    expect((await ask('/', { headers: { origin: 'http://hostile.example' } })).statusCode).toBe(403);
  });

  it('serves nothing outside the renderer folder', async () => {
    for (const path of ['/../secret.html', '/%2e%2e/secret.html', '/..%2fsecret.html', '/..%5csecret.html', '/%00/index.html', '/%zz']) {
      expect((await ask(path)).statusCode, path).toBeGreaterThanOrEqual(403);
    }
  });

  it('takes a token once, and gives arrays and calls only to its session', async () => {
    const origin = `http://127.0.0.1:${port}`;
    expect((await trade('guess')).statusCode).toBe(403);
    expect((await ask('/bulk/0123456789abcdef')).statusCode).toBe(403);
    expect(await opens('/rpc', { origin })).toBe(false);
    const token = tokenOf(host.newUrl());
    const admitted = await trade(token);
    const cookie = admitted.headers['set-cookie']?.[0].split(';')[0] ?? '';
    expect(admitted.headers['set-cookie']?.[0]).toMatch(/HttpOnly; SameSite=Strict/);
    expect((await trade(token)).statusCode).toBe(403);
    expect((await ask('/bulk/0123456789abcdef', { headers: { cookie } })).statusCode).toBe(404);
    expect(await opens('/rpc', { origin, cookie })).toBe(true);
  });

  it('opens no socket for a session used from another page, from no page, or to another path', async () => {
    const cookie = (await trade(tokenOf(host.newUrl()))).headers['set-cookie']?.[0].split(';')[0] ?? '';
    const origin = `http://127.0.0.1:${port}`;
    expect(await opens('/rpc', { origin: 'http://hostile.example', cookie })).toBe(false);
    expect(await opens('/rpc', { cookie })).toBe(false);
    expect(await opens('/elsewhere', { origin, cookie })).toBe(false);
  });

  it('sends the isolation and security headers with every answer, refusals too', async () => {
    for (const path of ['/', '/nothing.js', '/bulk/x']) {
      const { headers } = await ask(path);
      expect(headers['content-security-policy'], path).toContain("default-src 'none'");
      expect(headers['cross-origin-opener-policy'], path).toBe('same-origin');
      expect(headers['cross-origin-embedder-policy'], path).toBe('require-corp');
      expect(headers['x-content-type-options'], path).toBe('nosniff');
    }
  });

  it('says in one sentence that a port is in use', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => other.once('listening', resolve));
    const { port: taken } = other.address() as AddressInfo;
    const start = startWebHost({ port: taken, runsFolder: folder, renderer: join(folder, 'renderer') });
    await expect(start).rejects.toThrow(`port ${taken} is in use by another program; choose another with --port, or leave it out`);
    other.close();
  });
});
