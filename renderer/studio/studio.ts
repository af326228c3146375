// The connection to the service that owns files, runs and training. Views never see how they are
// connected; without a connection the pure stages (model, cost) go on working.
import { createStore } from './state';
import type { StudioClient } from '@shared/link/client';
import type { AppInfo } from '@shared/link/studio';
import type { BackendReport } from '@shared/compute/engine';

export type { StudioClient };

export interface Connection {
  readonly client: StudioClient | null;
  readonly info: AppInfo | null;
  readonly backends: readonly BackendReport[];
  /** Why there is no connection; null while connecting or connected. */
  readonly problem: string | null;
  /** Connected, and yet it has not answered for a while. */
  readonly silent: boolean;
}

export const connection = createStore<Connection>(() => ({ client: null, info: null, backends: [], problem: null, silent: false }));

/** The client, or an error that says what is missing. */
export function studio(): StudioClient {
  const { client, problem } = connection.getState();
  if (client) return client;
  throw new Error(problem ?? 'Still connecting to the studio service; try again in a moment.');
}
