import { implement } from '@orpc/server';
import { eventIterator, oc, type } from '@orpc/contract';
import { createORPCClient, ORPCError } from '@orpc/client';
import type { ContractRouterClient } from '@orpc/contract';
import { RPCLink } from '@orpc/client/message-port';
import { once } from 'node:events';
import { MessageChannel, type MessagePort as NodePort } from 'node:worker_threads';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { CODEC } from '@shared/link/codec';
import { UserError } from '@shared/base/user-error';
import { serveRouter } from './rpc';

const contract = {
  double: oc.input(z.object({ value: z.number() })).output(type<number>()),
  fail: oc.input(type<{ kind: 'user' | 'internal' }>()).output(type<void>()),
  count: oc.output(eventIterator(type<number>())),
  failLater: oc.output(eventIterator(type<number>())),
  slip: oc.output(z.object({ items: z.array(z.string()) })),
};

let stopped = 0;
const ports: { close(): void }[] = [];

/** A client over a MessagePort whose service counts up without end. */
function connect(): ContractRouterClient<typeof contract> {
  return createORPCClient(new RPCLink({ port: attachedPort(), ...CODEC }));
}

/** A window's end of a port. */
function attachedPort(): NodePort {
  const os = implement(contract);
  const router = {
    double: os.double.handler(({ input }) => input.value * 2),
    fail: os.fail.handler(({ input }) => {
      throw input.kind === 'user' ? new UserError('expected a run folder, got a file') : new Error('secret detail');
    }),
    slip: os.slip.handler(() => ({ items: JSON.parse('["a", 1]') as string[] })),
    count: os.count.handler(async function* () {
      try {
        for (let i = 0; ; i++) {
          yield i;
          await new Promise((resolve) => setTimeout(resolve, 1));
        }
      } finally {
        stopped++;
      }
    }),
    failLater: os.failLater.handler(async function* () {
      yield 1;
      throw new UserError('the run folder is gone');
    }),
  };
  const { port1, port2 } = new MessageChannel();
  ports.push(port1);
  serveRouter(router).attachPort(port2);
  port2.start();
  port1.start();
  return port1;
}

afterEach(() => {
  ports.splice(0).forEach((port) => port.close());
  vi.restoreAllMocks();
});

describe('a message that is no call', () => {
  const messages = [
    'hello',
    'null',
    '{}',
    '{"i":1,"p":{"u":"/double"}}',
    '{"i":"1","p":{"u":"http://["}}',
    null,
    5,
    { i: '1' },
    Uint8Array.of(255),
  ];
  it.each(messages)('%j closes its port, and other ports go on', async (message) => {
    const [port, other] = [attachedPort(), connect()];
    port.postMessage(message);
    await once(port, 'close');
    expect(await other.double({ value: 2 })).toBe(4);
  });
});

describe('a typed call', () => {
  it('answers, and names the field that is not as the contract has it', async () => {
    const client = connect();
    expect(await client.double({ value: 21 })).toBe(42);
    await expect(client.double({ value: JSON.parse('"x"') as number })).rejects.toThrow(/double: value: .*expected number/i);
  });

  it('that answers what the contract does not have fails, and the field is logged', async () => {
    const log = vi.spyOn(console, 'error').mockImplementation(() => undefined);
    const error = await connect()
      .slip()
      .catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'INTERNAL' });
    expect(String(log.mock.calls)).toMatch(/slip failed.*items\.1: .*expected string/i);
  });

  it('brings infinities as they are, where JSON would make null of them', async () => {
    const client = connect();
    expect(await client.double({ value: 1e308 })).toBe(Infinity);
    expect(await client.double({ value: -1e308 })).toBe(-Infinity);
    expect(await client.double({ value: 0 })).toBe(0);
  });

  it('brings a UserError as it is, also out of a stream', async () => {
    const client = connect();
    const error = await client.fail({ kind: 'user' }).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(ORPCError);
    expect(error).toMatchObject({ code: 'USER_ERROR', message: 'expected a run folder, got a file' });
    const stream = await client.failLater();
    expect(await stream.next()).toMatchObject({ value: 1 });
    await expect(stream.next()).rejects.toMatchObject({ code: 'USER_ERROR', message: 'the run folder is gone' });
  });

  it('hides and logs every other error', async () => {
    const log = vi.spyOn(console, 'error').mockImplementation(() => undefined);
    const error = await connect()
      .fail({ kind: 'internal' })
      .catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'INTERNAL' });
    expect(String(error)).not.toContain('secret detail');
    expect(String(log.mock.calls)).toContain('secret detail');
  });
});

describe('a stream', () => {
  it('gives a slow consumer nothing more after it aborted, and ends at the service', async () => {
    const client = connect();
    const before = stopped;
    const abort = new AbortController();
    const seen: number[] = [];
    const consume = async (): Promise<void> => {
      for await (const value of await client.count(undefined, { signal: abort.signal })) {
        seen.push(value);
        // Slower than the service counts, so that values queue up here.
        await new Promise((resolve) => setTimeout(resolve, 10));
        if (seen.length === 5) abort.abort();
      }
    };
    await expect(consume()).rejects.toThrow();
    expect(seen).toEqual([0, 1, 2, 3, 4]);
    await vi.waitFor(() => expect(stopped).toBe(before + 1));
  });

  it('ends at the service when the consumer leaves its loop', async () => {
    const before = stopped;
    for await (const value of await connect().count()) if (value === 2) break;
    await vi.waitFor(() => expect(stopped).toBe(before + 1));
  });
});
