// An engine's port between processes: small texts over a channel (WebSocket or MessagePort), arrays by
// URL. Messages arrive in the order they were sent, however long their arrays take. What comes over a channel
// may be anything: a text that is not as the schemas here have it is refused, never acted on.
import { z } from 'zod';
import { attachArrays, detachArrays } from './bulk';
import type { Port } from './port';

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

const engineOffer = z.object({
  /** GPU as its graphics library names it; empty if there is none. */
  device: z.string().max(1000),
  /** The graphics library computes on the CPU, or there is none. */
  software: z.boolean(),
});
/** The first text a window sends: what it could compute on. */
export type EngineOffer = Readonly<z.infer<typeof engineOffer>>;

const wire = z.object({ url: z.string().nullable(), body: z.unknown() });
type Wire = z.infer<typeof wire>;

/** A message of the RPC library: a call or its answer, an item or the end of a stream, the end of interest in a call. */
const rpcMessage = z.union([
  z.object({ i: z.string(), t: z.undefined().optional(), p: z.object({ u: z.string().optional() }) }),
  z.object({ i: z.string(), t: z.literal(3), p: z.object({ e: z.enum(['message', 'error', 'done']) }) }),
  z.object({ i: z.string(), t: z.literal(4) }),
]);

/** The offer in a window's first text; null if there is none in it. */
export function readOffer(text: string): EngineOffer | null {
  return engineOffer.safeParse(parsed(text)).data ?? null;
}

/** An engine's port over a channel. `onFailure` hears of a message that could not be sent or read. */
export function wirePort(channel: TextChannel, store: ArrayStore, onFailure: (error: unknown) => void): Port {
  let sent: Promise<void> = Promise.resolve();
  let received: Promise<void> = Promise.resolve();
  return {
    post: (message) => {
      const { body, arrays } = detachArrays(message);
      const url = arrays === null ? Promise.resolve(null) : store.put(arrays);
      sent = Promise.all([url, sent]).then(([at]) => channel.send(JSON.stringify({ url: at, body } satisfies Wire)));
      sent = sent.catch(onFailure);
    },
    onMessage: (listener) => {
      channel.onText((text) => {
        const message = wire.safeParse(parsed(text)).data;
        if (message === undefined || !rpcMessage.safeParse(message.body).success)
          return onFailure(new TypeError(`expected a message of the engine, got ${text.slice(0, 40)}`));
        const { url, body } = message;
        const arrays = url === null ? Promise.resolve(null) : store.take(url);
        received = Promise.all([arrays, received]).then(([bytes]) => listener(attachArrays(body, bytes)));
        received = received.catch(onFailure);
      });
    },
  };
}

/** The value a JSON text stands for; undefined if it is none. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
