// Entry of the engine's worker thread in Node: serves the port it was started with. The WASM binaries
// lie in `wasm/` beside the bundle.
import { fileURLToPath } from 'node:url';
import { workerData, type MessagePort } from 'node:worker_threads';
import { wasmFilesIn } from '@shared/compute/backend/wasm-files';
import { createEngine } from '@shared/compute/create-engine';
import type { EnginePort } from '@shared/link/port';
import { serveEngine } from '@shared/link/engine-server';
import { openDataset } from '../datasets/open-dataset';
import { startFeedThread } from './feed-thread';

/** What the thread is started with. */
export interface EngineWorkerData {
  readonly port: MessagePort;
}

const wasmFiles = wasmFilesIn(fileURLToPath(new URL('./wasm/', import.meta.url)));
const { port } = workerData as EngineWorkerData;
serveEngine(createEngine({ openDataset, startFeedThread, wasmFiles }), port as unknown as EnginePort);
