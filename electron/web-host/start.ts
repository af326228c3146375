// Puts the browser host together from the built renderer, the service and a port.
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { UserError } from '@shared/base/user-error';
import type { EnginePolicy } from '../app/engines';
import { createService } from '../app/service';
import { createSite } from '../app/site';
import { lastingIn, leaveLasting } from './lasting-session';
import { listenWebHost, type WebHost } from './web-host';

export interface WebHostOptions {
  /** 0 picks a free one. */
  readonly port: number;
  readonly runsFolder: string;
  /** Where to compute: see EnginePolicy; `auto` unless given. */
  readonly enginePolicy?: EnginePolicy;
  /** The built window; beside the program's own bundle unless given. */
  readonly renderer?: string;
}

/** Starts the browser host. Throws UserError if the port is in use or the window was not built. */
export async function startWebHost({
  port,
  runsFolder,
  renderer = builtRenderer(),
  enginePolicy = 'auto',
}: WebHostOptions): Promise<WebHost> {
  if (!Number.isInteger(port) || port < 0 || port > 65535) throw new UserError(`expected a port number from 0 to 65535, got ${port}`);
  if (!existsSync(join(renderer, 'index.html'))) throw new UserError('the window is not built yet; run `npm run build` first');
  const service = createService({ host: browserHost, runsFolder, enginePolicy });
  const host = await listenWebHost({ port, before: await lastingIn(runsFolder), service, site: createSite(renderer, service) });
  await leaveLasting(runsFolder, host.lasting).catch((error: Error) =>
    console.error(`windows that are open will not find the studio again after a new start: ${error.message}`),
  );
  return { ...host, close: () => host.close().then(() => service.close()) };
}

/** A browser has no dialogs of its own: the window uploads files instead. */
const browserHost = { kind: 'browser', chooseFile: () => Promise.resolve(null) } as const;

function builtRenderer(): string {
  return join(dirname(fileURLToPath(import.meta.url)), 'renderer');
}
