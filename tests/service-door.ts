// The service as a window reaches it, in this process: the contract's own client over a MessagePort, arrays by URL. The
// engine is a thread of Node, as that of the command line, so that both doors compute alike.
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { MessageChannel } from 'node:worker_threads';
import type { createService, Service } from '../electron/app/service';
import { buildService, dist } from '../electron/launcher/build.mjs';
import { createStudioClient, type StudioClient } from '../src-shared/link/client';

export interface ServiceDoor {
  readonly client: StudioClient;
  readonly runsFolder: string;
  /** What lies behind a URL that a call answered. */
  fetchBytes(url: string): Promise<Uint8Array<ArrayBuffer>>;
  /** Hands a file over as a window does; gives the URL that `checkpoint.open` takes. */
  upload(name: string, bytes: Uint8Array<ArrayBuffer>): Promise<string>;
  close(): Promise<void>;
}

/** Starts a service with an empty runs folder. */
export async function openServiceDoor(): Promise<ServiceDoor> {
  await buildService();
  const bundle = (await import(pathToFileURL(join(dist, 'service.mjs')).href)) as { readonly createService: typeof createService };
  const runsFolder = await mkdtemp(join(tmpdir(), 'repmlp-door-'));
  const host = { kind: 'browser', chooseFile: () => Promise.resolve(null) } as const;
  const service: Service = bundle.createService({ host, runsFolder, enginePolicy: 'auto' });
  const { port1, port2 } = new MessageChannel();
  service.attachPort(port2);
  port2.start();
  return {
    client: createStudioClient({ kind: 'messagePort', port: port1 }),
    runsFolder,
    fetchBytes: async (url) => new Uint8Array(await (await service.bulk.respond(new Request(`http://studio${url}`))).arrayBuffer()),
    upload: async (name, body) => {
      const url = `http://studio/bulk/${randomUUID()}?name=${encodeURIComponent(name)}`;
      return (await service.bulk.respond(new Request(url, { method: 'PUT', body }))).text();
    },
    close: async () => {
      port1.close();
      await service.close();
      await rm(runsFolder, { recursive: true, force: true });
    },
  };
}

/** The last event of a stream. */
export async function lastOf<T>(stream: Promise<AsyncIterable<T>>): Promise<T> {
  let last: T | undefined;
  for await (const event of await stream) last = event;
  if (last === undefined) throw new Error('the stream ended without an event');
  return last;
}
