// One source, many listeners: what the host tells every window, and the events of a run. A listener
// hears everything from the moment it subscribes; one that is slow queues for itself alone.

/** Delivers values to whoever listens now. */
export class Broadcast<T> {
  private readonly listeners = new Set<(value: T | typeof END) => void>();
  private readonly unheard: T[] = [];
  private ended = false;

  /** With `keepUnheard`, values sent while nobody listens wait for the next listener. */
  constructor(private readonly options: { readonly keepUnheard?: boolean } = {}) {}

  send(value: T): void {
    if (this.listeners.size === 0 && this.options.keepUnheard) this.unheard.push(value);
    this.listeners.forEach((listener) => listener(value));
  }

  /** Ends every subscription. */
  end(): void {
    this.ended = true;
    this.listeners.forEach((listener) => listener(END));
  }

  /** Resolves when the broadcast has ended. */
  async whenEnded(): Promise<void> {
    const rest = this.subscribe();
    while (!(await rest.next()).done);
  }

  /** Values from now on, `first` before them; ends with the broadcast or when `signal` aborts. Subscribes at the call, not at the first read. */
  subscribe(signal?: AbortSignal, first: readonly T[] = []): AsyncGenerator<T, void> {
    const queue: (T | typeof END)[] = [...first, ...this.unheard.splice(0)];
    let wake: () => void = () => undefined;
    const listener = (value: T | typeof END): void => {
      queue.push(value);
      wake();
    };
    const abort = (): void => {
      queue.length = 0;
      listener(END);
    };
    this.listeners.add(listener);
    if (this.ended) listener(END);
    signal?.addEventListener('abort', abort, { once: true });
    return this.drain(
      queue,
      (resolve) => (wake = resolve),
      () => this.listeners.delete(listener),
    );
  }

  private async *drain(queue: (T | typeof END)[], onWake: (resolve: () => void) => void, stop: () => void): AsyncGenerator<T, void> {
    try {
      for (;;) {
        while (queue.length === 0) await new Promise<void>(onWake);
        const value = queue.shift() as T | typeof END;
        if (value === END) return;
        yield value;
      }
    } finally {
      stop();
    }
  }
}

const END = Symbol('end of broadcast');
