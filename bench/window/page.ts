// The page of benchmarks that compute in a worker: hands requests to /worker.js, and its answers back.

/** Asks the worker; gives its next answer. */
export type AskWorker = (request: unknown) => Promise<unknown>;

declare global {
  var askWorker: AskWorker;
}

const worker = new Worker('/worker.js', { type: 'module' });

globalThis.askWorker = (request) =>
  new Promise((resolve) => {
    worker.addEventListener('message', ({ data }: MessageEvent<unknown>) => resolve(data), { once: true });
    worker.addEventListener('error', ({ message }) => resolve({ problem: message }), { once: true });
    worker.postMessage(request);
  });
