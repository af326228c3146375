// The browser host as users start it, and a client of it without a page: what kills the service needs no browser.
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { WebSocket } from 'ws';
import { dist } from '../../electron/launcher/build.mjs';
import { createStudioClient, type StudioClient } from '../../src-shared/link/client';

export interface RunningHost {
  readonly url: string;
  readonly child: ChildProcess;
  /** Calls as a window makes them; they fail once the host is gone. `hasEngine`: says that there is no GPU, so that the service computes by itself, at once. */
  client(hasEngine: boolean): Promise<StudioClient>;
  /** What admits to the host, once the client is there: `name=value`. */
  cookie(): string;
  /** Ends with the signal; resolves when it has. */
  end(signal: NodeJS.Signals): Promise<void>;
}

export async function startHost(
  runsFolder: string,
  more: readonly string[] = [],
  variables: Readonly<Record<string, string>> = {},
): Promise<RunningHost> {
  const args = [join(dist, 'web-host.mjs'), '--no-browser', '--runs', runsFolder, ...more];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...variables } });
  const ended = once(child, 'exit');
  const url = await addressOf(child);
  let cookie = '';
  return {
    url,
    child,
    client: async (hasEngine) => {
      cookie = await tradeToken(url);
      return connect(url, cookie, hasEngine);
    },
    cookie: () => cookie,
    end: async (signal) => {
      child.kill(signal);
      await ended;
    },
  };
}

function addressOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = '';
    const hear = (chunk: Buffer): void => {
      said += chunk.toString();
      const url = /http:\/\/127\.0\.0\.1:\d+\/#token=[\w-]+/.exec(said)?.[0];
      if (url !== undefined) resolve(url);
    };
    child.stdout?.on('data', hear);
    child.stderr?.on('data', hear);
    child.once('exit', (code) => reject(new Error(`the browser host ended with code ${code} before it gave an address: ${said}`)));
  });
}

async function tradeToken(url: string): Promise<string> {
  const { origin, hash } = new URL(url);
  const session = await fetch(`${origin}/session`, { method: 'POST', body: hash.replace('#token=', '') });
  return session.headers.get('set-cookie')?.split(';')[0] ?? '';
}

function connect(url: string, cookie: string, hasEngine: boolean): StudioClient {
  const { origin, host } = new URL(url);
  const headers = { origin, cookie };
  class Admitted extends WebSocket {
    constructor(address: string) {
      super(address, { headers });
      this.on('error', () => undefined);
    }
  }
  if (hasEngine) {
    const engine = new Admitted(`ws://${host}/engine`);
    engine.once('open', () => engine.send(JSON.stringify({ device: 'none', software: true })));
  }
  Object.assign(globalThis, { WebSocket: Admitted });
  return createStudioClient({ kind: 'webSocket', url: `ws://${host}/rpc` });
}
