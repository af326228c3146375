// The engine in a worker thread of Node: WASM and plain JavaScript, beside the thread that answers.
import { MessageChannel, Worker } from 'node:worker_threads';
import { connectEngine } from '@shared/link/engine/client';
import type { Engine } from '@shared/compute/engine';
import type { EngineLimits, EngineWorkerData } from './engine-worker';
import { nodePort } from './node-port';

export type { EngineLimits };

/**
 * Starts the engine's thread from the bundle `engine-worker.mjs`, which lies beside the caller's. Dispose it to let the
 * process end. `onLost` is called when the thread ends: this engine is of no use from then on.
 */
export function startNodeEngine(
  bundle: URL = new URL('./engine-worker.mjs', import.meta.url),
  onLost?: () => void,
  limits: EngineLimits = { threads: null, memoryMiB: null },
): Engine {
  const { port1, port2 } = new MessageChannel();
  const workerData: EngineWorkerData = { port: port2, limits };
  const worker = new Worker(bundle, { workerData, transferList: [port2] });
  const lost = new Promise<Error>((resolve) => {
    worker.once('error', (error) => resolve(error instanceof Error ? error : new Error(String(error))));
    worker.once('exit', (code) => resolve(new Error(`the engine's thread ended (exit code ${code})`)));
  });
  void lost.then(() => onLost?.());
  const onDispose = async (): Promise<void> => {
    port1.close();
    await worker.terminate();
  };
  return connectEngine(nodePort(port1), { lost, onDispose });
}
