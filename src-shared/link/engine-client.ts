// The other end of engine-server.ts: an Engine whose work is done behind a port. Errors arrive as they were
// thrown; leaving a `for await` over train() cancels the training.
import type { VerifyReport } from '../merge/report';
import type { Watch } from '../tensor/parts';
import type { Engine, EngineTrainingEvent, EvaluationEvent, ForwardResult, MeasureReport } from '../compute/engine';
import { errorFrom, isEngineReply, type EngineCall, type EngineMethod, type EnginePort, type PartsDone } from './port';

/** What waits for replies to one call. */
interface Waiting {
  item(value: unknown): void;
  done(value: unknown): void;
  failed(error: Error): void;
}

export interface ConnectOptions {
  /** Resolves if the thread behind the port ends: everything under way then fails with this error. */
  readonly lost?: Promise<Error>;
  /** Called when the engine was disposed. */
  readonly onDispose?: () => void | Promise<void>;
}

/** An engine behind a port served by `serveEngine`. */
export function connectEngine(port: EnginePort, options: ConnectOptions = {}): Engine {
  const connection = new Connection(port, options.lost);
  const call = <T>(method: EngineMethod, ...values: unknown[]): Promise<T> => connection.call(method, values) as Promise<T>;
  return {
    backends: () => call('backends'),
    forward: (request, watch) => connection.call('forward', [request], watch) as Promise<ForwardResult>,
    verify: (request, watch) => connection.call('verify', [request], watch) as Promise<VerifyReport>,
    train: (request) => connection.stream('train', [request]) as AsyncIterable<EngineTrainingEvent>,
    control: (run, control) => call('control', run, control),
    evaluate: (request) => connection.stream('evaluate', [request]) as AsyncIterable<EvaluationEvent>,
    measure: (request, signal) => connection.call('measure', [request], { signal }) as Promise<MeasureReport>,
    dispose: async () => {
      await call('dispose');
      await options.onDispose?.();
    },
  };
}

class Connection {
  readonly #port: EnginePort;
  readonly #waiting = new Map<number, Waiting>();
  #lost: Error | null = null;
  #lastId = 0;

  constructor(port: EnginePort, lost?: Promise<Error>) {
    this.#port = port;
    port.addEventListener('message', ({ data }) => this.#receive(data));
    port.start?.();
    void lost?.then((error) => this.#lose(error));
  }

  /** Aborting rejects at once and tells the other side. Items that come before the end are its progress. */
  call(method: EngineMethod, values: readonly unknown[], { signal, onProgress }: Watch = {}): Promise<unknown> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason as Error);
      const id = this.#send(method, values, { item: progressTo(onProgress), done: resolve, failed: reject });
      signal?.addEventListener('abort', () => {
        if (this.#waiting.has(id)) this.#post({ type: 'cancel', id });
        reject(signal.reason as Error);
      });
    });
  }

  /** Starts when first iterated. */
  async *stream(method: EngineMethod, values: readonly unknown[]): AsyncGenerator<unknown, void> {
    const queue = new ItemQueue();
    const id = this.#send(method, values, queue);
    try {
      yield* queue.items();
    } finally {
      if (this.#waiting.has(id)) this.#post({ type: 'cancel', id });
    }
  }

  #send(method: EngineMethod, values: readonly unknown[], waiting: Waiting): number {
    const id = ++this.#lastId;
    if (this.#lost) {
      waiting.failed(this.#lost);
      return id;
    }
    this.#waiting.set(id, waiting);
    this.#post({ type: 'call', id, method, values });
    return id;
  }

  #post(call: EngineCall): void {
    this.#port.postMessage(call);
  }

  #receive(reply: unknown): void {
    if (!isEngineReply(reply)) throw new TypeError('expected a reply of the engine, got something else');
    const waiting = this.#waiting.get(reply.id);
    if (!waiting) return;
    if (reply.type === 'item') return waiting.item(reply.value);
    this.#waiting.delete(reply.id);
    if (reply.type === 'done') waiting.done(reply.value);
    else waiting.failed(errorFrom(reply.error));
  }

  #lose(error: Error): void {
    this.#lost = error;
    this.#waiting.forEach((waiting) => waiting.failed(error));
    this.#waiting.clear();
  }
}

function progressTo(onProgress: Watch['onProgress']): (value: unknown) => void {
  return (value) => {
    const { done, total } = value as PartsDone;
    onProgress?.(done, total);
  };
}

/** Items as they arrive, handed out one by one. */
class ItemQueue implements Waiting {
  readonly #items: unknown[] = [];
  #end: { readonly error: Error | null } | null = null;
  #wake: () => void = () => undefined;

  item(value: unknown): void {
    this.#items.push(value);
    this.#wake();
  }

  done(): void {
    this.#end = { error: null };
    this.#wake();
  }

  failed(error: Error): void {
    this.#end = { error };
    this.#wake();
  }

  async *items(): AsyncGenerator<unknown, void> {
    for (;;) {
      while (this.#items.length > 0) yield this.#items.shift();
      if (this.#end?.error) throw this.#end.error;
      if (this.#end) return;
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }
}
