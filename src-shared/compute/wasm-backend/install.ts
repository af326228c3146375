// The one door of this room: tfjs's WASM backend started on memory that threads share, and our kernels put in the place of
// its own, where they can work on that memory; elsewhere the kernels that were there before stay.
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import { startKernels } from './instance';
import { guardMemory } from './memory';
import { register } from './operation';
import { OPERATIONS } from './operations';
import { withSharedInstances } from './shared-memory';
import { canShareMemory } from './thread-host';

/** Runs `start`, which starts the backend, so that its memory can be shared between threads where this host has that. */
export function onSharedMemory<T>(start: () => Promise<T>): Promise<T> {
  return canShareMemory() ? withSharedInstances(start) : start();
}

/**
 * Registers every kernel of this room and guards the backend's memory; call once, when the backend runs. Returns the number
 * of threads, `mostThreads` at most, that the kernels run on: 1 where memory is not shared or WebAssembly of ours does not run.
 */
export async function install(backend: BackendWasm, mostThreads: number): Promise<number> {
  guardMemory(backend);
  registerPlain();
  const kernels = await startKernels(backend, mostThreads);
  if (kernels) for (const { own } of OPERATIONS) register(own?.(kernels) ?? []);
  return kernels?.threads ?? 1;
}

/** Registers the kernels that need no WebAssembly of ours. */
export function registerPlain(): void {
  for (const { plain } of OPERATIONS) register(plain?.() ?? []);
}
