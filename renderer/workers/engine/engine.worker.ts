// The compute engine in a worker of a window. It first offers the service what the window can compute on;
// the engine itself is loaded only if the service wants it.
import { askWhatItIs } from './graphics';
import { socketChannel, portChannel, urlStore } from './channel';
import type { TextChannel } from '@shared/link/wire-port';

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
