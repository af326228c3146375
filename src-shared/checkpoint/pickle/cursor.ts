// Reads the arguments of pickle instructions. Running past the end is reported as `Truncated`, so that
// a caller that has only the beginning of a file can fetch more.
import { refuse } from '../refuse';
import { uint64At, utf8Text, viewOf } from '../tensor-bytes';

/** The pickle goes on beyond the bytes at hand. */
export class Truncated extends Error {
  override readonly name = 'Truncated';
}

/** A position in the bytes of a pickle. */
export class Cursor {
  position = 0;
  readonly #view: DataView;

  constructor(readonly bytes: Uint8Array) {
    this.#view = viewOf(bytes);
  }

  /** Steps over `length` bytes and returns where they begin. */
  private take(length: number): number {
    const start = this.position;
    if (start + length > this.bytes.length) throw new Truncated();
    this.position = start + length;
    return start;
  }

  uint8 = (): number => this.bytes[this.take(1)];
  uint16 = (): number => this.#view.getUint16(this.take(2), true);
  int32 = (): number => this.#view.getInt32(this.take(4), true);
  uint32 = (): number => this.#view.getUint32(this.take(4), true);
  uint64 = (): number => uint64At(this.#view, this.take(8));
  /** Big-endian, unlike everything else in a pickle. */
  float64 = (): number => this.#view.getFloat64(this.take(8), false);

  slice(length: number): Uint8Array {
    const start = this.take(length);
    return this.bytes.subarray(start, start + length);
  }

  text(length: number): string {
    return utf8Text(this.slice(length)) ?? refuse('holds a text that is not UTF-8');
  }

  /** Text up to the next line feed. */
  line(): string {
    const end = this.bytes.indexOf(10, this.position);
    if (end < 0) throw new Truncated();
    const text = this.text(end - this.position);
    this.position = end + 1;
    return text;
  }

  /** A little-endian two's-complement integer of `length` bytes. */
  integer(length: number): number | bigint {
    if (length > LONGEST_INTEGER) refuse(`holds an integer of ${length} bytes; no checkpoint needs one`);
    let value = 0n;
    const bytes = this.slice(length);
    for (let i = length - 1; i >= 0; i--) value = (value << 8n) | BigInt(bytes[i]);
    value = BigInt.asIntN(8 * length, value);
    return value >= BigInt(Number.MIN_SAFE_INTEGER) && value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : value;
  }
}

const LONGEST_INTEGER = 64;
