// Where the WASM backend's binaries are. The host knows (files beside its bundle, or URLs of its
// server) and says so once, before the backend starts.

/** Binary name -> URL, or absolute path in Node. */
export interface WasmFiles {
  readonly 'tfjs-backend-wasm.wasm': string;
  readonly 'tfjs-backend-wasm-simd.wasm': string;
  readonly 'tfjs-backend-wasm-threaded-simd.wasm': string;
}

/** The three files in one folder; `folder` is a URL or path ending in a slash. */
export function wasmFilesIn(folder: string): WasmFiles {
  return {
    'tfjs-backend-wasm.wasm': `${folder}tfjs-backend-wasm.wasm`,
    'tfjs-backend-wasm-simd.wasm': `${folder}tfjs-backend-wasm-simd.wasm`,
    'tfjs-backend-wasm-threaded-simd.wasm': `${folder}tfjs-backend-wasm-threaded-simd.wasm`,
  };
}

let configured: WasmFiles | null = null;
let threads = Infinity;

/** Says where the binaries are, and on how many threads at most the WASM backend may compute (all processors, if not said). */
export function configureEngine(host: { readonly wasmFiles: WasmFiles; readonly threads?: number }): void {
  configured = host.wasmFiles;
  threads = host.threads ?? Infinity;
}

/** The largest number of threads that `configureEngine` allows. */
export function allowedThreads(): number {
  return threads;
}

/** What `configureEngine` was told, or null. */
export function configuredWasmFiles(): WasmFiles | null {
  return configured;
}
