// Bits of a JPEG scan and the Huffman codes in them (ITU-T T.81, annexes C and F.2.2). Invariant: reading never passes a
// marker; a scan that needs more bits than it has throws.

/** A Huffman table, ready to decode with. */
export interface HuffmanTable {
  /** By the next LOOK bits: length << 8 | value of the code they begin with; 0 where it is longer. */
  readonly look: Uint16Array;
  /** By code length: the largest code, -1 where there is none. */
  readonly maxCode: Int32Array;
  /** By code length: place in `values` less the first code. */
  readonly offset: Int32Array;
  readonly values: Uint8Array;
}

const LOOK = 9;
const LONGEST = 16;

/** The table with `counts[i]` codes of i + 1 bits. Throws Error where there are more than fit. */
export function huffmanTable(counts: Uint8Array, values: Uint8Array): HuffmanTable {
  const look = new Uint16Array(1 << LOOK);
  const maxCode = new Int32Array(LONGEST + 1).fill(-1);
  const offset = new Int32Array(LONGEST + 1);
  let [code, place] = [0, 0];
  for (let length = 1; length <= LONGEST; length++) {
    offset[length] = place - code;
    for (let i = 0; i < counts[length - 1]; i++, code++, place++) {
      if (length > LOOK) continue;
      const first = code << (LOOK - length);
      look.fill((length << 8) | values[place], first, first + (1 << (LOOK - length)));
    }
    if (code > 1 << length) throw new Error('a Huffman table has more codes than fit');
    if (counts[length - 1] > 0) maxCode[length] = code - 1;
    code <<= 1;
  }
  return { look, maxCode, offset, values };
}

/** Reads the entropy-coded data of a scan. */
export class BitReader {
  #bits = 0;
  #count = 0;

  /** `position` is that of the next byte. */
  constructor(
    private readonly data: Uint8Array,
    public position: number,
  ) {}

  /** The next `count` bits, 0 to 16, as a whole number. */
  receive(count: number): number {
    if (count === 0) return 0;
    if (this.#count < count) this.fill(count);
    this.#count -= count;
    return (this.#bits >>> this.#count) & ((1 << count) - 1);
  }

  /** A signed value of `count` bits: where the first is 0 it is negative. */
  receiveExtended(count: number): number {
    const value = this.receive(count);
    return count > 0 && value < 1 << (count - 1) ? value - (1 << count) + 1 : value;
  }

  /** The value of the next code. */
  decode({ look, maxCode, offset, values }: HuffmanTable): number {
    const found = look[this.peek(LOOK)];
    if (found !== 0) {
      this.drop(found >> 8);
      return found & 255;
    }
    const ahead = this.peek(LONGEST);
    for (let length = LOOK + 1; length <= LONGEST; length++) {
      const code = ahead >> (LONGEST - length);
      if (code > maxCode[length]) continue;
      this.drop(length);
      return values[code + offset[length]];
    }
    throw new Error('the picture data hold a code that is in no table');
  }

  /** Passes to the data after the next marker, which must be restart number `expected` of 0 to 7. */
  restart(expected: number): void {
    this.#count = 0;
    const { data } = this;
    while (
      this.position < data.length &&
      !(data[this.position] === 0xff && data[this.position + 1] !== 0 && data[this.position + 1] !== 0xff)
    )
      this.position++;
    if (data[this.position + 1] !== 0xd0 + expected) throw new Error(`restart marker ${expected} is missing in the picture data`);
    this.position += 2;
  }

  /** The next bits without taking them, zeros after the end of the scan. */
  private peek(count: number): number {
    while (this.#count < count && this.more());
    const bits = this.#count >= count ? this.#bits >>> (this.#count - count) : this.#bits << (count - this.#count);
    return bits & ((1 << count) - 1);
  }

  private drop(count: number): void {
    if (this.#count < count) this.fill(count);
    this.#count -= count;
  }

  private fill(count: number): void {
    while (this.#count < count) if (!this.more()) throw new Error('the picture data end too early');
  }

  /** One more byte at hand; false at a marker or the file's end. */
  private more(): boolean {
    const byte = this.data[this.position];
    if (byte === undefined) return false;
    if (byte === 0xff) {
      if (this.data[this.position + 1] !== 0) return false;
      this.position++;
    }
    this.position++;
    // At most 16 bits wait when a byte is added.
    this.#bits = ((this.#bits << 8) | byte) & 0xffffff;
    this.#count += 8;
    return true;
  }
}
