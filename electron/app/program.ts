// The program itself: version, host, what the host tells windows, dialogs.
import { implement } from '@orpc/server';
import { studioContract } from '@shared/link/studio';
import type { Studio } from './studio';
import { STUDIO_VERSION } from '../files/version';

/** Implements `app` of the contract. */
export function appProcedures({ host, runsFolder, hostEvents, engines }: Studio) {
  const app = implement(studioContract.app);
  return {
    info: app.info.handler(() => ({ version: STUDIO_VERSION, host: host.kind, platform: process.platform, runsFolder })),
    events: app.events.handler(({ signal }) => hostEvents.subscribe(signal)),
    chooseFile: app.chooseFile.handler(({ input }) => host.chooseFile(input.folder)),
    backends: app.backends.handler(() => engines.backends()),
  };
}
