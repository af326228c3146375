// Checkpoints written to and opened from memory: for uploads, downloads and tests.
import { type ByteSource, memorySource } from './byte-source';
import type { CheckpointFile } from './checkpoint-file';
import type { ByteSink, TensorEntry, WriteOptions } from './entries';
import { openCheckpoint } from './open-checkpoint';
import type { Choice } from './weight-sets/choose-weight-set';
import { writeCheckpoint, type WrittenFormat } from './write';

/** A sink that gathers what is written. */
export class MemorySink implements ByteSink {
  readonly #parts: Uint8Array[] = [];

  write(bytes: Uint8Array): Promise<void> {
    this.#parts.push(bytes.slice());
    return Promise.resolve();
  }

  /** Everything written, as one array. */
  bytes(): Uint8Array<ArrayBuffer> {
    const all = new Uint8Array(this.#parts.reduce((sum, part) => sum + part.length, 0));
    let at = 0;
    for (const part of this.#parts) {
      all.set(part, at);
      at += part.length;
    }
    return all;
  }
}

/** A checkpoint file's bytes. Throws UserError for what the format cannot hold. */
export async function checkpointBytes(
  format: WrittenFormat,
  entries: readonly TensorEntry[],
  options: WriteOptions = {},
): Promise<Uint8Array<ArrayBuffer>> {
  const sink = new MemorySink();
  await writeCheckpoint(format, entries, sink, options);
  return sink.bytes();
}

/** Opens a checkpoint held in memory. Throws UserError saying what is wrong with it. */
export function openCheckpointBytes(bytes: Uint8Array, fileName: string, choice: Choice = {}): Promise<CheckpointFile> {
  const source: ByteSource = memorySource(bytes);
  return openCheckpoint(source, fileName, choice);
}
