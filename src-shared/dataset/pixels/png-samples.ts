// The samples of a PNG: scan lines unfiltered (ISO/IEC 15948, section 9), the seven passes of Adam7 put in place
// (section 8), 1, 2 and 4 bits unpacked. Invariant: samples are as stored, not yet scaled to eight bits; of sixteen the
// upper eight are kept.
import { CHANNELS, type PngHeader } from './png-file';

/** A pass of the picture: its first column and row, and the steps between its pixels. */
interface Pass {
  readonly x: number;
  readonly y: number;
  readonly stepX: number;
  readonly stepY: number;
}

const WHOLE: readonly Pass[] = [{ x: 0, y: 0, stepX: 1, stepY: 1 }];
const ADAM7: readonly Pass[] = [
  { x: 0, y: 0, stepX: 8, stepY: 8 },
  { x: 4, y: 0, stepX: 8, stepY: 8 },
  { x: 0, y: 4, stepX: 4, stepY: 8 },
  { x: 2, y: 0, stepX: 4, stepY: 4 },
  { x: 0, y: 2, stepX: 2, stepY: 4 },
  { x: 1, y: 0, stepX: 2, stepY: 2 },
  { x: 0, y: 1, stepX: 1, stepY: 2 },
];

/** A pass with what it holds of this picture. */
interface PassSize extends Pass {
  readonly columns: number;
  readonly rows: number;
  /** Bytes of a row, its filter byte not counted. */
  readonly rowBytes: number;
}

function passesOf({ width, height, depth, colour, interlaced }: PngHeader): PassSize[] {
  return (interlaced ? ADAM7 : WHOLE)
    .map((pass) => {
      const columns = Math.ceil((width - pass.x) / pass.stepX);
      const rows = Math.ceil((height - pass.y) / pass.stepY);
      return { ...pass, columns, rows, rowBytes: Math.ceil((columns * CHANNELS[colour] * depth) / 8) };
    })
    .filter(({ columns, rows }) => columns > 0 && rows > 0);
}

/** Bytes that the picture data unpack to. */
export function unpackedLength(header: PngHeader): number {
  return passesOf(header).reduce((sum, { rows, rowBytes }) => sum + rows * (rowBytes + 1), 0);
}

/** Samples (height, width, channels) of unpacked picture data, which are overwritten. Throws Error where they are too short or name a filter there is not. */
export function pngSamples(header: PngHeader, data: Uint8Array): Uint8Array {
  if (data.length < unpackedLength(header)) throw new Error('its picture data end too early');
  const channels = CHANNELS[header.colour];
  const samples = new Uint8Array(header.width * header.height * channels);
  const pixelBytes = Math.max(1, (channels * header.depth) >> 3);
  let at = 0;
  for (const pass of passesOf(header)) {
    let above: Uint8Array = new Uint8Array(pass.rowBytes);
    for (let row = 0; row < pass.rows; row++) {
      const line = data.subarray(at + 1, at + 1 + pass.rowBytes);
      unfilter(data[at], line, above, pixelBytes);
      const start = (pass.y + row * pass.stepY) * header.width + pass.x;
      unpack(line, header.depth, samples, { start: start * channels, step: pass.stepX * channels, count: pass.columns, channels });
      above = line;
      at += pass.rowBytes + 1;
    }
  }
  return samples;
}

/** Undoes a row's filter in place; `above` is the row over it, already undone. */
function unfilter(kind: number, line: Uint8Array, above: Uint8Array, pixelBytes: number): void {
  switch (kind) {
    case 0:
      return;
    case 1:
      for (let i = pixelBytes; i < line.length; i++) line[i] += line[i - pixelBytes];
      return;
    case 2:
      for (let i = 0; i < line.length; i++) line[i] += above[i];
      return;
    case 3:
      for (let i = 0; i < line.length; i++) line[i] += ((i < pixelBytes ? 0 : line[i - pixelBytes]) + above[i]) >> 1;
      return;
    case 4:
      for (let i = 0; i < line.length; i++)
        line[i] += i < pixelBytes ? above[i] : paeth(line[i - pixelBytes], above[i], above[i - pixelBytes]);
      return;
    default:
      throw new Error(`a row has filter ${kind}, expected 0 to 4`);
  }
}

/** Of left, above and above left the one nearest to left + above - above left. */
function paeth(left: number, above: number, corner: number): number {
  const toLeft = Math.abs(above - corner);
  const toAbove = Math.abs(left - corner);
  const toCorner = Math.abs(left + above - 2 * corner);
  if (toLeft <= toAbove && toLeft <= toCorner) return left;
  return toAbove <= toCorner ? above : corner;
}

interface Place {
  readonly start: number;
  readonly step: number;
  readonly count: number;
  readonly channels: number;
}

/** Puts a row's samples in their places. */
function unpack(line: Uint8Array, depth: number, samples: Uint8Array, { start, step, count, channels }: Place): void {
  const mask = (1 << Math.min(depth, 8)) - 1;
  for (let i = 0, sample = 0; i < count; i++) {
    for (let c = 0; c < channels; c++, sample++) {
      const bit = sample * depth;
      // The most significant bits come first; of sixteen the upper byte is the first.
      const value = depth >= 8 ? line[bit >> 3] : (line[bit >> 3] >> (8 - depth - (bit & 7))) & mask;
      samples[start + i * step + c] = value;
    }
  }
}
