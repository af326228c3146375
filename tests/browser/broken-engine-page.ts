// The page behind broken-engine.test.ts: trains in an engine of which one kernel fails once, and tells what came of it.
import { wasmFilesIn } from '../../src-shared/compute/backend/wasm-files';
import { connectEngine } from '../../src-shared/link/engine/client';
import type { Engine } from '../../src-shared/compute/engine';
import { eventedPort } from '../../src-shared/link/port';
import type { TrainingConfig } from '../../src-shared/training/recipe/recipe';
import type { EngineWorkerStart } from './engine-page-worker';

export interface Trained {
  /** Of what failed and was made good. */
  readonly mended: string[];
  /** What ended the training; null where it finished. */
  readonly error: string | null;
  /** SHA-256 of the last weights. */
  readonly digest: string;
}

export interface BrokenEnginePage {
  /** Trains `times` times on one engine of which `kernel` fails once. */
  train(kernel: string, config: TrainingConfig, times: number): Promise<Trained[]>;
}

declare global {
  var brokenEnginePage: BrokenEnginePage;
}

function startEngine(kernel: string): Engine {
  const worker = new Worker('/worker.js', { type: 'module', name: kernel });
  const { port1, port2 } = new MessageChannel();
  const start: EngineWorkerStart = { port: port2, wasmFiles: wasmFilesIn(`${location.origin}/wasm/`) };
  worker.postMessage(start, [port2]);
  return connectEngine(eventedPort(port1));
}

async function train(engine: Engine, config: TrainingConfig): Promise<Trained> {
  const mended: string[] = [];
  let digest = '';
  try {
    for await (const event of engine.train({ run: 'run', config, resume: null })) {
      if (event.type === 'state' && event.mended) mended.push(event.message);
      if (event.type !== 'weights') continue;
      const parts = [...event.point.weights.values()].map(({ data }) => data as Uint8Array<ArrayBuffer>);
      const bytes = await new Blob(parts).arrayBuffer();
      digest = [...new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))].join(' ');
    }
  } catch (error) {
    return { mended, digest, error: String(error) };
  }
  return { mended, digest, error: null };
}

globalThis.brokenEnginePage = {
  train: async (kernel, config, times) => {
    const engine = startEngine(kernel);
    const trained: Trained[] = [];
    for (let i = 0; i < times; i++) trained.push(await train(engine, config));
    return trained;
  },
};
