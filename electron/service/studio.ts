// What every procedure of the service works with.
import type { HostEvent } from '@shared/contract/studio';
import type { BulkStore } from './bulk';
import type { Broadcast } from './broadcast';

/** What differs between the hosts. */
export interface ServiceHost {
  readonly kind: 'desktop' | 'browser';
  /** Shows an open dialog; null if the user gave up or the host has none. */
  chooseFile(folder: boolean): Promise<string | null>;
}

/** State shared by the procedures of one service. */
export interface Studio {
  readonly host: ServiceHost;
  readonly runsFolder: string;
  readonly bulk: BulkStore;
  readonly hostEvents: Broadcast<HostEvent>;
}
