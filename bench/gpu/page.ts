// The page behind count.ts: hands a request to the worker that counts, and its answer back.
import type { CountAnswer, CountRequest } from './worker';

declare global {
  var countSteps: (request: CountRequest) => Promise<CountAnswer>;
}

globalThis.countSteps = (request) =>
  new Promise((resolve) => {
    const worker = new Worker('/worker.js', { type: 'module' });
    worker.addEventListener('message', ({ data }: MessageEvent<CountAnswer>) => resolve(data), { once: true });
    worker.addEventListener('error', ({ message }) => resolve({ problem: message }), { once: true });
    worker.postMessage(request);
  });
