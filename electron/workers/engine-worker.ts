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

/** What the thread is started with. */
export interface EngineWorkerData {
  readonly port: MessagePort;
}

const wasmFiles = wasmFilesIn(fileURLToPath(new URL('./wasm/', import.meta.url)));
const { port } = workerData as EngineWorkerData;
const openFeed = (config: TrainingConfig) => openThreadedFeed(startFeedThread(), config);
serveEngine(createEngine({ openDataset, openThreadedFeed: openFeed, wasmFiles }), nodePort(port));
