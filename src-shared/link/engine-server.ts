// Puts an engine behind a port. Calls are answered as they finish; a stream's items are sent as they come
// until the stream ends or the other side cancels.
import { assertNever } from '../base/assert-never';
import type { Watch } from '../tensor/parts';
import type { Engine } from '../compute/engine';
import { buffersOf, errorParts, type EngineCall, type EnginePort, type EngineReply, type PartsDone } from './port';

type Call = Extract<EngineCall, { type: 'call' }>;
/** What cancels the calls under way. */
type Calls = Map<number, () => void>;

/** Answers calls from the port until the thread ends. */
export function serveEngine(engine: Engine, port: EnginePort): void {
  const calls: Calls = new Map();
  const reply = (message: EngineReply): void => port.postMessage(message, buffersOf(message));
  port.addEventListener('message', ({ data }) => {
    const call = data as EngineCall;
    if (call.type === 'cancel') calls.get(call.id)?.();
    else void answer(engine, call, calls, reply);
  });
  port.start?.();
}

async function answer(engine: Engine, call: Call, calls: Calls, reply: (message: EngineReply) => void): Promise<void> {
  const { id } = call;
  const stop = new AbortController();
  calls.set(id, () => stop.abort());
  try {
    const onProgress = (done: number, total: number): void => reply({ type: 'item', id, value: { done, total } satisfies PartsDone });
    const result = invoke(engine, call, { signal: stop.signal, onProgress });
    const value = isStream(result) ? await forwardItems(result, id, calls, reply) : await result;
    reply({ type: 'done', id, value });
  } catch (error) {
    reply({ type: 'failed', id, error: errorParts(error) });
  } finally {
    calls.delete(id);
  }
}

async function forwardItems(
  stream: AsyncIterable<unknown>,
  id: number,
  calls: Calls,
  reply: (message: EngineReply) => void,
): Promise<void> {
  const iterator = stream[Symbol.asyncIterator]();
  calls.set(id, () => void iterator.return?.());
  for (let next = await iterator.next(); !next.done; next = await iterator.next()) reply({ type: 'item', id, value: next.value });
}

function isStream(value: unknown): value is AsyncIterable<unknown> {
  return typeof value === 'object' && value !== null && Symbol.asyncIterator in value;
}

/** The values were sent by `connectEngine`, which typed them. */
function invoke(engine: Engine, { method, values }: Call, watch: Required<Watch>): unknown {
  const [first, second] = values as [never, never];
  switch (method) {
    case 'backends':
      return engine.backends();
    case 'forward':
      return engine.forward(first, watch);
    case 'verify':
      return engine.verify(first, watch);
    case 'train':
      return engine.train(first);
    case 'control':
      return engine.control(first, second);
    case 'evaluate':
      return engine.evaluate(first);
    case 'measure':
      return engine.measure(first, watch.signal);
    case 'dispose':
      return engine.dispose();
    default:
      return assertNever(method);
  }
}
