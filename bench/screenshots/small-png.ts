// A picture as a small PNG: at most `colours` colours by median cut (P. Heckbert, 1982), stored as a palette and indices.
// Invariant: every pixel gets the colour of its palette that is nearest to it, at five bits a channel.
import { zlibSync } from 'fflate';

/** RGB or RGBA pixels, row-major, 8 bits a channel; opacity is dropped. */
export interface Pixels {
  readonly width: number;
  readonly height: number;
  readonly channels: number;
  readonly data: ArrayLike<number>;
}

type Rgb = readonly [number, number, number];

/** A colour of five bits a channel, and how many pixels have it. */
interface Counted {
  readonly colour: Rgb;
  readonly count: number;
}

const BITS = 5;
const keyOf = (colour: Rgb): number =>
  (colour[0] >> (8 - BITS)) | ((colour[1] >> (8 - BITS)) << BITS) | ((colour[2] >> (8 - BITS)) << (2 * BITS));

/** The PNG's bytes. Throws RangeError for a number of colours that a palette cannot hold. */
export function smallPng(pixels: Pixels, colours = 64): Uint8Array {
  if (colours < 2 || colours > 256) throw new RangeError(`a palette holds 2 to 256 colours, got ${colours}`);
  const palette = paletteOf(pixels, colours);
  const { width, height } = pixels;
  const rows = new Uint8Array(height * (width + 1));
  const nearest = new Map<number, number>();
  for (let y = 0, at = 0; y < height; y++) {
    // The first byte of a row names its filter: none.
    for (let x = 0; x < width; x++, at++) {
      const colour = colourAt(pixels, at);
      const key = keyOf(colour);
      const index = nearest.get(key) ?? nearestOf(palette, colour);
      nearest.set(key, index);
      rows[y * (width + 1) + x + 1] = index;
    }
  }
  return pngOf(width, height, palette, rows);
}

function colourAt({ channels, data }: Pixels, at: number): Rgb {
  const from = channels * at;
  return [data[from], data[from + 1], data[from + 2]];
}

function nearestOf(palette: readonly Rgb[], [r, g, b]: Rgb): number {
  let [best, least] = [0, Infinity];
  palette.forEach(([R, G, B], index) => {
    const distance = (R - r) ** 2 + (G - g) ** 2 + (B - b) ** 2;
    if (distance < least) [best, least] = [index, distance];
  });
  return best;
}

/** Splits the box of colours that is widest, weighed by its pixels, at its middle pixel until there are enough. */
function paletteOf(pixels: Pixels, colours: number): Rgb[] {
  const boxes = [countedColours(pixels)];
  while (boxes.length < colours) {
    const wanted = boxes.map((box) => (box.length < 2 ? 0 : widest(box).range * Math.sqrt(pixelsIn(box))));
    const index = wanted.indexOf(Math.max(...wanted));
    if (wanted[index] === 0) break;
    boxes.splice(index, 1, ...halves(boxes[index]));
  }
  return boxes.map(meanOf);
}

function countedColours(pixels: Pixels): Counted[] {
  const counts = new Map<number, { sum: [number, number, number]; count: number }>();
  for (let at = 0; at < pixels.width * pixels.height; at++) {
    const colour = colourAt(pixels, at);
    const entry = counts.get(keyOf(colour)) ?? { sum: [0, 0, 0], count: 0 };
    colour.forEach((value, channel) => (entry.sum[channel] += value));
    entry.count++;
    counts.set(keyOf(colour), entry);
  }
  return [...counts.values()].map(({ sum: [r, g, b], count }) => ({ colour: [r / count, g / count, b / count], count }));
}

function pixelsIn(box: readonly Counted[]): number {
  return box.reduce((sum, { count }) => sum + count, 0);
}

function widest(box: readonly Counted[]): { readonly channel: number; readonly range: number } {
  const ranges = [0, 1, 2].map((channel) => {
    const values = box.map(({ colour }) => colour[channel]);
    return Math.max(...values) - Math.min(...values);
  });
  const range = Math.max(...ranges);
  return { channel: ranges.indexOf(range), range };
}

function halves(box: readonly Counted[]): [Counted[], Counted[]] {
  const { channel } = widest(box);
  const sorted = [...box].sort((a, b) => a.colour[channel] - b.colour[channel]);
  const half = pixelsIn(box) / 2;
  let [cut, seen] = [0, 0];
  while (cut < sorted.length - 1 && seen < half) seen += sorted[cut++].count;
  return [sorted.slice(0, cut), sorted.slice(cut)];
}

function meanOf(box: readonly Counted[]): Rgb {
  const total = pixelsIn(box);
  const mean = (channel: number): number => Math.round(box.reduce((sum, { colour, count }) => sum + colour[channel] * count, 0) / total);
  return [mean(0), mean(1), mean(2)];
}

const SIGNATURE = [137, 80, 78, 71, 13, 10, 26, 10];

function pngOf(width: number, height: number, palette: readonly Rgb[], rows: Uint8Array): Uint8Array {
  const header = new Uint8Array(13);
  const view = new DataView(header.buffer);
  view.setUint32(0, width);
  view.setUint32(4, height);
  // Eight bits a pixel, an index into the palette.
  header.set([8, 3, 0, 0, 0], 8);
  const chunks = [
    chunk('IHDR', header),
    chunk('PLTE', Uint8Array.from(palette.flat())),
    chunk('IDAT', zlibSync(rows, { level: 9 })),
    chunk('IEND', new Uint8Array()),
  ];
  return Uint8Array.from([...SIGNATURE, ...chunks.flatMap((bytes) => [...bytes])]);
}

function chunk(name: string, content: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(content.length + 12);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, content.length);
  bytes.set(
    [...name].map((letter) => letter.charCodeAt(0)),
    4,
  );
  bytes.set(content, 8);
  view.setUint32(content.length + 8, checksum(bytes.subarray(4, content.length + 8)));
  return bytes;
}

/** CRC-32 as the PNG specification has it. */
function checksum(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  }
  return ~crc >>> 0;
}
