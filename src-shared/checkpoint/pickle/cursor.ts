// Reads the arguments of pickle instructions. Running past the end is reported as `Truncated`, so that
// a caller that has only the beginning of a file can fetch more.
import { refuse } from '../refuse';
import { uint64At, utf8Text, viewOf } from '../tensor-bytes';

/** The pickle goes on beyond the bytes at hand. */
export class Truncated extends Error {
  override readonly name = 'Truncated';
}

/** A position in the bytes of a pickle. Where the pickle is a file, a subclass holds a window of it. */
export class Cursor {
  position = 0;
  /** Bytes of the whole pickle, or what of it there is. */
  readonly length: number;
  #bytes: Uint8Array;
  #view: DataView;
  /** Where `#bytes` begin in the pickle. */
  #start = 0;

  constructor(bytes: Uint8Array, length = bytes.length) {
    this.#bytes = bytes;
    this.#view = viewOf(bytes);
    this.length = length;
  }

  /** Goes on with other bytes of the pickle, from `start` on. */
  protected lookAt(bytes: Uint8Array, start: number): void {
    this.#bytes = bytes;
    this.#view = viewOf(bytes);
    this.#start = start;
  }

  /** Whether the next `length` bytes are at hand. */
  protected holds(length: number): boolean {
    return this.position >= this.#start && this.position + length <= this.#start + this.#bytes.length;
  }

  /** Brings the next `length` bytes, which are not at hand: there are none where the pickle is in memory. */
  protected fetch(length: number): void {
    if (!this.holds(length)) throw new Truncated();
  }

  /** Steps over `length` bytes and returns where they begin in what is at hand. */
  private take(length: number): number {
    if (!this.holds(length)) this.fetch(length);
    const at = this.position - this.#start;
    this.position += length;
    return at;
  }

  /** Reads `length` bytes as a number; what is at hand may change on the way there. */
  private number(length: number, get: (view: DataView, at: number) => number): number {
    const at = this.take(length);
    return get(this.#view, at);
  }

  uint8 = (): number => this.number(1, (view, at) => view.getUint8(at));
  uint16 = (): number => this.number(2, (view, at) => view.getUint16(at, true));
  int32 = (): number => this.number(4, (view, at) => view.getInt32(at, true));
  uint32 = (): number => this.number(4, (view, at) => view.getUint32(at, true));
  uint64 = (): number => this.number(8, uint64At);
  /** Big-endian, unlike everything else in a pickle. */
  float64 = (): number => this.number(8, (view, at) => view.getFloat64(at, false));

  slice(length: number): Uint8Array {
    const at = this.take(length);
    return this.#bytes.subarray(at, at + length);
  }

  text(length: number): string {
    return utf8Text(this.slice(length)) ?? refuse('holds a text that is not UTF-8');
  }

  /** Text up to the next line feed. */
  line(): string {
    const at = this.position - this.#start;
    const end = this.holds(1) ? this.#bytes.indexOf(10, at) : -1;
    if (end < 0) throw new Truncated();
    const text = this.text(end - at);
    this.position += 1;
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
