// The matrix pass in WebAssembly SIMD. WebAssembly reaches only its own memory: matrices that live there
// (allocated from a MergeArena) are read and written where they are; others pass through it in blocks that
// stay in the second-level cache, so that main memory still sees one read and one write.
import { columnsOf, rowsOf, usesWindows, windowsLength, type MatrixJob } from './matrix-job';
import { MATRIX_ROWS_WASM } from './matrix-rows.wasm';

/** Exports of assembly/matrix-rows.ts; pointers are byte offsets. */
interface RowWriters {
  writeRows(...pointersAndSizes: number[]): void;
}

const PAGE = 65536;
/** float32 values per block on the way through: 128 KiB in, 128 KiB out. */
const BLOCK = 32768;
/** Bytes before any allocation of an arena: room for scales, kernels, windows and blocks of the published networks. */
const WORK_BYTES = 4 * 2 ** 20;

let compiled: WebAssembly.Module | null | undefined;

/** The compiled module; null where this host has no WebAssembly SIMD (or forbids it), and the plain form must do. */
function rowsModule(): WebAssembly.Module | null {
  if (compiled !== undefined) return compiled;
  try {
    compiled = new WebAssembly.Module(Uint8Array.from(atob(MATRIX_ROWS_WASM), (char) => char.charCodeAt(0)));
  } catch {
    compiled = null;
  }
  return compiled;
}

/** Whether matrices are written by WebAssembly SIMD on this host. */
export function hasWasmPass(): boolean {
  return rowsModule() !== null;
}

/**
 * Memory that the WebAssembly pass reads and writes in place: load the weights into arrays allocated here, and let the merge
 * take its results from here. It never grows, so arrays stay valid; drop the arena and its arrays to free it.
 */
export class MergeArena {
  private readonly memory: WebAssembly.Memory;
  private readonly writers: RowWriters;
  private used = WORK_BYTES;

  /** An arena for arrays of `bytes` in all. Throws RangeError where the host cannot give that much, Error without WebAssembly SIMD. */
  constructor(bytes: number) {
    const module = rowsModule();
    if (!module) throw new Error('this host has no WebAssembly SIMD');
    const pages = Math.ceil((WORK_BYTES + bytes) / PAGE);
    this.memory = new WebAssembly.Memory({ initial: pages, maximum: pages });
    this.writers = new WebAssembly.Instance(module, { env: { memory: this.memory } }).exports as unknown as RowWriters;
  }

  /** `length` float32 values, 64-byte aligned; not cleared after `reset`. Throws RangeError where the arena is full. */
  allocate(length: number): Float32Array<ArrayBuffer> {
    const array = new Float32Array(this.memory.buffer, this.used, length);
    this.used += Math.ceil((length * 4) / 64) * 64;
    return array;
  }

  /** Forgets all allocations: their arrays will be handed out again. */
  reset(): void {
    this.used = WORK_BYTES;
  }

  /** Does the job and returns true; false where the scratch memory is too small for it. */
  write(job: MatrixJob): boolean {
    const layout = layoutOf(job, this.memory.buffer);
    if (layout.end > WORK_BYTES) return false;
    writeBlocks(job, layout, this.memory.buffer, this.writers);
    return true;
  }
}

/** Byte offsets of a job's arrays in the memory; 0 for none. Matrices that live outside get a block to pass through. */
interface Layout {
  readonly scale: number;
  readonly kernel: number;
  readonly windows: number;
  readonly weightBlock: number;
  readonly outBlock: number;
  readonly rowsPerBlock: number;
  readonly end: number;
}

function layoutOf({ weight, scale, kernel, shape, out }: MatrixJob, memory: ArrayBuffer): Layout {
  let end = 64; // address 0 stands for "none"
  const place = (bytes: number): number => {
    const at = end;
    end += Math.ceil(bytes / 64) * 64;
    return at;
  };
  const [weightInside, outInside] = [weight.buffer === memory, out.buffer === memory];
  const rowsPerBlock = weightInside && outInside ? rowsOf(shape) : Math.max(1, Math.floor(BLOCK / columnsOf(shape)));
  const blockBytes = rowsPerBlock * columnsOf(shape) * 4;
  const places = {
    scale: place(scale.byteLength),
    kernel: kernel ? place(kernel.weight.byteLength) : 0,
    windows: kernel && usesWindows(kernel, shape) ? place(windowsLength(shape) * 8) : 0,
    weightBlock: weightInside ? 0 : place(blockBytes),
    outBlock: outInside ? 0 : place(blockBytes),
  };
  return { ...places, rowsPerBlock, end };
}

function writeBlocks(job: MatrixJob, layout: Layout, memory: ArrayBuffer, writers: RowWriters): void {
  const { weight, out, shape } = job;
  const { weightBlock, outBlock, rowsPerBlock } = layout;
  const [rows, columns] = [rowsOf(shape), columnsOf(shape)];
  putConstants(job, layout, memory);
  for (let row = 0; row < rows; row += rowsPerBlock) {
    const endRow = Math.min(rows, row + rowsPerBlock);
    const [from, to] = [row * columns, endRow * columns];
    if (weightBlock) new Float32Array(memory, weightBlock, to - from).set(weight.subarray(from, to));
    writeRows(job, layout, writers, row, endRow, outBlock || out.byteOffset + from * 4, weightBlock || weight.byteOffset + from * 4);
    if (outBlock) out.set(new Float32Array(memory, outBlock, to - from), from);
  }
}

function putConstants(
  { scale, kernel, shape }: MatrixJob,
  { scale: scaleAt, kernel: kernelAt, windows }: Layout,
  memory: ArrayBuffer,
): void {
  new Float64Array(memory, scaleAt, scale.length).set(scale);
  if (kernel) new Float64Array(memory, kernelAt, kernel.weight.length).set(kernel.weight);
  if (windows) new Float64Array(memory, windows, windowsLength(shape)).fill(0);
}

/** Rows row .. endRow - 1; `out` and `weight` are the addresses of the first of them. */
function writeRows(job: MatrixJob, layout: Layout, writers: RowWriters, row: number, endRow: number, out: number, weight: number): void {
  const { scale, kernel, shape } = job;
  const { channels, h, w } = shape;
  const scaleStep = scale.length === shape.O ? 0 : 8;
  writers.writeRows(out, weight, row, endRow, layout.scale, scaleStep, layout.kernel, layout.windows, channels, h, w, kernel?.K ?? 0);
}
