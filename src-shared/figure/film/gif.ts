// Frames as an animated GIF (GIF89a): one palette of at most 256 colours for all frames, so that a value has one colour in all
// of them; indexes are packed by LZW with codes of growing length. It repeats for ever.
import { joinedBytes } from '../../base/joined-bytes';

/** 256 colours are what its indexes tell apart. */
const DEPTH = 8;
const CLEAR = 1 << DEPTH;
const END = CLEAR + 1;
/** Codes have 12 bits at most. */
const MOST_CODES = 4096;
const BLOCK = 255;

/** Colours of a palette, at most 256 of `0xrrggbb`. */
export type Palette = readonly number[];

/** A growing GIF: its head, frame after frame, and what it carries at its end. */
export class GifWriter {
  private readonly pieces: Uint8Array[];

  constructor(
    private readonly width: number,
    private readonly height: number,
    palette: Palette,
  ) {
    const table = new Uint8Array(3 * CLEAR);
    palette.forEach((colour, i) => table.set([colour >> 16, (colour >> 8) & 255, colour & 255], 3 * i));
    const screen = [...ascii('GIF89a'), ...uint16(width), ...uint16(height), 0xf7, 0, 0];
    const forEver = [0x21, 0xff, 11, ...ascii('NETSCAPE2.0'), 3, 1, 0, 0, 0];
    this.pieces = [Uint8Array.from(screen), table, Uint8Array.from(forEver)];
  }

  /** A frame: an index of the palette for every pixel, and for how long it is shown, in hundredths of a second. */
  add(indexes: Uint8Array, hundredths: number): void {
    const control = [0x21, 0xf9, 4, 4, ...uint16(hundredths), 0, 0];
    const place = [0x2c, 0, 0, 0, 0, ...uint16(this.width), ...uint16(this.height), 0, DEPTH];
    this.pieces.push(Uint8Array.from([...control, ...place]), blocks(packed(indexes)));
  }

  /** The file; `comment` travels in it. */
  finish(comment: string | null): Uint8Array {
    const carried = comment === null ? [] : [Uint8Array.of(0x21, 0xfe), blocks(new TextEncoder().encode(comment))];
    return joinedBytes([...this.pieces, ...carried, Uint8Array.of(0x3b)]);
  }
}

/** The comment of a GIF; null where it has none. Throws RangeError for a file that breaks off. */
export function gifComment(bytes: Uint8Array): string | null {
  const tableLength = (flags: number): number => (flags & 0x80 ? 3 << ((flags & 7) + 1) : 0);
  let at = 13 + tableLength(bytes[10]);
  const texts: Uint8Array[] = [];
  while (bytes[at] !== 0x3b) {
    if (at >= bytes.length) throw new RangeError('the GIF breaks off');
    const isComment = bytes[at] === 0x21 && bytes[at + 1] === 0xfe;
    at += bytes[at] === 0x21 ? 2 : 11 + tableLength(bytes[at + 9]);
    for (; bytes[at] > 0; at += bytes[at] + 1) if (isComment) texts.push(bytes.subarray(at + 1, at + 1 + bytes[at]));
    at++;
  }
  return texts.length === 0 ? null : new TextDecoder().decode(joinedBytes(texts));
}

/** The indexes as LZW codes, least significant bit first. */
function packed(indexes: Uint8Array): Uint8Array {
  const out = new BitWriter(indexes.length);
  // The code of a string that is known, followed by an index: key is code * 256 + index.
  let codes = new Map<number, number>();
  let [next, size] = [END + 1, DEPTH + 1];
  out.write(CLEAR, size);
  let prefix = indexes[0];
  for (let i = 1; i < indexes.length; i++) {
    const key = prefix * CLEAR + indexes[i];
    const known = codes.get(key);
    if (known !== undefined) {
      prefix = known;
      continue;
    }
    out.write(prefix, size);
    prefix = indexes[i];
    if (next === MOST_CODES) {
      out.write(CLEAR, size);
      codes = new Map();
      [next, size] = [END + 1, DEPTH + 1];
      continue;
    }
    // A reader is one code behind: it reads longer codes from the one after the first that needs them.
    if (next === 1 << size) size++;
    codes.set(key, next++);
  }
  out.write(prefix, size);
  // Where that code was the last of its length, a reader reads longer ones from here.
  out.write(END, next === 1 << size && size < 12 ? size + 1 : size);
  return out.bytes();
}

class BitWriter {
  private held = 0;
  private count = 0;
  private length = 0;
  private data: Uint8Array;

  constructor(expected: number) {
    this.data = new Uint8Array(expected + 16);
  }

  write(code: number, size: number): void {
    this.held |= code << this.count;
    this.count += size;
    while (this.count >= 8) {
      this.put(this.held & 255);
      this.held >>>= 8;
      this.count -= 8;
    }
  }

  bytes(): Uint8Array {
    if (this.count > 0) this.put(this.held & 255);
    this.count = 0;
    return this.data.slice(0, this.length);
  }

  private put(byte: number): void {
    if (this.length === this.data.length) {
      const grown = new Uint8Array(2 * this.length);
      grown.set(this.data);
      this.data = grown;
    }
    this.data[this.length++] = byte;
  }
}

/** Bytes in blocks that begin with their length, closed by an empty one. */
function blocks(bytes: Uint8Array): Uint8Array {
  const count = Math.ceil(bytes.length / BLOCK);
  const out = new Uint8Array(bytes.length + count + 1);
  for (let i = 0; i < count; i++) {
    const piece = bytes.subarray(i * BLOCK, (i + 1) * BLOCK);
    out[i * (BLOCK + 1)] = piece.length;
    out.set(piece, i * (BLOCK + 1) + 1);
  }
  return out;
}

function uint16(value: number): [number, number] {
  return [value & 255, value >> 8];
}

function ascii(text: string): number[] {
  return [...text].map((letter) => letter.charCodeAt(0));
}
