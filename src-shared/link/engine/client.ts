// The other end of server.ts: an Engine whose work is done behind a port. Errors arrive as they were
// thrown; leaving a `for await` over train() cancels the training.
import type { Engine } from '../../compute/engine';
import type { Watch } from '../../tensor/parts';
import type { EngineContract } from './contract';
import type { PartsDone } from '../../tensor/parts';
import { connectPort, type Port } from '../port';

export interface ConnectOptions {
  /** Resolves if the thread behind the port ends: everything under way then fails with this error. */
  readonly lost?: Promise<Error>;
  /** Called when the engine was disposed. */
  readonly onDispose?: () => void | Promise<void>;
}

/** An engine behind a port served by `serveEngine`. */
export function connectEngine(port: Port, { lost, onDispose }: ConnectOptions = {}): Engine {
  const calls = connectPort<EngineContract>(port, lost);
  return {
    backends: () => calls.backends(),
    forward: (request, watch = {}) => watched(calls.forward(request, { signal: watch.signal }), watch),
    verify: (request, watch = {}) => watched(calls.verify(request, { signal: watch.signal }), watch),
    parity: (request, watch = {}) => watched(calls.parity(request, { signal: watch.signal }), watch),
    train: (request) => streamed(() => calls.train(request)),
    control: (run, control) => calls.control({ run, control }),
    evaluate: (request) => streamed(() => calls.evaluate(request)),
    measure: (request, signal) => calls.measure(request, { signal }),
    receptiveField: (request, watch = {}) => watched(calls.receptiveField(request, { signal: watch.signal }), watch),
    int8: (request, watch = {}) => watched(calls.int8(request, { signal: watch.signal }), watch),
    dispose: async () => {
      await calls.dispose();
      await onDispose?.();
    },
  };
}

/** The result at a stream's end; the watch hears how far it is. */
async function watched<Result>(call: Promise<AsyncIterator<PartsDone, Result>>, { onProgress }: Watch): Promise<Result> {
  const parts = await call;
  for (;;) {
    const next = await parts.next();
    if (next.done) return next.value;
    onProgress?.(next.value.done, next.value.total);
  }
}

/** Starts when first iterated. */
async function* streamed<Item>(call: () => Promise<AsyncIterable<Item>>): AsyncGenerator<Item, void> {
  yield* await call();
}
