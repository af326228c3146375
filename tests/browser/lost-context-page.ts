// The page of lost-context.test.ts: trains into a run's events with the half steps' rewinding that a service does, in memory.
import { configureEngine, wasmFilesIn } from '../../src-shared/compute/backend/wasm-files';
import type { Engine } from '../../src-shared/compute/engine';
import { connectEngine } from '../../src-shared/link/engine/client';
import { eventedPort } from '../../src-shared/link/port';
import type { ResumePoint } from '../../src-shared/training/loop/events';
import type { TrainingConfig } from '../../src-shared/training/recipe/recipe';
import type { EngineWorkerStart } from './engine-page-worker';

export interface LostContextPage {
  /** Trains, the context lost after each of so many steps told; what came, in words, and the last weights. */
  train(config: TrainingConfig, loseAtSteps: readonly number[]): Promise<{ told: string[]; weights: number[] }>;
}

declare global {
  var lostContextPage: LostContextPage;
}

const wasmFiles = wasmFilesIn(`${location.origin}/wasm/`);
configureEngine({ wasmFiles });
const lose = new BroadcastChannel('lose-context');

function startEngine(): Engine {
  const worker = new Worker('/lost-context-worker.js', { type: 'module' });
  const { port1, port2 } = new MessageChannel();
  const start: EngineWorkerStart = { port: port2, wasmFiles };
  worker.postMessage(start, [port2]);
  return connectEngine(eventedPort(port1));
}

globalThis.lostContextPage = {
  train: async (config, loseAtSteps) => {
    const engine = startEngine();
    const told: string[] = [];
    const left = [...loseAtSteps];
    let point: ResumePoint | null = null;
    for (let again = true; again; ) {
      again = false;
      try {
        for await (const event of engine.train({ run: 'run', config, resume: point })) {
          if (event.type === 'backend') told.push(`backend ${event.backend}`);
          if (event.type === 'state') told.push(event.state);
          if (event.type === 'weights') point = event.point;
          if (event.type === 'step' && left[0] !== undefined && event.step >= left[0]) {
            left.shift();
            lose.postMessage(null);
          }
        }
      } catch (error) {
        told.push(`${(error as Error).name}: ${(error as Error).message}`);
        again = (error as Error).name === 'HalfStep';
      }
    }
    return {
      told,
      weights: [...(point?.weights.values() ?? [])].flatMap(({ dtype, data }) => (dtype === 'float32' ? [...(data as Float32Array)] : [])),
    };
  },
};
