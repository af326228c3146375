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

/** As `withEngine`, starting the engine when it is first asked for. */
export async function withLazyEngine<T>(work: (engine: () => Engine) => Promise<T>): Promise<T> {
  let engine: Engine | null = null;
  try {
    return await work(() => (engine ??= startNodeEngine()));
  } finally {
    await (engine as Engine | null)?.dispose();
  }
}
