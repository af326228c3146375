import { eventIterator, oc, type } from '@orpc/contract';
import { implement } from '@orpc/server';
import { afterEach, describe, expect, it } from 'vitest';
import { UserError } from '../base/user-error';
import { KernelFailure } from '../compute/kernel-failure';
import { HalfStep } from '../training/loop/half-step';
import { connectPort, eventedPort, type Port, servePort } from './port';
import { type ArrayStore, type TextChannel, wirePort } from './wire-port';

const contract = {
  echo: oc.input(type<unknown>()).output(type<unknown>()),
  kept: oc.output(type<Float32Array>()),
  throws: oc.input(type<Error>()).output(type<void>()),
  never: oc.output(type<void>()),
  count: oc.output(eventIterator(type<number>())),
  countThenThrow: oc.input(type<Error>()).output(eventIterator(type<number>())),
};

const opened: MessageChannel[] = [];
afterEach(() => opened.splice(0).forEach(({ port1, port2 }) => [port1.close(), port2.close()]));

/** Both ends of a way inside one process. */
function channel(): [Port, Port] {
  const both = new MessageChannel();
  opened.push(both);
  return [eventedPort(both.port1), eventedPort(both.port2)];
}

/** Both ends of a way between processes: texts, with the arrays beside them. */
function wire(): [Port, Port] {
  const listeners: ((text: string) => void)[] = [() => undefined, () => undefined];
  const end = (own: 0 | 1): TextChannel => ({
    send: (text) => void setTimeout(() => listeners[1 - own](text)),
    onText: (listener) => (listeners[own] = listener),
  });
  const kept = new Map<string, Uint8Array<ArrayBuffer>>();
  const store: ArrayStore = {
    put: (bytes) => Promise.resolve(`/bulk/${kept.set(`/bulk/${kept.size}`, bytes).size - 1}`),
    take: (url) => Promise.resolve(kept.get(url) as Uint8Array<ArrayBuffer>),
  };
  const fail = (error: unknown): never => {
    throw error;
  };
  return [wirePort(end(0), store, fail), wirePort(end(1), store, fail)];
}

interface Served {
  /** Numbers that `count` has given. */
  counted: number;
  /** Why `never` was ended. */
  ended: boolean;
  readonly own: Float32Array;
}

function serve(port: Port, arrays?: 'given' | 'copied'): Served {
  const served: Served = { counted: 0, ended: false, own: Float32Array.of(1, 2) };
  const calls = implement(contract);
  const router = calls.router({
    echo: calls.echo.handler(({ input }) => input),
    kept: calls.kept.handler(() => served.own),
    throws: calls.throws.handler(({ input }) => {
      throw input;
    }),
    never: calls.never.handler(
      ({ signal }) => new Promise<void>((resolve) => signal?.addEventListener('abort', () => resolve(void (served.ended = true)))),
    ),
    count: calls.count.handler(async function* () {
      for (;;) {
        yield served.counted++;
        await new Promise((resolve) => setTimeout(resolve));
      }
    }),
    countThenThrow: calls.countThenThrow.handler(async function* ({ input }) {
      yield await Promise.resolve(1);
      throw input;
    }),
  });
  servePort(router, port, arrays);
  return served;
}

describe.each([
  ['inside a process', channel],
  ['between processes', wire],
])('calls %s', (_where, ends) => {
  it('bring what was sent: arrays of every type, Maps, and numbers JSON has no words for', async () => {
    const [here, there] = ends();
    serve(there);
    const weights = new Map<string, unknown>([
      ['fc3.weight', { shape: [2, 2], dtype: 'float32', data: Float32Array.of(1.5, -0.1, NaN, Infinity) }],
      ['bn.num_batches_tracked', { shape: [], dtype: 'int64', data: BigInt64Array.of(2n ** 60n + 1n) }],
      ['flags', { shape: [3], dtype: 'uint8', data: Uint8Array.of(1, 2, 3) }],
      ['half', { shape: [1], dtype: 'float16', data: Uint16Array.of(0x3c00) }],
      ['empty', { shape: [0], dtype: 'float64', data: new Float64Array(0) }],
    ]);
    const message = { weights, loss: NaN, best: -Infinity, list: [null, 'x', true, 0.1, Infinity, undefined], nothing: null };
    expect(await connectPort<typeof contract>(here).echo(message)).toEqual(message);
  });

  it.each([
    new UserError('no such thing'),
    new RangeError('too far'),
    new KernelFailure('of a kernel'),
    new HalfStep('half', { cause: new KernelFailure('of a kernel', { cause: new Error('out of bounds') }) }),
  ])('throw a $name as one, with what caused it', async (error) => {
    const [here, there] = ends();
    serve(there);
    const calls = connectPort<typeof contract>(here);
    const later = async (): Promise<void> => {
      for await (const item of await calls.countThenThrow(error)) expect(item).toBe(1);
    };
    for (const thrown of [await failureOf(calls.throws(error)), await failureOf(later())]) {
      expect(thrown).toBeInstanceOf(error.constructor);
      expect(thrown).toMatchObject({ name: error.name, message: error.message, stack: error.stack });
      expect(chainOf(thrown)).toEqual(chainOf(error));
    }
  });

  it('that are aborted reject at once with the reason, and are ended there', async () => {
    const [here, there] = ends();
    const served = serve(there);
    const calls = connectPort<typeof contract>(here);
    const stop = new AbortController();
    const waiting = failureOf(calls.never(undefined, { signal: stop.signal }));
    await calls.echo(1);
    const reason = new Error('enough');
    stop.abort(reason);
    expect(await waiting).toBe(reason);
    await expect.poll(() => served.ended).toBe(true);
  });

  it('of a stream give nothing more once it is aborted, however much has arrived', async () => {
    const [here, there] = ends();
    const served = serve(there);
    const stop = new AbortController();
    const seen: number[] = [];
    const reason = new Error('enough');
    const listening = async (): Promise<void> => {
      for await (const item of await connectPort<typeof contract>(here).count(undefined, { signal: stop.signal })) {
        seen.push(item);
        // Slower than it counts, so that numbers queue up here.
        await expect.poll(() => served.counted).toBeGreaterThan(item + 5);
        if (seen.length === 3) stop.abort(reason);
      }
    };
    expect(await failureOf(listening())).toBe(reason);
    expect(seen).toEqual([0, 1, 2]);
  });

  it('of a stream are ended there when its loop is left', async () => {
    const [here, there] = ends();
    const served = serve(there);
    for await (const item of await connectPort<typeof contract>(here).count()) if (item === 2) break;
    let before = -1;
    await expect.poll(() => before === (before = served.counted)).toBe(true);
  });

  it('fail with the very error that ended the thread: waiting ones, streams between two items, and later ones', async () => {
    const [here, there] = ends();
    const served = serve(there);
    let lose: (error: Error) => void = () => undefined;
    const calls = connectPort<typeof contract>(here, new Promise((resolve) => (lose = resolve)));
    const waiting = failureOf(calls.never());
    const stream = await calls.count();
    await stream.next();
    await expect.poll(() => served.counted).toBeGreaterThan(3);
    class Gone extends UserError {}
    const error = new Gone('the window was closed');
    lose(error);
    expect(await waiting).toBe(error);
    expect(await failureOf(stream.next())).toBe(error);
    expect(await failureOf(calls.echo(1))).toBe(error);
    expect(await failureOf(calls.count())).toBe(error);
  });
});

describe('arrays inside a process', () => {
  it('are given away with an answer, or copied where the thread keeps them', async () => {
    const [given, giving] = channel();
    const [copied, copying] = channel();
    const [giver, copier] = [serve(giving), serve(copying, 'copied')];
    expect(await connectPort<typeof contract>(given).kept()).toEqual(Float32Array.of(1, 2));
    expect(await connectPort<typeof contract>(copied).kept()).toEqual(Float32Array.of(1, 2));
    expect([giver.own.length, copier.own.length]).toEqual([0, 2]);
  });

  it('stay with who asks, and a part of a larger one stays whole', async () => {
    const [here, there] = channel();
    serve(there);
    const large = Float32Array.of(1, 2, 3);
    const part = large.subarray(1);
    expect(await connectPort<typeof contract>(here).echo({ part })).toEqual({ part: Float32Array.of(2, 3) });
    expect(large).toEqual(Float32Array.of(1, 2, 3));
  });

  it('do not keep an error from arriving that comes with a call they cannot be sent with', async () => {
    const [here, there] = channel();
    serve(there);
    expect(await failureOf(connectPort<typeof contract>(here).echo(() => undefined))).toMatchObject({ name: 'DataCloneError' });
  });
});

it('many calls at once leave no warning of too many listeners', async () => {
  const [here, there] = channel();
  serve(there);
  const warnings: string[] = [];
  const hear = ({ name }: Error): void => void warnings.push(name);
  process.on('warning', hear);
  const calls = connectPort<typeof contract>(here, new Promise(() => undefined));
  const numbers = Array.from({ length: 50 }, (_, i) => i);
  expect(await Promise.all(numbers.map((i) => calls.echo(i)))).toEqual(numbers);
  await new Promise((resolve) => setImmediate(resolve));
  process.off('warning', hear);
  expect(warnings).toEqual([]);
});

function failureOf(call: PromiseLike<unknown>): Promise<unknown> {
  return Promise.resolve(call).then(
    () => Promise.reject(new Error('it did not fail')),
    (reason: unknown) => reason,
  );
}

/** An error and its causes, in words. */
function chainOf(error: unknown): string[] {
  return error instanceof Error ? [`${error.constructor.name} ${error.name}: ${error.message}`, ...chainOf(error.cause)] : [];
}
