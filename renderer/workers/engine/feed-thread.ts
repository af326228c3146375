// Starts the thread that makes a training's batches, beside the engine's worker.
import { eventedPort } from '@shared/link/port';
import type { FeedThread } from '@shared/link/batch-thread';

/** A thread for one training. */
export function startFeedThread(): FeedThread {
  const worker = new Worker(new URL('./feed.worker.ts', import.meta.url), { type: 'module', name: 'feed' });
  const lost = new Promise<Error>((resolve) => {
    worker.addEventListener('error', ({ message }) => resolve(new Error(`the thread that makes batches ended: ${message}`)), {
      once: true,
    });
  });
  return { port: eventedPort(worker), lost, end: () => worker.terminate() };
}
