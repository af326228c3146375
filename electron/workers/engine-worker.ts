// Entry of the engine's worker thread in Node: serves the port it was started with. The WASM binaries
// lie in `wasm/` beside the bundle.
import { fileURLToPath } from 'node:url';
import { workerData, type MessagePort } from 'node:worker_threads';
import { wasmFilesIn } from '@shared/compute/backend/wasm-files';
import { createEngine } from '@shared/compute/create-engine';
import { serveEngine } from '@shared/link/engine/server';
import { openThreadedFeed } from '@shared/link/batch-thread';
import type { TrainingConfig } from '@shared/training/recipe/recipe';
import { openDataset } from '../datasets/open-dataset';
import { startFeedThread } from './feed-thread';
import { nodePort } from './node-port';

/** What the engine may take at most; null for as much as there is. */
export interface EngineLimits {
  /** Of the WASM backend. */
  readonly threads: number | null;
  /** For the activations of a part of a batch. */
  readonly memoryMiB: number | null;
}

/** What the thread is started with. */
export interface EngineWorkerData {
  readonly port: MessagePort;
  readonly limits: EngineLimits;
}

const wasmFiles = wasmFilesIn(fileURLToPath(new URL('./wasm/', import.meta.url)));
const { port, limits } = workerData as EngineWorkerData;
const openFeed = (config: TrainingConfig) => openThreadedFeed(startFeedThread(), config);
const bounds = { threads: limits.threads ?? undefined, memoryMiB: limits.memoryMiB ?? undefined };
serveEngine(createEngine({ openDataset, openThreadedFeed: openFeed, wasmFiles, ...bounds }), nodePort(port));
