// Puts an engine behind a port. Calls are answered as they finish; a stream's items are sent as they come
// until the stream ends or nobody listens to it any more.
import { AsyncIteratorClass, implement } from '@orpc/server';
import type { Engine } from '../../compute/engine';
import { engineContract } from './contract';
import { type PartsDone } from '../../tensor/parts';
import { type Port, servePort } from '../port';

/** Answers calls from the port until the thread ends. */
export function serveEngine(engine: Engine, port: Port): void {
  const calls = implement(engineContract);
  const router = calls.router({
    backends: calls.backends.handler(() => engine.backends()),
    forward: calls.forward.handler(({ input, signal }) => told((onProgress) => engine.forward(input, { signal, onProgress }))),
    verify: calls.verify.handler(({ input, signal }) => told((onProgress) => engine.verify(input, { signal, onProgress }))),
    parity: calls.parity.handler(({ input, signal }) => told((onProgress) => engine.parity(input, { signal, onProgress }))),
    train: calls.train.handler(({ input, signal }) => whileHeard(engine.train(input), signal)),
    control: calls.control.handler(({ input }) => engine.control(input.run, input.control)),
    evaluate: calls.evaluate.handler(({ input, signal }) => whileHeard(engine.evaluate(input), signal)),
    measure: calls.measure.handler(({ input, signal }) => engine.measure(input, signal)),
    receptiveField: calls.receptiveField.handler(({ input, signal }) =>
      told((onProgress) => engine.receptiveField(input, { signal, onProgress })),
    ),
    int8: calls.int8.handler(({ input, signal }) => told((onProgress) => engine.int8(input, { signal, onProgress }))),
    dispose: calls.dispose.handler(() => engine.dispose()),
  });
  servePort(router, port);
}

/** Tells how far `work` is, then gives its result. */
async function* told<Result>(work: (tell: (done: number, total: number) => void) => Promise<Result>): AsyncGenerator<PartsDone, Result> {
  const parts: PartsDone[] = [];
  let isOver = false;
  let wake: () => void = () => undefined;
  const result = work((done, total) => {
    parts.push({ done, total });
    wake();
  });
  const end = (): void => {
    isOver = true;
    wake();
  };
  result.then(end, end);
  for (;;) {
    for (let part = parts.shift(); part !== undefined; part = parts.shift()) yield part;
    if (isOver) return result;
    await new Promise<void>((resolve) => (wake = resolve));
  }
}

/** The items, ended as soon as the signal aborts: also while the next one is waited for. */
function whileHeard<Item>(items: AsyncIterable<Item>, signal: AbortSignal | undefined): AsyncIteratorClass<Item, void> {
  const iterator = items[Symbol.asyncIterator]();
  const end = async (): Promise<void> => {
    // Nobody is left to be told.
    await iterator.return?.().catch((error: unknown) => console.error('what a listener left did not end well:', error));
  };
  signal?.addEventListener('abort', () => void end(), { once: true });
  return new AsyncIteratorClass(
    () => iterator.next() as Promise<IteratorResult<Item, void>>,
    (reason) => (reason === 'next' ? Promise.resolve() : end()),
  );
}
