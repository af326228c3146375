// Strips of 8 x 8 blocks pooled in WebAssembly SIMD: the first picture of a large matrix waits for these alone.
// Cells pass through a small memory that stays in the processor's cache. Same results as the plain form in
// pool.ts, sums rounded apart.
import { POOL_STRIP_WASM } from './pool-strip.wasm';
import type { MatrixSource } from './source';

/** Side of the blocks that are pooled here. */
export const STRIP_BLOCK = 8;
const PAGE = 65536;

/** Whole blocks side by side: cells [start, start + 8 * blocks) of rows [first, last), at most 8 of them. */
export interface StripOfBlocks {
  readonly first: number;
  readonly last: number;
  readonly start: number;
  readonly blocks: number;
}

/** Arrays of one value per block; valid until the next call. */
export interface PooledStrip {
  readonly sums: Float64Array;
  readonly low: Float32Array;
  readonly high: Float32Array;
}

interface Exports {
  poolStrip(cells: number, stride: number, height: number, blocks: number, sums: number, low: number, high: number): void;
}

interface Pooler {
  readonly memory: WebAssembly.Memory;
  readonly exports: Exports;
}

let pooler: Pooler | null | undefined;

/** The compiled code; null where this host has no WebAssembly SIMD (or forbids it), and the plain form must do. */
function poolerOf(): Pooler | null {
  if (pooler !== undefined) return pooler;
  try {
    const module = new WebAssembly.Module(Uint8Array.from(atob(POOL_STRIP_WASM), (char) => char.charCodeAt(0)));
    const memory = new WebAssembly.Memory({ initial: 1 });
    pooler = { memory, exports: new WebAssembly.Instance(module, { env: { memory } }).exports as WebAssembly.Exports & Exports };
  } catch {
    pooler = null;
  }
  return pooler;
}

/** Pools a strip; null where there is no WebAssembly SIMD. */
export function poolStrip(source: MatrixSource, { first, last, start, blocks }: StripOfBlocks): PooledStrip | null {
  const found = poolerOf();
  if (!found) return null;
  const { memory, exports } = found;
  const width = blocks * STRIP_BLOCK;
  const sumsAt = width * 4 * (last - first);
  const [lowAt, highAt] = [sumsAt + 8 * blocks, sumsAt + 12 * blocks];
  const missing = highAt + 4 * blocks - memory.buffer.byteLength;
  if (missing > 0) memory.grow(Math.ceil(missing / PAGE));
  const cells = new Float32Array(memory.buffer, 0, width * (last - first));
  for (let row = first; row < last; row++) cells.set(source.segment(row, start, start + width), (row - first) * width);
  exports.poolStrip(0, width * 4, last - first, blocks, sumsAt, lowAt, highAt);
  return {
    sums: new Float64Array(memory.buffer, sumsAt, blocks),
    low: new Float32Array(memory.buffer, lowAt, blocks),
    high: new Float32Array(memory.buffer, highAt, blocks),
  };
}
