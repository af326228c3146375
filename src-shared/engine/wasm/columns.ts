// Our own WebAssembly (assembly/columns.ts) working on the memory of tfjs's WASM backend: no value is
// copied in or out. Only the single-threaded module hands out its memory; elsewhere tfjs's kernels do.
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import { memoryOf, moduleFor } from '../kernels/bound';
import { COLUMNS_WASM } from './columns.wasm';

/** Exports of assembly/columns.ts; pointers are byte offsets into the backend's memory. */
export interface Columns {
  sums(a: number, M: number, C: number, out: number): void;
  products(a: number, b: number, shiftA: number, shiftB: number, M: number, C: number, out: number): void;
  combine(a: number, scaleA: number, b: number, mean: number, scaleB: number, shift: number, y: number, M: number, C: number): void;
  normalise(x: number, mean: number, scale: number, shift: number, y: number, M: number, C: number): void;
  transpose(a: number, out: number, R: number, C: number): void;
}

const instances = new WeakMap<BackendWasm, Columns | null>();

/** The functions bound to a backend's memory; null where the host has no SIMD or the memory is not to be had. */
export function columnsOf(backend: BackendWasm): Columns | null {
  const known = instances.get(backend);
  if (known !== undefined) return known;
  const columns = instantiate(backend);
  instances.set(backend, columns);
  return columns;
}

function instantiate(backend: BackendWasm): Columns | null {
  const memory = memoryOf(backend);
  if (!memory) return null;
  try {
    return new WebAssembly.Instance(moduleFor(memory, COLUMNS_WASM), { env: { memory } }).exports as unknown as Columns;
  } catch {
    return null;
  }
}
