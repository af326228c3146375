// Memory into which a file's weights are read and in which they are merged: where the weights live decides how often the
// WebAssembly pass copies them. Arrays in it must not be sent to another thread: the whole memory would go along.
import { elementCount, type TensorInfo } from '../../tensor/tensor';
import { byteLengthOf } from '../../checkpoint/tensor-bytes';
import type { MatrixTarget } from '../mathematics/fc-matrix';
import { hasWasmPass, MergeArena } from './wasm-pass';

/** Smaller arrays are no matrices, and gain nothing. */
const SMALLEST = 65536;

/** Memory for the weights of one file and what they are merged into. Where a host cannot give it, ordinary arrays do the same. */
export class MergeMemory {
  private arena: MergeArena | null = null;

  /** Makes room for these tensors and for as many merged values, float32. What is never written is never taken from the host. */
  reserve(tensors: readonly TensorInfo[]): void {
    if (!hasWasmPass()) return;
    const bytes = tensors.reduce((sum, { dtype, shape }) => sum + byteLengthOf(dtype, shape) + 4 * elementCount(shape) + 128, 0);
    try {
      this.arena = new MergeArena(bytes);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
    }
  }

  /** `length` bytes of it to read into; null for small arrays and where there is no room. */
  bytes(length: number): Uint8Array<ArrayBuffer> | null {
    return this.arena && length >= SMALLEST && length <= this.arena.room ? this.arena.allocateBytes(length) : null;
  }

  /** Where a merge writes its matrices. */
  get target(): MatrixTarget {
    return { arena: this.arena ?? undefined };
  }
}
