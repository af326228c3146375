// Work that tells how far it is, as a stream of what it tells that ends with its result; who leaves the stream ends the work.

/** Runs `work`, which hears by its signal that nobody listens any more. */
export async function* told<Told, Result>(
  work: (tell: (value: Told) => void, signal: AbortSignal) => Promise<Result>,
  outer?: AbortSignal,
): AsyncGenerator<Told, Result> {
  const stop = new AbortController();
  const signal = outer === undefined ? stop.signal : AbortSignal.any([stop.signal, outer]);
  const waiting: Told[] = [];
  let wake = (): void => undefined;
  let isDone = false;
  const tell = (value: Told): void => {
    waiting.push(value);
    wake();
  };
  const result = work(tell, signal).finally(() => {
    isDone = true;
    wake();
  });
  // It is awaited below; until then a failure is not lost.
  result.catch(() => undefined);
  try {
    while (!isDone || waiting.length > 0) {
      if (waiting.length === 0) await new Promise<void>((resolve) => (wake = resolve));
      yield* waiting.splice(0);
    }
    return await result;
  } finally {
    stop.abort();
  }
}
