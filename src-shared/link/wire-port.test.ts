import { describe, expect, it } from 'vitest';
import { readOffer, wirePort, type ArrayStore, type TextChannel } from './wire-port';

/** Two ends of a channel in one process. */
function channelPair(): [TextChannel, TextChannel] {
  const listeners: ((text: string) => void)[] = [() => undefined, () => undefined];
  const end = (own: 0 | 1): TextChannel => ({
    send: (text) => listeners[1 - own](text),
    onText: (listener) => (listeners[own] = listener),
  });
  return [end(0), end(1)];
}

/** Keeps bytes; the first is slow both ways. */
function slowStore(): ArrayStore {
  const kept = new Map<string, Uint8Array<ArrayBuffer>>();
  const wait = (count: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, count === 1 ? 30 : 0));
  return {
    put: async (bytes) => {
      const url = `/bulk/${kept.size + 1}`;
      kept.set(url, bytes);
      await wait(kept.size);
      return url;
    },
    take: async (url) => {
      await wait(Number(url.split('/')[2]));
      return kept.get(url) as Uint8Array<ArrayBuffer>;
    },
  };
}

describe('an engine port over a channel', () => {
  it('keeps the order of messages however long their arrays take', async () => {
    const [here, there] = channelPair();
    const store = slowStore();
    const fail = (error: unknown): never => {
      throw error;
    };
    const received: unknown[] = [];
    const all = new Promise<void>((resolve) => {
      wirePort(there, store, fail).onMessage((data) => {
        if (received.push(data) === 3) resolve();
      });
    });
    const port = wirePort(here, store, fail);
    const messages = [
      { i: '1', p: { b: Float32Array.of(1, 2) } },
      { i: '2', t: 3, p: { e: 'done', d: Float32Array.of(3) } },
      { i: '3', t: 4 },
    ];
    messages.forEach((message) => port.post(message, []));
    await all;
    expect(received).toEqual(messages);
  });

  it('sends arrays as they were when they were posted', async () => {
    const [here, there] = channelPair();
    const store = slowStore();
    const arrived = new Promise((resolve) => wirePort(there, store, () => undefined).onMessage(resolve));
    const data = Float32Array.of(1, 2);
    wirePort(here, store, () => undefined).post({ i: '1', p: { b: data } }, []);
    data.fill(9);
    expect(await arrived).toEqual({ i: '1', p: { b: Float32Array.of(1, 2) } });
  });

  it('tells of a text that is no message, and goes on with the next', async () => {
    const [here, there] = channelPair();
    const failures: string[] = [];
    const received: unknown[] = [];
    const port = wirePort(there, slowStore(), (error) => failures.push((error as Error).message));
    port.onMessage((data) => received.push(data));
    const bodies = [
      '1',
      'null',
      '{"i":1}',
      '{"i":"1"}',
      '{"i":"1","p":5}',
      '{"i":"1","p":{"u":5}}',
      '{"i":"1","t":9,"p":{}}',
      '{"i":"1","t":3,"p":{"e":"?"}}',
    ];
    const refused = ['hello', 'null', '{"url":5,"body":{"i":"1","p":{}}}', ...bodies.map((body) => `{"url":null,"body":${body}}`)];
    for (const text of [...refused, '{"url":null,"body":{"i":"1","p":{}}}']) here.send(text);
    await expect.poll(() => received).toEqual([{ i: '1', p: {} }]);
    expect(failures).toEqual(refused.map((text) => `expected a message of the engine, got ${text.slice(0, 40)}`));
  });
});

describe('the offer of a window', () => {
  it('is read from its text, and none from any other', () => {
    expect(readOffer('{"device":"GPU","software":false,"more":1}')).toEqual({ device: 'GPU', software: false });
    for (const text of ['hello', 'null', '[]', '{"device":"GPU"}', '{"device":1,"software":true}', ''])
      expect(readOffer(text), text).toBeNull();
  });
});
