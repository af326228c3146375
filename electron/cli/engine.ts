// The compute engine as the command line uses it: a worker thread for the time of one verb.
import type { Engine } from '@shared/compute/engine';
import { startNodeEngine } from '../workers/node-engine';

/** Runs `work` with an engine and ends the engine afterwards, whatever happened. */
export async function withEngine<T>(work: (engine: Engine) => Promise<T>): Promise<T> {
  const engine = startNodeEngine();
  try {
    return await work(engine);
  } finally {
    await engine.dispose();
  }
}
