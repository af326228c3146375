// The compute engine in a worker of a window. It first offers the service what the window can compute on;
// the engine itself is loaded only if the service wants it.
import { isSoftwareRenderer, rendererName } from '@shared/base/software-renderer';
import type { TextChannel, ArrayStore, EngineOffer } from '@shared/link/wire-port';

/** The first message to the worker: how to reach the service. */
export type EngineStart = { readonly kind: 'socket'; readonly url: string } | { readonly kind: 'port'; readonly port: MessagePort };

addEventListener(
  'message',
  ({ data }: MessageEvent<EngineStart>) =>
    void offer(data.kind === 'socket' ? socketChannel(data.url) : Promise.resolve(portChannel(data.port))),
  { once: true },
);

async function offer(connecting: Promise<TextChannel>): Promise<void> {
  const channel = await connecting;
  let begun: Promise<unknown> | null = null;
  // Texts that come while the engine loads are kept for it.
  const early: string[] = [];
  let listener: (text: string) => void = (text) => {
    early.push(text);
    begun ??= import('./serve').then(({ serve }) => serve({ send: channel.send, onText: take }, urlStore));
  };
  const take = (next: (text: string) => void): void => {
    listener = next;
    early.splice(0).forEach(next);
  };
  channel.onText((text) => listener(text));
  channel.send(JSON.stringify(askWhatItIs()));
}

/** Connects to the browser host. */
function socketChannel(url: string): Promise<TextChannel> {
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

function portChannel(port: MessagePort): TextChannel {
  return {
    send: (text) => port.postMessage(text),
    onText: (listener) => {
      port.addEventListener('message', ({ data }) => listener(String(data)));
      port.start();
    },
  };
}

/** Bytes under /bulk/ of the host that served this window. */
const urlStore: ArrayStore = {
  put: async (body) => expectOk(await fetch(`/bulk/${crypto.randomUUID()}`, { method: 'PUT', body })).text(),
  take: async (url) => new Uint8Array(await expectOk(await fetch(url)).arrayBuffer()),
};

function expectOk(response: Response): Response {
  if (!response.ok) throw new Error(`${response.url} answered ${response.status}`);
  return response;
}

/** The GPU as WebGL names it, and whether it is a program on the CPU. */
function askWhatItIs(): EngineOffer {
  const gl = 'OffscreenCanvas' in globalThis ? new OffscreenCanvas(1, 1).getContext('webgl2') : null;
  if (gl === null) return { device: '', software: true };
  const device = rendererName(gl);
  gl.getExtension('WEBGL_lose_context')?.loseContext();
  return { device, software: isSoftwareRenderer(device) };
}
