// How the engine's worker reaches the service: a WebSocket in the browser host, a port on the desktop;
// arrays by URL in both.
import type { ArrayStore, TextChannel } from '@shared/link/wire-port';

/** Connects to the browser host. */
export function socketChannel(url: string): Promise<TextChannel> {
  const socket = new WebSocket(url);
  const channel: TextChannel = {
    send: (text) => socket.send(text),
    onText: (listener) => socket.addEventListener('message', ({ data }) => listener(String(data))),
  };
  return new Promise((resolve, reject) => {
    socket.addEventListener('open', () => resolve(channel), { once: true });
    socket.addEventListener('error', () => reject(new Error(`the service does not answer at ${url}`)), { once: true });
  });
}

export function portChannel(port: MessagePort): TextChannel {
  return {
    send: (text) => port.postMessage(text),
    onText: (listener) => {
      port.addEventListener('message', ({ data }) => listener(String(data)));
      port.start();
    },
  };
}

/** Bytes under /bulk/ of the host that served this window. */
export const urlStore: ArrayStore = {
  put: async (body) => expectOk(await fetch(`/bulk/${crypto.randomUUID()}`, { method: 'PUT', body })).text(),
  take: async (url) => new Uint8Array(await expectOk(await fetch(url)).arrayBuffer()),
};

function expectOk(response: Response): Response {
  if (!response.ok) throw new Error(`${response.url} answered ${response.status}`);
  return response;
}
