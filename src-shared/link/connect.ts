// How a window finds its service. On the desktop it asks the preload script for one end of a channel; in
// a browser it trades the one-time token of its address for a session, then calls by WebSocket.
import { UserError } from '../base/user-error';
import { createStudioClient, type StudioClient } from './client';
import { isPortMessage, requestEvent, type ConnectionPurpose } from './port-message';

/** The parts of a browser's `window` that connecting needs. */
export interface ConnectingPage {
  readonly location: { readonly protocol: string; readonly host: string; readonly hash: string; readonly pathname: string };
  readonly history: { readonly state?: unknown; replaceState(data: unknown, unused: string, url: string): void };
  dispatchEvent(event: Event): boolean;
  addEventListener(type: 'message', listener: (event: MessageEvent) => void): void;
  removeEventListener(type: 'message', listener: (event: MessageEvent) => void): void;
}

/** Connects a window to the service that served it. Throws UserError if the address is no longer valid. */
export async function connectStudio(page: ConnectingPage): Promise<StudioClient> {
  const port = await askForPort(page, 'rpc');
  if (port !== null) return createStudioClient({ kind: 'messagePort', port });
  await startSession(page);
  return createStudioClient({ kind: 'webSocket', url: socketUrl(page, '/rpc') });
}

/** One end of a channel to the desktop's service; null in a browser, where no preload script answers. */
export function askForPort(page: ConnectingPage, purpose: ConnectionPurpose): Promise<MessagePort | null> {
  return new Promise((resolve) => {
    const receive = (event: MessageEvent): void => {
      if (!isPortMessage(event.data, purpose)) return;
      page.removeEventListener('message', receive);
      resolve(event.ports[0]);
    };
    page.addEventListener('message', receive);
    const ignored = page.dispatchEvent(new Event(requestEvent(purpose), { cancelable: true }));
    if (!ignored) return;
    page.removeEventListener('message', receive);
    resolve(null);
  });
}

/** Address of a WebSocket of the browser host. */
export function socketUrl({ location }: ConnectingPage, path: '/rpc' | '/engine'): string {
  return `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}${path}`;
}

/** Trades the token in the address for a session cookie and takes it out of the address bar. */
async function startSession(page: ConnectingPage): Promise<void> {
  const token = /^#token=([\w-]+)$/.exec(page.location.hash)?.[1] ?? '';
  if (token !== '') page.history.replaceState(page.history.state ?? null, '', page.location.pathname);
  const response = await fetch('/session', { method: 'POST', body: token });
  if (!response.ok) throw new UserError(await response.text());
}
