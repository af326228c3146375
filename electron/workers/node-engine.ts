// The engine in a worker thread of Node: WASM and plain JavaScript, beside the thread that answers.
import { MessageChannel, Worker } from 'node:worker_threads';
import { connectEngine } from '@shared/link/engine/client';
import type { Engine } from '@shared/compute/engine';
import { HalfStep } from '@shared/training/loop/half-step';
import type { EngineLimits, EngineWorkerData } from './engine-worker';
import { nodePort } from './node-port';

export type { EngineLimits };

/** The thread that computed has ended: what it held is gone, and a training goes on from its last checkpoint on another. */
class ThreadLost extends HalfStep {}

/**
 * Starts the engine's thread from the bundle `engine-worker.mjs`, which lies beside the caller's. Dispose it to let the
 * process end. A thread that ends by itself is said by whatever it computed, and the next piece of work starts another.
 * `limits` is asked for each thread.
 */
export function startNodeEngine(
  bundle: URL = new URL('./engine-worker.mjs', import.meta.url),
  limits: () => EngineLimits = () => ({ threads: null, memoryMiB: null }),
): Engine {
  let isDisposed = false;
  let current: Engine | null = null;
  const lost = (thread: Engine): void => void (current = current === thread && !isDisposed ? null : current);
  const thread = (): Engine => (current ??= startThread(bundle, limits(), lost));
  thread();
  return {
    backends: () => thread().backends(),
    forward: (request, watch) => thread().forward(request, watch),
    verify: (request, watch) => thread().verify(request, watch),
    train: (request) => thread().train(request),
    control: (run, control) => thread().control(run, control),
    evaluate: (request) => thread().evaluate(request),
    measure: (request, signal) => thread().measure(request, signal),
    parity: (request, watch) => thread().parity(request, watch),
    receptiveField: (request, watch) => thread().receptiveField(request, watch),
    int8: (request, watch) => thread().int8(request, watch),
    dispose: async () => {
      isDisposed = true;
      await current?.dispose();
    },
  };
}

function startThread(bundle: URL, limits: EngineLimits, onLost: (thread: Engine) => void): Engine {
  const { port1, port2 } = new MessageChannel();
  const workerData: EngineWorkerData = { port: port2, limits };
  const worker = new Worker(bundle, { workerData, transferList: [port2] });
  const lost = new Promise<Error>((resolve) => {
    worker.once('error', (error) => resolve(threadLost(error instanceof Error ? error.message : String(error), error)));
    worker.once('exit', (code) => resolve(threadLost(`exit code ${code}`)));
  });
  const onDispose = async (): Promise<void> => {
    port1.close();
    await worker.terminate();
  };
  const engine = connectEngine(nodePort(port1), { lost, onDispose });
  void lost.then(() => onLost(engine));
  return engine;
}

function threadLost(why: string, cause?: unknown): ThreadLost {
  return new ThreadLost(`the engine's thread ended (${why})`, { cause });
}
