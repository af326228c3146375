// How a window finds its service. On the desktop (app://) it asks the preload script for one end of a
// channel; in a browser it trades the one-time token of its address for a session, then calls back by WebSocket.
import { UserError } from '../user-error';
import { createStudioClient, type StudioClient } from './client';

/** The parts of a browser's `window` that connecting needs. */
export interface ConnectingPage {
  readonly location: {
    readonly protocol: string;
    readonly host: string;
    readonly origin: string;
    readonly hash: string;
    readonly pathname: string;
  };
  readonly history: { replaceState(data: null, unused: string, url: string): void };
  postMessage(message: unknown, targetOrigin: string): void;
  addEventListener(type: 'message', listener: (event: MessageEvent) => void): void;
  removeEventListener(type: 'message', listener: (event: MessageEvent) => void): void;
}

/** Words exchanged between page and preload script. */
export const ASK_FOR_PORT = 'repmlp:ask-for-port';
export const HERE_IS_PORT = 'repmlp:here-is-port';

/** Connects a window to the service that served it. Throws UserError if the address is no longer valid. */
export async function connectStudio(page: ConnectingPage): Promise<StudioClient> {
  if (page.location.protocol === 'app:') return createStudioClient({ kind: 'messagePort', port: await askForPort(page) });
  await startSession(page);
  const scheme = page.location.protocol === 'https:' ? 'wss' : 'ws';
  return createStudioClient({ kind: 'webSocket', url: `${scheme}://${page.location.host}/rpc` });
}

function askForPort(page: ConnectingPage): Promise<MessagePort> {
  return new Promise((resolve) => {
    const receive = (event: MessageEvent): void => {
      if (event.data !== HERE_IS_PORT || event.ports.length === 0) return;
      page.removeEventListener('message', receive);
      resolve(event.ports[0]);
    };
    page.addEventListener('message', receive);
    page.postMessage(ASK_FOR_PORT, '*');
  });
}

/** Trades the token in the address for a session cookie and takes it out of the address bar. */
async function startSession(page: ConnectingPage): Promise<void> {
  const token = /^#token=([\w-]+)$/.exec(page.location.hash)?.[1] ?? '';
  if (token !== '') page.history.replaceState(null, '', page.location.pathname);
  const response = await fetch('/session', { method: 'POST', body: token });
  if (!response.ok) throw new UserError(await response.text());
}
