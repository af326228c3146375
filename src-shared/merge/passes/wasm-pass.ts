// The matrix pass in WebAssembly SIMD. WebAssembly reaches only its own memory: matrices that live there
// (allocated from a MergeArena) are read and written where they are; others pass through it in blocks that
// stay in the second-level cache, so that main memory sees one read and one write.
import { linesLength, type MatrixJob } from './matrix-job';
import { columnsOf, rowsOf, type FcShape } from '../../matrix/geometry';
import { MATRIX_ROWS_WASM } from './matrix-rows.wasm';

/** Exports of assembly/matrix-rows.ts; pointers are byte offsets. */
interface RowWriters {
  writeRows(...pointersAndSizes: number[]): void;
}

const PAGE = 65536;
/** float32 values per block on the way through: 128 KiB, changed in place. */
const BLOCK = 32768;
/**
 * Bytes by which blocks lie off the lines of the cache: as far as the large arrays of the known engines do, behind their
 * allocator's header. Copies between places equally far off are up to half again as fast (measured).
 */
const BLOCK_OFFSET = 16;
/**
 * Values scaled before the band is added to those before them. Weights from main memory: few, so that one's arithmetic goes on
 * while the other waits. Weights from the cache: more, the longer loops are faster (both measured).
 */
const AHEAD_OF_MEMORY = 256;
const AHEAD_OF_CACHE = 2048;
/** Bytes before any allocation of an arena: room for scales, kernels, lines and blocks of the published networks. */
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
    this.writers = new WebAssembly.Instance(module, { env: { memory: this.memory } }).exports as WebAssembly.Exports & RowWriters;
  }

  /** `length` float32 values, 64-byte aligned; not cleared after `reset`. Throws RangeError where the arena is full. */
  allocate(length: number): Float32Array<ArrayBuffer> {
    const { buffer, byteOffset } = this.allocateBytes(length * 4);
    return new Float32Array(buffer, byteOffset, length);
  }

  /** `length` bytes, in the same way. */
  allocateBytes(length: number): Uint8Array<ArrayBuffer> {
    const array = new Uint8Array(this.memory.buffer, this.used, length);
    this.used += Math.ceil(length / 64) * 64;
    return array;
  }

  /** Bytes left. */
  get room(): number {
    return this.memory.buffer.byteLength - this.used;
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

/** Byte offsets of a job's arrays in the memory; 0 for none. Results that live outside pass through `block`. */
interface Layout {
  readonly scale: number;
  readonly kernel: number;
  readonly lines: number;
  readonly block: number;
  readonly rowsPerBlock: number;
  /** Rows scaled before the band is added to the rows before them. */
  readonly ahead: number;
  readonly end: number;
}

function layoutOf({ weight, scale, kernel, shape, out }: MatrixJob, memory: ArrayBuffer): Layout {
  let end = 64; // address 0 stands for "none"
  const place = (values: number): number => {
    const at = end;
    end += Math.ceil(values / 16) * 64;
    return at;
  };
  const [weightInside, outInside] = [weight.buffer === memory, out.buffer === memory];
  const rowsPerBlock = weightInside && outInside ? rowsOf(shape) : blockRows(shape);
  const places = {
    scale: place(scale.length),
    kernel: kernel ? place(kernel.weight.length) : 0,
    lines: kernel ? place(linesLength(kernel, shape)) : 0,
    block: outInside ? 0 : place(rowsPerBlock * columnsOf(shape) + BLOCK_OFFSET / 4) + BLOCK_OFFSET,
  };
  const ahead = Math.max(1, Math.floor((weightInside ? AHEAD_OF_MEMORY : AHEAD_OF_CACHE) / columnsOf(shape)));
  return { ...places, rowsPerBlock, ahead, end };
}

/** Rows per block, where possible in sixteens: then every block begins equally far off the lines of the cache. */
function blockRows(shape: FcShape): number {
  const rows = Math.max(1, Math.floor(BLOCK / columnsOf(shape)));
  return Math.min(rowsOf(shape), rows < 16 ? rows : rows & ~15);
}

/** Scales and kernels are rounded to float32 on their way in; the lines hold -0 wherever no kernel ever is. */
function putConstants({ scale, kernel, shape }: MatrixJob, layout: Layout, memory: ArrayBuffer): void {
  new Float32Array(memory, layout.scale, scale.length).set(scale);
  if (kernel) new Float32Array(memory, layout.kernel, kernel.weight.length).set(kernel.weight);
  if (kernel) new Float32Array(memory, layout.lines, linesLength(kernel, shape)).fill(-0);
}

function writeBlocks(job: MatrixJob, layout: Layout, memory: ArrayBuffer, writers: RowWriters): void {
  const { weight, out, shape } = job;
  const { block, rowsPerBlock } = layout;
  const [rows, columns] = [rowsOf(shape), columnsOf(shape)];
  putConstants(job, layout, memory);
  const staged = new Float32Array(memory, block, block && rowsPerBlock * columns);
  for (let row = 0; row < rows; row += rowsPerBlock) {
    const endRow = Math.min(rows, row + rowsPerBlock);
    const [first, end] = [row * columns, endRow * columns];
    const target = block ? staged.subarray(0, end - first) : out.subarray(first, end);
    if (weight.buffer !== memory) target.set(weight.subarray(first, end));
    const from = weight.buffer === memory ? weight.byteOffset + first * 4 : target.byteOffset;
    writeRows(job, layout, writers, { row, endRow, to: target.byteOffset, from });
    if (block) out.set(target, first);
  }
}

/** Rows row .. endRow - 1 and the addresses of the first of them. */
interface Rows {
  readonly row: number;
  readonly endRow: number;
  readonly to: number;
  readonly from: number;
}

function writeRows(job: MatrixJob, layout: Layout, writers: RowWriters, { row, endRow, to, from }: Rows): void {
  const { scale, kernel, shape } = job;
  const { channels, h, w } = shape;
  const scaleStep = scale.length === shape.O ? 0 : 4;
  writers.writeRows(
    to,
    from,
    row,
    endRow,
    layout.scale,
    scaleStep,
    layout.kernel,
    layout.lines,
    channels,
    h,
    w,
    kernel?.K ?? 0,
    layout.ahead,
  );
}
