// A pickle read from its file a piece at a time. Long runs of bytes in it (arrays) are stepped over and only
// their place is kept, so that what they hold can be read later, piece by piece. Nothing in a pickle is run.
import { closeSync, openSync, readSync } from 'node:fs';
import { Cursor, Truncated } from '@shared/checkpoint/pickle/cursor';
import { unpickleAt } from '@shared/checkpoint/pickle/unpickler';
import type { PickleValue } from '@shared/checkpoint/pickle/values';
import { UserError } from '@shared/base/user-error';
import { sizeOf, unreadable } from '../sources';

/** Bytes at hand at a time. */
const WINDOW = 2 ** 16;
/** Longer texts and byte strings are stepped over. */
const LONG = 2 ** 14;

/** Where a long run of bytes lies in its file. */
export interface SkippedBytes {
  readonly offset: number;
  readonly length: number;
}

export interface PickledFile {
  readonly value: PickleValue;
  /** What was stepped over, in order; in `value` each is an empty byte string or text. */
  readonly skipped: readonly SkippedBytes[];
}

/** Reads a pickle. Rejects with UserError if the file is missing or holds none; `what` says what it should be. */
export async function readPickle(path: string, what: string): Promise<PickledFile> {
  const size = await sizeOf(path);
  if (size === null) throw new UserError(`${path}: is missing`);
  const file = openFile(path);
  try {
    const cursor = new FileCursor(file, size);
    return { value: unpickleAt(cursor, { persistent: () => null }).value, skipped: cursor.skipped };
  } catch (error) {
    const reason = error instanceof Truncated ? 'it ends too early' : error instanceof Error ? error.message : String(error);
    throw new UserError(`${path}: is not a readable ${what} (${reason}): fetch it again`);
  } finally {
    closeSync(file);
  }
}

function openFile(path: string): number {
  try {
    return openSync(path, 'r');
  } catch (error) {
    return unreadable(path, error);
  }
}

class FileCursor extends Cursor {
  readonly skipped: SkippedBytes[] = [];

  constructor(
    private readonly file: number,
    size: number,
  ) {
    super(new Uint8Array(0), size);
  }

  protected override fetch(length: number): void {
    if (this.position + length > this.length) throw new Truncated();
    const window = new Uint8Array(Math.min(WINDOW, this.length - this.position));
    const read = readSync(this.file, window, 0, window.length, this.position);
    this.lookAt(window.subarray(0, read), this.position);
    super.fetch(length);
  }

  override slice(length: number): Uint8Array {
    if (length <= LONG) return super.slice(length);
    if (this.position + length > this.length) throw new Truncated();
    this.skipped.push({ offset: this.position, length });
    this.position += length;
    return new Uint8Array(0);
  }

  override line(): string {
    // Names are short: they lie within one window.
    if (!this.holds(Math.min(LONG, this.length - this.position))) this.fetch(Math.min(LONG, this.length - this.position));
    return super.line();
  }
}
