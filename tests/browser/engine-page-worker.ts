// The worker behind engine-page.ts: an engine on the port that the first message brings, as the window's
// compute worker has it.
import { openEmbedded } from '../../src-shared/dataset/embedded/embedded';
import type { DatasetReference, DatasetSplits } from '../../src-shared/dataset/dataset';
import { UserError } from '../../src-shared/base/user-error';
import type { WasmFiles } from '../../src-shared/compute/backend/wasm-files';
import { createEngine } from '../../src-shared/compute/create-engine';
import { eventedPort } from '../../src-shared/link/port';
import { serveEngine } from '../../src-shared/link/engine/server';

/** The first message to the worker; `port` is transferred with it. */
export interface EngineWorkerStart {
  readonly port: MessagePort;
  readonly wasmFiles: WasmFiles;
}

function openDataset(reference: DatasetReference): Promise<DatasetSplits> {
  if (reference.kind === 'embedded') return Promise.resolve(openEmbedded(reference));
  return Promise.reject(new UserError(`the data set in ${reference.path} can only be read where the files are`));
}

addEventListener(
  'message',
  ({ data }: MessageEvent<EngineWorkerStart>) => {
    serveEngine(createEngine({ openDataset, wasmFiles: data.wasmFiles }), eventedPort(data.port));
  },
  { once: true },
);
