// Frames as an animated PNG: every frame a whole picture, without loss. Readers that know no animation show the first one.
import { encode } from 'fast-png';
import { joinedBytes } from '../../base/joined-bytes';
import { chunk, uint32 } from '../encode/png-chunks';

/** A picture's pixels, 3 bytes each. */
export interface FramePixels {
  readonly width: number;
  readonly height: number;
  readonly rgb: Uint8Array;
}

const SIGNATURE = 8;
/** Length of PNG's signature and its first chunk, IHDR. */
const AFTER_HEADER = SIGNATURE + 25;

/** A growing APNG: the number of frames is known before the first. */
export class ApngWriter {
  private readonly pieces: Uint8Array[] = [];
  private sequence = 0;

  constructor(
    private readonly count: number,
    /** Chunks behind the header: what it carries. */
    private readonly more: readonly Uint8Array[],
  ) {}

  /** A frame, and for how long it is shown, in hundredths of a second. */
  add({ width, height, rgb }: FramePixels, hundredths: number): void {
    const png = encode({ width, height, data: rgb, channels: 3 });
    const isFirst = this.pieces.length === 0;
    if (isFirst) {
      // Number of frames, and of repetitions: 0 for ever.
      const animation = chunk('acTL', joinedBytes([uint32(this.count), uint32(0)]));
      this.pieces.push(png.slice(0, AFTER_HEADER), ...this.more, animation);
    }
    // Sequence, size, place, delay as a fraction, and that each frame replaces the one before it.
    const size = [uint32(this.sequence++), uint32(width), uint32(height), uint32(0), uint32(0)];
    this.pieces.push(chunk('fcTL', joinedBytes([...size, Uint8Array.of(hundredths >> 8, hundredths & 255, 0, 100, 0, 0)])));
    for (const data of imageData(png))
      this.pieces.push(isFirst ? chunk('IDAT', data) : chunk('fdAT', joinedBytes([uint32(this.sequence++), data])));
  }

  finish(): Uint8Array {
    return joinedBytes([...this.pieces, chunk('IEND', new Uint8Array())]);
  }
}

/** The packed pixels of a PNG, chunk by chunk. */
function imageData(png: Uint8Array): Uint8Array[] {
  const view = new DataView(png.buffer, png.byteOffset, png.byteLength);
  const found: Uint8Array[] = [];
  for (let at = SIGNATURE; at + 12 <= png.length; ) {
    const length = view.getUint32(at);
    const type = String.fromCharCode(...png.subarray(at + 4, at + 8));
    if (type === 'IDAT') found.push(png.subarray(at + 8, at + 8 + length));
    at += 12 + length;
  }
  return found;
}
