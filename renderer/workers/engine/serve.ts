// The engine behind a channel to the service.
import plainWasm from '@tensorflow/tfjs-backend-wasm/wasm-out/tfjs-backend-wasm.wasm?url';
import simdWasm from '@tensorflow/tfjs-backend-wasm/wasm-out/tfjs-backend-wasm-simd.wasm?url';
import threadedWasm from '@tensorflow/tfjs-backend-wasm/wasm-out/tfjs-backend-wasm-threaded-simd.wasm?url';
import { wirePort, type ArrayStore, type TextChannel } from '@shared/link/wire-port';
import { openThreadedFeed, type FeedThread } from '@shared/link/batch-thread';
import { createEngine } from '@shared/compute/create-engine';
import { serveEngine } from '@shared/link/engine/server';
import { openDataset } from './open-dataset';
import { eventedPort } from '@shared/link/port';

const wasmFiles = {
  'tfjs-backend-wasm.wasm': plainWasm,
  'tfjs-backend-wasm-simd.wasm': simdWasm,
  'tfjs-backend-wasm-threaded-simd.wasm': threadedWasm,
};

/** Answers the service's calls until the window is closed. */
export function serve(channel: TextChannel, store: ArrayStore): void {
  serveEngine(
    createEngine({ openDataset, openThreadedFeed: (config) => openThreadedFeed(startFeedThread(), config), wasmFiles }),
    wirePort(channel, store, (error) => console.error(error)),
  );
}

/** A thread for one training. */
function startFeedThread(): FeedThread {
  const worker = new Worker(new URL('./feed.worker.ts', import.meta.url), { type: 'module', name: 'feed' });
  const lost = new Promise<Error>((resolve) => {
    worker.addEventListener('error', ({ message }) => resolve(new Error(`the thread that makes batches ended: ${message}`)), {
      once: true,
    });
  });
  return { port: eventedPort(worker), lost, end: () => worker.terminate() };
}
