// Our own WebAssembly (assembly/) working in place on the memory of tfjs's WASM backend: nothing is copied
// in or out. Scratch memory is one block of that memory, kept between calls and grown when needed.
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import { KERNELS_WASM } from './kernels.wasm';

/** Exports of assembly/index.ts, described there; pointers are byte offsets into the backend's memory. */
export interface KernelFunctions {
  gemmScratch(): number;
  /** a, lda, transposeA, b, ldb, transposeB, c, ldc, m, n, k, scratch. */
  gemm(...values: (number | boolean)[]): void;
  /** weight, out, groups, outputs, inputs, taps, outputStride, inputStride, turned. */
  packWeights(...values: (number | boolean)[]): void;
  /** pass, source, weights, out, first, last, scratch. */
  correlate(...values: number[]): void;
  /** pass, x, dy, out, N, first, last, scratch. */
  filterGradient(...values: number[]): void;
  /** value, gradient, velocity, n, rate, momentum, decay, nesterov. */
  sgd(...values: (number | boolean)[]): void;
  /** value, gradient, first, second, n, beta1, beta2, 1 - beta1, 1 - beta2, epsilon, kept, size, root. */
  adamw(...values: number[]): void;
}

/** The functions bound to one backend. */
export interface Kernels extends KernelFunctions {
  /** Byte offset, 16-byte aligned, of `bytes` of memory that keep their contents until the next call. */
  scratch(bytes: number): number;
}

/** What tfjs's typings leave out of the compiled module. */
interface Heap {
  readonly asm?: { readonly memory?: unknown };
  _malloc(bytes: number): number;
  _free(offset: number): void;
}

const instances = new WeakMap<BackendWasm, Kernels | null>();

/** The kernels on a backend's memory; null where the host has no SIMD or the memory is not to be had. */
export function kernelsOf(backend: BackendWasm): Kernels | null {
  const known = instances.get(backend);
  if (known !== undefined) return known;
  const kernels = instantiate(backend.wasm as unknown as Heap);
  instances.set(backend, kernels);
  return kernels;
}

function instantiate(heap: Heap): Kernels | null {
  const memory = heap.asm?.memory;
  if (!(memory instanceof WebAssembly.Memory) || !(memory.buffer instanceof ArrayBuffer)) return null;
  try {
    const module = new WebAssembly.Module(Uint8Array.from(atob(KERNELS_WASM), (char) => char.charCodeAt(0)));
    const functions = new WebAssembly.Instance(module, { env: { memory } }).exports as unknown as KernelFunctions;
    return { ...functions, scratch: scratchOn(heap) };
  } catch {
    return null;
  }
}

function scratchOn(heap: Heap): (bytes: number) => number {
  let [offset, size] = [0, 0];
  return (bytes) => {
    if (bytes > size) {
      if (size > 0) heap._free(offset);
      size = bytes + 16;
      offset = heap._malloc(size) >>> 0;
    }
    return Math.ceil(offset / 16) * 16;
  };
}
