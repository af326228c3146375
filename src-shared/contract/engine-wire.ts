// The engine's port between processes: small texts over a channel (WebSocket or MessagePort), arrays by
// URL. Messages arrive in the order they were sent, however long their arrays take.
import type { EnginePort } from '../engine/port';
import { attachArrays, detachArrays } from './bulk';

/** Carries short texts in order. */
export interface TextChannel {
  send(text: string): void;
  onText(listener: (text: string) => void): void;
}

/** Keeps bytes under a URL until the other side has taken them. */
export interface ArrayStore {
  put(bytes: Uint8Array<ArrayBuffer>): Promise<string>;
  take(url: string): Promise<Uint8Array<ArrayBuffer>>;
}

/** The first text a window sends: what it could compute on. */
export interface EngineOffer {
  /** GPU as its graphics library names it; empty if there is none. */
  readonly device: string;
  /** The graphics library computes on the CPU, or there is none. */
  readonly software: boolean;
}

interface Wire {
  readonly url: string | null;
  readonly body: unknown;
}

/** An engine's port over a channel. `onFailure` hears of a message that could not be sent or read. */
export function wirePort(channel: TextChannel, store: ArrayStore, onFailure: (error: unknown) => void): EnginePort {
  let sent: Promise<void> = Promise.resolve();
  let received: Promise<void> = Promise.resolve();
  return {
    postMessage: (message) => {
      const { body, arrays } = detachArrays(message);
      const url = arrays === null ? Promise.resolve(null) : store.put(arrays);
      sent = Promise.all([url, sent]).then(([at]) => channel.send(JSON.stringify({ url: at, body } satisfies Wire)));
      sent = sent.catch(onFailure);
    },
    addEventListener: (_type, listener) => {
      channel.onText((text) => {
        const { url, body } = JSON.parse(text) as Wire;
        const arrays = url === null ? Promise.resolve(null) : store.take(url);
        received = Promise.all([arrays, received]).then(([bytes]) => listener({ data: attachArrays(body, bytes) }));
        received = received.catch(onFailure);
      });
    },
  };
}
