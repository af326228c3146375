// Our compiled modules bound to the memory of tfjs's WASM backend, shared between threads or not.
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import { moduleOf } from './heap';
import { importingSharedMemory } from './shared-memory';

/** The backend's memory; null where its module does not hand it out. */
export function memoryOf(backend: BackendWasm): WebAssembly.Memory | null {
  const { asm } = moduleOf(backend);
  return asm?.memory instanceof WebAssembly.Memory ? asm.memory : null;
}

/** Whether a memory can be handed to other threads. */
export function isShared(memory: WebAssembly.Memory): boolean {
  return !(memory.buffer instanceof ArrayBuffer);
}

/** A module of ours (base64) that imports `memory`. Throws where the host has no WebAssembly SIMD. */
export function moduleFor(memory: WebAssembly.Memory, base64: string): WebAssembly.Module {
  const bytes = Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
  return new WebAssembly.Module(isShared(memory) ? importingSharedMemory(bytes) : bytes);
}
