// A JPEG as the RGB bytes that Pillow's `Image.open(...).convert('RGB')` gives, the loader of torchvision's folders:
// baseline, extended and progressive; grey, colour, RGB, CMYK and YCCK; every sampling; restart markers. The orientation
// that a camera noted (EXIF) is not applied: neither Pillow's open nor torchvision's loader turns the picture.
import { huffmanTable, type HuffmanTable } from './bits';
import { rgbOf } from './colour';
import { frameSize, readFrame, type Frame } from './frame';
import { componentSamples } from './inverse-dct';
import { decodeScan, ZIGZAG, type Scan } from './scan';
import { upsampled } from './upsample';

export function isJpeg(bytes: Uint8Array): boolean {
  return bytes[0] === 0xff && bytes[1] === 0xd8;
}

interface Segment {
  readonly marker: number;
  /** What it holds, its length not counted. */
  readonly data: Uint8Array;
  /** Where it ends in the file. */
  readonly end: number;
}

const END = 0xd9;
const FRAMES: ReadonlySet<number> = new Set([0xc0, 0xc1, 0xc2]);
/** Frame headers of kinds that are not read. */
const OTHER_FRAMES: Readonly<Record<number, string>> = {
  ...{ 0xc3: 'lossless', 0xc5: 'hierarchical', 0xc6: 'hierarchical', 0xc7: 'hierarchical', 0xc9: 'arithmetic' },
  ...{ 0xca: 'arithmetic', 0xcb: 'arithmetic', 0xcd: 'arithmetic', 0xce: 'arithmetic', 0xcf: 'arithmetic' },
};

/** The size that the frame header tells: nothing is decoded. Throws Error where there is none. */
export function jpegSize(bytes: Uint8Array): { readonly width: number; readonly height: number } {
  for (let at = 2; ; ) {
    const { marker, data, end } = nextSegment(bytes, at);
    if (FRAMES.has(marker) || marker in OTHER_FRAMES) return frameSize(data, 0);
    if (marker === END) throw new Error('it holds no picture');
    at = end;
  }
}

/** Pixels (height, width, 3). Throws Error saying what is broken or of a kind that is not read. */
export function jpegRgb(bytes: Uint8Array): { readonly width: number; readonly height: number; readonly pixels: Uint8Array } {
  const decoder = new Decoder(bytes);
  const { frame, jfif, adobe } = decoder;
  const planes = frame.components.map((component) => {
    const samples = componentSamples(component);
    return upsampled(frame.components.length === 1 ? { ...component, h: frame.maxH, v: frame.maxV } : component, samples, frame);
  });
  const ids = frame.components.map(({ id }) => id);
  return { width: frame.width, height: frame.height, pixels: rgbOf(planes, { jfif, adobe, ids }) };
}

/** The segment of the next marker from `at` on; what stands before it is passed over, as libjpeg does. */
function nextSegment(bytes: Uint8Array, at: number): Segment {
  while (at + 1 < bytes.length && !(bytes[at] === 0xff && bytes[at + 1] !== 0 && bytes[at + 1] !== 0xff)) at++;
  if (at + 1 >= bytes.length) throw new Error('it ends too early');
  const marker = bytes[at + 1];
  const hasNoLength = marker === END || marker === 0x01 || (marker >= 0xd0 && marker <= 0xd8);
  if (hasNoLength) return { marker, data: bytes.subarray(0, 0), end: at + 2 };
  const end = at + 2 + ((bytes[at + 2] << 8) | bytes[at + 3]);
  if (!(end <= bytes.length) || end < at + 4) throw new Error('it ends too early');
  return { marker, data: bytes.subarray(at + 4, end), end };
}

/** Reads a file from its first segment to its end; `frame` then holds all coefficients. */
class Decoder {
  readonly frame: Frame;
  jfif = false;
  adobe: number | null = null;
  #frame: Frame | null = null;
  #restartInterval = 0;
  readonly #steps: (Uint16Array | undefined)[] = [];
  readonly #dc: (HuffmanTable | undefined)[] = [];
  readonly #ac: (HuffmanTable | undefined)[] = [];

  constructor(private readonly bytes: Uint8Array) {
    for (let at = 2; ; ) {
      const segment = nextSegment(bytes, at);
      if (segment.marker === END) break;
      at = segment.marker === 0xda ? this.scan(segment) : this.table(segment);
      // Some writers leave out the end marker. Only a progressive picture may go on once every component is there.
      if (this.#frame?.progressive === false && this.#frame.components.every(({ steps }) => steps !== null)) break;
    }
    if (this.#frame === null) throw new Error('it holds no picture');
    this.frame = this.#frame;
  }

  private table({ marker, data, end }: Segment): number {
    if (FRAMES.has(marker)) this.start(data, marker === 0xc2);
    else if (marker in OTHER_FRAMES)
      throw new Error(`it is a JPEG of the ${OTHER_FRAMES[marker]} kind; baseline and progressive can be read`);
    else if (marker === 0xdb) this.quantization(data);
    else if (marker === 0xc4) this.huffman(data);
    else if (marker === 0xdd) this.#restartInterval = (data[0] << 8) | data[1];
    else if (marker === 0xe0 && startsWith(data, 'JFIF\0')) this.jfif = true;
    else if (marker === 0xee && startsWith(data, 'Adobe') && data.length >= 12) this.adobe = data[11];
    return end;
  }

  private start(data: Uint8Array, progressive: boolean): void {
    if (this.#frame !== null) throw new Error('it holds two pictures');
    this.#frame = readFrame(data, progressive);
  }

  private quantization(data: Uint8Array): void {
    for (let at = 0; at < data.length; ) {
      const [wide, number] = [data[at] >> 4, data[at] & 15];
      const length = wide ? 128 : 64;
      if (at + 1 + length > data.length) throw new Error('a quantization table is too short');
      const steps = new Uint16Array(64);
      for (let k = 0; k < 64; k++) steps[ZIGZAG[k]] = wide ? (data[at + 1 + 2 * k] << 8) | data[at + 2 + 2 * k] : data[at + 1 + k];
      this.#steps[number] = steps;
      at += 1 + length;
    }
  }

  private huffman(data: Uint8Array): void {
    for (let at = 0; at < data.length; ) {
      const counts = data.subarray(at + 1, at + 17);
      const values = data.subarray(at + 17, at + 17 + counts.reduce((sum, count) => sum + count, 0));
      if (counts.length < 16) throw new Error('a Huffman table is too short');
      const tables = data[at] >> 4 ? this.#ac : this.#dc;
      tables[data[at] & 15] = huffmanTable(counts, values);
      at += 17 + values.length;
    }
  }

  private scan({ data, end }: Segment): number {
    const frame = this.#frame;
    if (frame === null) throw new Error('its picture data come before its frame header');
    const count = data[0];
    if (count < 1 || count > 4 || data.length < 4 + 2 * count) throw new Error('a scan header is broken');
    const components = Array.from({ length: count }, (_, i) => {
      const [id, tables] = data.subarray(1 + 2 * i);
      const component = frame.components.find((known) => known.id === id);
      if (component === undefined) throw new Error(`a scan names component ${id}, which the frame does not have`);
      component.steps ??= this.#steps[component.table] ?? missing('a quantization table');
      return { component, dc: this.#dc[tables >> 4], ac: this.#ac[tables & 15] };
    });
    const [start, last, bits] = data.subarray(1 + 2 * count);
    const scan: Scan = { components, start, end: last, high: bits >> 4, low: bits & 15, restartInterval: this.#restartInterval };
    const isBand = frame.progressive && start > 0;
    if (last > 63 || start > last || (isBand && count > 1)) throw new Error('a scan header is broken');
    return decodeScan(this.bytes, end, frame, scan);
  }
}

function missing(what: string): never {
  throw new Error(`${what} is missing`);
}

function startsWith(data: Uint8Array, text: string): boolean {
  return [...text].every((letter, i) => data[i] === letter.charCodeAt(0));
}
