// The page behind window.ts: hands requests to the worker that trains, and its answers back.
import type { WorkerAnswer, WorkerRequest } from './worker';

declare global {
  var askWorker: (request: WorkerRequest) => Promise<WorkerAnswer>;
}

const worker = new Worker('/worker.js', { type: 'module' });

globalThis.askWorker = (request) =>
  new Promise((resolve) => {
    worker.addEventListener('message', ({ data }: MessageEvent<WorkerAnswer>) => resolve(data), { once: true });
    worker.addEventListener('error', ({ message }) => resolve({ problem: message }), { once: true });
    worker.postMessage(request);
  });
