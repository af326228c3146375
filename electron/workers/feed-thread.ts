// Starts the thread that makes a training's batches, from the bundle `feed-worker.mjs` beside the caller's.
import { MessageChannel, Worker } from 'node:worker_threads';
import type { FeedThread } from '@shared/link/batch-thread';
import { nodePort } from './node-port';
import { workerBundle } from './worker-bundle';

/** A thread for one training. */
export function startFeedThread(): FeedThread {
  const { port1, port2 } = new MessageChannel();
  const worker = new Worker(workerBundle('feed-worker.mjs'), { workerData: { port: port2 }, transferList: [port2] });
  const lost = new Promise<Error>((resolve) => {
    worker.once('error', (error) => resolve(error instanceof Error ? error : new Error(String(error))));
    worker.once('exit', (code) => resolve(new Error(`the thread that makes batches ended (exit code ${code})`)));
  });
  const end = (): void => {
    port1.close();
    void worker.terminate();
  };
  return { port: nodePort(port1), lost, end };
}
