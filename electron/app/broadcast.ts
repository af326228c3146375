// One source, many listeners: what the host tells every window, and the events of a run. A listener hears everything from
// the moment it subscribes; one that is slow queues for itself alone. The RPC library's publisher queues and delivers; the
// end, what nobody heard and what a late listener must know are ours.
import { EventPublisher } from '@orpc/server';

/** A value, or (null) the end. */
type Told<T> = { readonly value: T } | null;

/** Delivers values to whoever listens now. */
export class Broadcast<T> {
  /** Nothing is dropped where a listener is slow: it may be a proof's or a training's last event. */
  private readonly publisher = new EventPublisher<{ told: Told<T> }>({ maxBufferedEvents: Infinity });
  private readonly unheard: T[] = [];
  private ended = false;

  /** With `keepUnheard`, values sent while nobody listens wait for the next listener. */
  constructor(private readonly options: { readonly keepUnheard?: boolean } = {}) {}

  send(value: T): void {
    if (this.publisher.size === 0 && this.options.keepUnheard) this.unheard.push(value);
    this.publisher.publish('told', { value });
  }

  /** Ends every subscription. */
  end(): void {
    this.ended = true;
    this.publisher.publish('told', null);
  }

  /** Resolves when the broadcast has ended. */
  async whenEnded(): Promise<void> {
    const rest = this.subscribe();
    while (!(await rest.next()).done);
  }

  /** Values from now on, `first` before them; ends with the broadcast or when `signal` aborts. Subscribes at the call, not at the first read. */
  subscribe(signal?: AbortSignal, first: readonly T[] = []): AsyncGenerator<T, void> {
    const later = this.publisher.subscribe('told');
    const stop = (): void => void later.return(undefined);
    if (this.ended || signal?.aborted) stop();
    signal?.addEventListener('abort', stop, { once: true });
    return values([...first, ...this.unheard.splice(0)], later, signal);
  }
}

async function* values<T>(first: readonly T[], later: AsyncIterator<Told<T>>, signal?: AbortSignal): AsyncGenerator<T, void> {
  try {
    for (const value of first) {
      if (signal?.aborted) return;
      yield value;
    }
    for (let told = await later.next(); !told.done && told.value !== null; told = await later.next()) yield told.value.value;
  } finally {
    await later.return?.();
  }
}
