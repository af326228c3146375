// Starts the engine's worker in a window and connects it to the service.
import { askForPort, socketUrl, type ConnectingPage } from '@shared/link/connect';
import type { EngineStart } from './engine.worker';

/** Offers this window's engine to the service: through the preload script on the desktop, else by WebSocket. Gives what ends it. */
export async function offerEngine(page: ConnectingPage): Promise<() => void> {
  const worker = new Worker(new URL('./engine.worker.ts', import.meta.url), { type: 'module', name: 'engine' });
  const port = await askForPort(page, 'engine');
  if (port === null) worker.postMessage({ kind: 'socket', url: socketUrl(page, '/engine') } satisfies EngineStart);
  else worker.postMessage({ kind: 'port', port } satisfies EngineStart, [port]);
  return () => worker.terminate();
}
