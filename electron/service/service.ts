// The service behind every window: owns runs, opened weights and the compute engine, and implements
// the studio contract. Plain Node; both hosts put a window in front of it.

import { resolve } from 'node:path';
import type { HostEvent } from '@shared/contract/studio';
import { Broadcast } from './broadcast';
import { BulkStore } from './bulk';
import { appProcedures } from './procedures/app';
import { serveRouter, type RpcServer } from './rpc';
import type { ServiceHost, Studio } from './studio';

export interface ServiceOptions {
  readonly host: ServiceHost;
  readonly runsFolder: string;
}

export interface Service extends RpcServer {
  readonly bulk: BulkStore;
  /** Tells every window something it did not ask for. */
  tell(event: HostEvent): void;
  close(): Promise<void>;
}

/** Starts the service; nothing is computed or read before a window asks. */
export function createService({ host, runsFolder }: ServiceOptions): Service {
  const studio: Studio = { host, runsFolder: resolve(runsFolder), bulk: new BulkStore(), hostEvents: new Broadcast() };
  const rpc = serveRouter(createRouter(studio));
  return {
    ...rpc,
    bulk: studio.bulk,
    tell: (event) => studio.hostEvents.send(event),
    close: () => studio.bulk.close(),
  };
}

function createRouter(studio: Studio) {
  return { app: appProcedures(studio) };
}
