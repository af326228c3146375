// A PNG file taken apart (ISO/IEC 15948, section 5): header, palette, compressed picture data. Invariant: what does
// not touch the colours (transparency, gamma, profiles, text) is stepped over, whatever it holds.
import { crc32 } from '../../checkpoint/zip/crc32';
import { joinedBytes } from '../../base/joined-bytes';

/** What the header says. */
export interface PngHeader {
  readonly width: number;
  readonly height: number;
  /** Bits per sample. */
  readonly depth: 1 | 2 | 4 | 8 | 16;
  readonly colour: PngColour;
  readonly interlaced: boolean;
}

export type PngColour = 'grey' | 'rgb' | 'palette' | 'grey+alpha' | 'rgb+alpha';

export interface PngFile {
  readonly header: PngHeader;
  /** (entries, 3); null where there is none. Where the colour is not 'palette', it is a suggestion only. */
  readonly palette: Uint8Array | null;
  /** The zlib stream. */
  readonly compressed: Uint8Array;
}

/** Samples of a pixel. */
export const CHANNELS: Readonly<Record<PngColour, number>> = { grey: 1, rgb: 3, palette: 1, 'grey+alpha': 2, 'rgb+alpha': 4 };

const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
const COLOURS: Readonly<Record<number, PngColour>> = { 0: 'grey', 2: 'rgb', 3: 'palette', 4: 'grey+alpha', 6: 'rgb+alpha' };
const DEPTHS: Readonly<Record<PngColour, readonly number[]>> = {
  grey: [1, 2, 4, 8, 16],
  rgb: [8, 16],
  palette: [1, 2, 4, 8],
  'grey+alpha': [8, 16],
  'rgb+alpha': [8, 16],
};

export function isPng(bytes: Uint8Array): boolean {
  return SIGNATURE.every((byte, i) => bytes[i] === byte);
}

/** The header alone: nothing is decoded. Throws Error where it is none. */
export function pngHeader(bytes: Uint8Array): PngHeader {
  const [first] = chunksOf(bytes);
  if (first?.kind !== 'IHDR' || first.data.length !== 13) throw new Error('it does not begin with a header');
  const view = new DataView(first.data.buffer, first.data.byteOffset, 13);
  const [width, height, depth] = [view.getUint32(0), view.getUint32(4), view.getUint8(8)];
  const colour = COLOURS[view.getUint8(9)];
  if (width === 0 || height === 0) throw new Error('its header says that it has no pixels');
  if (colour === undefined || !DEPTHS[colour].includes(depth))
    throw new Error(`its header says colour type ${view.getUint8(9)} of ${depth} bits, which PNG does not have`);
  const [compression, filter, interlace] = [view.getUint8(10), view.getUint8(11), view.getUint8(12)];
  if (compression !== 0 || filter !== 0 || interlace > 1)
    throw new Error(`its header says compression ${compression}, filter ${filter}, interlace ${interlace}; expected 0, 0 and 0 or 1`);
  return { width, height, depth: depth as PngHeader['depth'], colour, interlaced: interlace === 1 };
}

/** Takes a file apart. Throws Error saying what is wrong with it. */
export function readPngFile(bytes: Uint8Array): PngFile {
  const header = pngHeader(bytes);
  let palette: Uint8Array | null = null;
  const parts: Uint8Array[] = [];
  for (const { kind, data } of chunksOf(bytes)) {
    if (kind === 'PLTE') palette = paletteOf(data);
    else if (kind === 'IDAT') parts.push(data);
  }
  if (header.colour === 'palette' && palette === null) throw new Error('its palette is missing');
  if (parts.length === 0) throw new Error('it holds no picture data');
  return { header, palette, compressed: joinedBytes(parts) };
}

function paletteOf(data: Uint8Array): Uint8Array {
  if (data.length === 0 || data.length % 3 !== 0 || data.length > 768) throw new Error(`its palette has ${data.length} bytes`);
  return data;
}

interface Chunk {
  readonly kind: string;
  readonly data: Uint8Array;
}

/** The chunks up to the end of the picture; a file that ends within one, or a chunk that colours hang on whose checksum is wrong, throws Error. */
function* chunksOf(bytes: Uint8Array): Generator<Chunk, void> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = SIGNATURE.length; ; ) {
    if (at + 8 > bytes.length) throw new Error('it ends too early');
    const length = view.getUint32(at);
    const kind = String.fromCharCode(...bytes.subarray(at + 4, at + 8));
    if (kind === 'IEND') return;
    if (at + 12 + length > bytes.length) throw new Error('it ends too early');
    if (CHECKED.has(kind) && crc32(bytes.subarray(at + 4, at + 8 + length)) !== view.getUint32(at + 8 + length))
      throw new Error(`the checksum of its ${kind} part is wrong`);
    yield { kind, data: bytes.subarray(at + 8, at + 8 + length) };
    at += 12 + length;
  }
}

const CHECKED = new Set(['IHDR', 'PLTE', 'IDAT']);
