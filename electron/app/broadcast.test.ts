import { expect, it } from 'vitest';
import { Broadcast } from './broadcast';

async function all<T>(values: AsyncIterable<T>): Promise<T[]> {
  const seen: T[] = [];
  for await (const value of values) seen.push(value);
  return seen;
}

it('a listener hears all from its subscription on, even what was sent before it first read', async () => {
  const broadcast = new Broadcast<number>();
  broadcast.send(1);
  const early = broadcast.subscribe(undefined, [0]);
  broadcast.send(2);
  const late = broadcast.subscribe();
  broadcast.send(3);
  broadcast.end();
  expect([await all(early), await all(late), await all(broadcast.subscribe())]).toEqual([[0, 2, 3], [3], []]);
});

it('an aborted listener hears nothing more, though values were waiting', async () => {
  const broadcast = new Broadcast<number>();
  const abort = new AbortController();
  const values = broadcast.subscribe(abort.signal);
  broadcast.send(1);
  broadcast.send(2);
  expect((await values.next()).value).toBe(1);
  abort.abort();
  expect(await values.next()).toEqual({ done: true, value: undefined });
});

it('what nobody heard waits for the first listener where that was asked for', async () => {
  const broadcast = new Broadcast<string>({ keepUnheard: true });
  broadcast.send('open this file');
  expect((await broadcast.subscribe().next()).value).toBe('open this file');
});
