// ONNX Runtime (WebAssembly, one thread) as the judge of exported files: it shares no code with the engine here.
import { existsSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type * as OnnxRuntime from 'onnxruntime-web';
import { floatTensor, type FloatTensor } from '@shared/tensor/tensor';
import { UserError } from '@shared/base/user-error';
import { beside } from '../../files/unpacked';

/** Beside the bundle in a package, among the packages in a checkout. */
const PLACES = ['onnx-runtime', 'node_modules/onnxruntime-web/dist'];

/** Runs a model on one input; its outputs, all float32, by name. Throws UserError with the runtime's words where it refuses the model. */
export function runOnnx(bytes: Uint8Array, inputName: string, input: FloatTensor): Promise<ReadonlyMap<string, FloatTensor>> {
  return runOnnxInputs(bytes, new Map([[inputName, input]]));
}

/** As `runOnnx`, on several inputs by name. */
export async function runOnnxInputs(
  bytes: Uint8Array,
  inputs: ReadonlyMap<string, FloatTensor>,
): Promise<ReadonlyMap<string, FloatTensor>> {
  const runtime = await openRuntime();
  const session = await runtime.InferenceSession.create(bytes, { executionProviders: ['wasm'] }).catch((error: unknown) => refuse(error));
  try {
    const fed = [...inputs].map(([name, { data, shape }]) => [name, new runtime.Tensor('float32', data, [...shape])] as const);
    const found = await session.run(Object.fromEntries(fed));
    return new Map(Object.entries(found).map(([name, { data, dims }]) => [name, floatTensor(dims, float32Of(data, name))]));
  } finally {
    await session.release();
  }
}

async function openRuntime(): Promise<typeof OnnxRuntime> {
  const runtime = (await import(runtimeUrl())) as typeof OnnxRuntime;
  // Threads of its own would outlive the session, and outputs would depend on their number.
  runtime.env.wasm.numThreads = 1;
  return runtime;
}

function runtimeUrl(): string {
  for (let folder = dirname(fileURLToPath(import.meta.url)); ; folder = dirname(folder)) {
    const found = PLACES.map((place) => join(folder, place, 'ort.node.min.mjs')).find((path) => existsSync(path));
    if (found !== undefined)
      return (
        beside(pathToFileURL(join(folder, 'bundle')).href, relative(folder, dirname(found)).replaceAll('\\', '/')).href +
        '/ort.node.min.mjs'
      );
    if (dirname(folder) === folder) throw new UserError('ONNX Runtime, which judges exported files, is missing from this installation');
  }
}

function float32Of(data: unknown, name: string): Float32Array {
  if (!(data instanceof Float32Array)) throw new UserError(`output ${name} of the ONNX model is not float32`);
  return data;
}

function refuse(error: unknown): never {
  throw new UserError(`ONNX Runtime refuses the model: ${error instanceof Error ? error.message : String(error)}`);
}
