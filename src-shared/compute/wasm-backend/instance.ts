// Our own WebAssembly (the operations' assembly/) working in place on the memory of tfjs's WASM backend: nothing is copied
// in or out. Scratch memory is one block of that memory, kept between calls and grown when needed.
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import { processorCount } from '../processors';
import { isShared, memoryOf, moduleFor } from './bound';
import { moduleOf, type WasmModule } from './heap';
import { KERNELS_WASM, type KernelFunctions } from './kernels.wasm';
import { Pool } from './threads';

/** The kernels bound to one backend, pointers being byte offsets into its memory, and the threads that share it. */
export interface Kernels extends KernelFunctions {
  /** Byte offset, 16-byte aligned, of `bytes` of memory that keep their contents until the next call. */
  scratch(bytes: number): number;
  /** The calling thread and the others; 1 where memory cannot be shared. */
  readonly threads: number;
  /** Runs one call of a kernel per thread, at most `threads`, and returns when all are done. Throws KernelFailure. */
  share(work: keyof KernelFunctions, calls: readonly (readonly number[])[]): void;
}

/** The kernels on a backend's memory, on `mostThreads` threads at most; null where the host has no SIMD or the memory is not to be had. */
export async function startKernels(backend: BackendWasm, mostThreads: number): Promise<Kernels | null> {
  const memory = memoryOf(backend);
  if (!memory) return null;
  const module = compiled(memory);
  if (!module) return null;
  const functions = await kernelsOn(memory, module);
  const threads = isShared(memory) ? Math.min(mostThreads, processorCount()) : 1;
  const pool = await Pool.start(functions, module, memory, threads);
  return {
    ...functions,
    scratch: scratchOn(moduleOf(backend)),
    threads,
    share: (work, calls) => pool.run(work, calls),
  };
}

/** The kernels of a module on the calling thread, without others. */
export async function kernelsOn(memory: WebAssembly.Memory, module = moduleFor(memory, KERNELS_WASM)): Promise<KernelFunctions> {
  return (await WebAssembly.instantiate(module, { env: { memory } })).exports as WebAssembly.Exports & KernelFunctions;
}

function compiled(memory: WebAssembly.Memory): WebAssembly.Module | null {
  try {
    return moduleFor(memory, KERNELS_WASM);
  } catch {
    return null;
  }
}

/** Values below which waking other threads costs more than it saves. */
const WORTH_SHARING = 32768;

/** Threads that a pass over `size` values is worth. */
export function partsFor(kernels: Kernels, size: number): number {
  return size < WORTH_SHARING ? 1 : kernels.threads;
}

/** Ranges [first, last) that cut `count` items into at most `parts`, each but the last a multiple of `grain`. */
export function ranges(count: number, parts: number, grain: number): [number, number][] {
  const length = Math.ceil(count / parts / grain) * grain;
  return Array.from({ length: Math.ceil(count / length) }, (_, i) => [i * length, Math.min(count, (i + 1) * length)]);
}

function scratchOn(heap: WasmModule): (bytes: number) => number {
  let [offset, size] = [0, 0];
  return (bytes) => {
    if (bytes > size) {
      if (size > 0) heap._free(offset);
      // Where there is no more memory, there is none from here on.
      size = 0;
      offset = heap._malloc(bytes + 16) >>> 0;
      size = bytes + 16;
    }
    return Math.ceil(offset / 16) * 16;
  };
}
