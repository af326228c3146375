// The WASM backend's memory as the replaced kernels see it. A view is valid until the next allocation,
// which may move the heap: take views after `makeOutput`.
import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';

/** What tfjs's typings leave out of the compiled module. */
export interface WasmModule {
  readonly HEAPU8: Uint8Array<ArrayBuffer>;
  readonly asm?: { readonly memory?: unknown };
  /** Byte offset, as a signed number, of so much memory of one's own. */
  _malloc: (bytes: number) => number;
  readonly _free: (offset: number) => void;
  cwrap(name: string, returns: null, parameters: readonly string[]): (...values: unknown[]) => void;
}

/** The backend's compiled module. */
export function moduleOf({ wasm }: BackendWasm): WasmModule {
  if (!isWasmModule(wasm)) throw new Error("tfjs's WASM backend has no memory as that of 4.22.0 has");
  return wasm;
}

function isWasmModule(module: object): module is WasmModule {
  return 'HEAPU8' in module && '_malloc' in module && '_free' in module && 'cwrap' in module;
}

/** A float32 tensor's values in place, row-major. */
export function floatsOf(backend: BackendWasm, tensor: TensorInfo): Float32Array {
  return new Float32Array(moduleOf(backend).HEAPU8.buffer, offsetOf(backend, tensor), sizeOf(tensor.shape));
}

/** `count` integers in place from byte offset `at` on. */
export function integersAt(backend: BackendWasm, at: number, count: number): Int32Array {
  return new Int32Array(moduleOf(backend).HEAPU8.buffer, at, count);
}

/** Byte offset of a tensor in the heap. */
export function offsetOf(backend: BackendWasm, tensor: TensorInfo): number {
  return backend.dataIdMap.get(tensor.dataId).memoryOffset;
}

/** Number of elements of a shape. */
export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}
