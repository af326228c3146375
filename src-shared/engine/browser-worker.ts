// Entry of the engine's worker in a browser window. The first message brings the port to serve and the
// addresses of the WASM binaries. Embedded data sets are drawn here; folders are read by the host.
import { openEmbedded } from '../dataset/embedded';
import type { DatasetReference, DatasetSplits } from '../dataset/dataset';
import { UserError } from '../user-error';
import type { WasmFiles } from './backend/wasm-files';
import { createEngine } from './create-engine';
import type { EnginePort } from './port';
import { serveEngine } from './serve';

/** The first message to the worker; `port` is transferred with it. */
export interface EngineWorkerStart {
  readonly port: EnginePort;
  readonly wasmFiles: WasmFiles;
}

function openDataset(reference: DatasetReference): Promise<DatasetSplits> {
  if (reference.kind === 'embedded') return Promise.resolve(openEmbedded(reference));
  return Promise.reject(new UserError(`the data set in ${reference.path} can only be read where the files are`));
}

addEventListener(
  'message',
  ({ data }: MessageEvent<EngineWorkerStart>) => {
    serveEngine(createEngine({ openDataset, wasmFiles: data.wasmFiles }), data.port);
  },
  { once: true },
); // prettier-ignore
