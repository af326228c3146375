// Our own WebAssembly (assembly/) working in place on the memory of tfjs's WASM backend: nothing is copied
// in or out. Scratch memory is one block of that memory, kept between calls and grown when needed.
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import { allowedThreads } from '../backend/wasm-files';
import { moduleOf, type WasmModule } from './heap';
import { isShared, memoryOf, moduleFor } from './bound';
import { KERNELS_WASM } from './kernels.wasm';
import type { SharedWork } from './crew';
import { Pool } from './threads';
import { processorCount } from './thread-host';

/** Exports of assembly/index.ts, described there; pointers are byte offsets into the backend's memory. */
export interface KernelFunctions extends Record<SharedWork, (...values: number[]) => void> {
  gemmScratch(): number;
  /** table, index, chunks, rows, epsilon. */
  finishMoments(...values: number[]): void;
  /** table, index, chunks, rows, epsilon. */
  finishGradient(...values: number[]): void;
  /** weight, out, groups, outputs, inputs, taps, outputStride, inputStride, turned. */
  packWeights(...values: (number | boolean)[]): void;
  /** weight, out, C, taps, turned. */
  packDepthwise(...values: (number | boolean)[]): void;
}

/** The functions bound to one backend, and the threads that share its memory. */
export interface Kernels extends KernelFunctions {
  /** Byte offset, 16-byte aligned, of `bytes` of memory that keep their contents until the next call. */
  scratch(bytes: number): number;
  /** The calling thread and the others; 1 where memory cannot be shared. */
  readonly threads: number;
  /** Runs one call of a kernel per thread, at most `threads`, and returns when all are done. Throws KernelFailure. */
  share(work: SharedWork, calls: readonly (readonly number[])[]): void;
}

/** The kernels on a backend's memory; null where the host has no SIMD or the memory is not to be had. */
export async function startKernels(backend: BackendWasm): Promise<Kernels | null> {
  const memory = memoryOf(backend);
  if (!memory) return null;
  const module = compiled(memory);
  if (!module) return null;
  const functions = (await WebAssembly.instantiate(module, { env: { memory } })).exports as unknown as KernelFunctions;
  const threads = isShared(memory) ? Math.min(allowedThreads(), processorCount()) : 1;
  const pool = await Pool.start(functions, module, memory, threads);
  return {
    ...functions,
    scratch: scratchOn(moduleOf(backend)),
    threads,
    share: (work, calls) => pool.run(work, calls),
  };
}

function compiled(memory: WebAssembly.Memory): WebAssembly.Module | null {
  try {
    return moduleFor(memory, KERNELS_WASM);
  } catch {
    return null;
  }
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
