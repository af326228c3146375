// Pictures of a film into a WebM file, through the browser's own video encoder (WebCodecs): each is encoded as it comes, so that
// no more than one is held as pixels. Invariant: sides are even, as the encoder needs them; what a picture lacks is white.
import { toWebm, type FilmPicture, type WebmFilm } from '@shared/figure/encode/webm';

/** Sizes and length of a film. */
export interface FilmSize {
  /** Pixels. */
  readonly width: number;
  readonly height: number;
  /** Number of pictures. */
  readonly total: number;
  readonly seconds: number;
  readonly title: string;
}

/** Encoders in the order in which they are tried; the level of the first takes pictures of 4096 x 2176. */
const CODECS = [
  ['vp9', 'vp09.00.50.08'],
  ['vp8', 'vp8'],
] as const;
/** Bits per pixel and picture: still pictures with sharp edges need many. */
const BITS_PER_PIXEL = 6;
/** A picture that can be gone to directly at least every so many. */
const KEY_EVERY = 15;
/** The last picture is there once more shortly before the end, so that every player shows it until then. Milliseconds. */
const LAST_BEFORE_END = 20;

/** The next even number. */
export function even(length: number): number {
  return 2 * Math.ceil(length / 2);
}

/** Why no video can be made here; null where it can. */
export function noVideoReason(): string | null {
  return 'VideoEncoder' in globalThis
    ? null
    : 'This browser cannot encode video (WebCodecs). The desktop app and current Chrome and Edge can.';
}

/** Encodes pictures that are handed over one after the other. */
export class FilmRecorder {
  private readonly pictures: FilmPicture[] = [];
  private colour: WebmFilm['colour'];
  private failure: Error | null = null;
  private readonly canvas: OffscreenCanvas;

  private constructor(
    private readonly size: FilmSize,
    private readonly codec: 'vp8' | 'vp9',
    private readonly encoder: VideoEncoder,
  ) {
    this.canvas = new OffscreenCanvas(even(size.width), even(size.height));
  }

  /** Rejects with Error where no encoder takes pictures of this size. */
  static async begin(size: FilmSize): Promise<FilmRecorder> {
    const [width, height] = [even(size.width), even(size.height)];
    for (const [name, codec] of CODECS) {
      const pixels = width * height * (size.total / size.seconds);
      const config = { codec, width, height, bitrate: Math.max(2_000_000, Math.round(pixels * BITS_PER_PIXEL)) };
      if (!(await VideoEncoder.isConfigSupported(config)).supported) continue;
      const holder: { own?: FilmRecorder } = {};
      const encoder = new VideoEncoder({
        output: (chunk, metadata) => holder.own?.take(chunk, metadata),
        error: (error) => holder.own?.fail(error),
      });
      encoder.configure(config);
      holder.own = new FilmRecorder(size, name, encoder);
      return holder.own;
    }
    throw new Error(`No video encoder of this browser takes pictures of ${width} x ${height} pixels; make the film smaller.`);
  }

  /** Adds the next picture. */
  async add(picture: ImageBitmap, index: number): Promise<void> {
    const context = this.canvas.getContext('2d');
    if (context === null) throw new Error('The picture of the film has no canvas.');
    context.fillStyle = '#ffffff';
    context.fillRect(0, 0, this.canvas.width, this.canvas.height);
    context.drawImage(picture, 0, 0);
    const { total, seconds } = this.size;
    this.encode((index * seconds * 1000) / total, index % KEY_EVERY === 0);
    const end = seconds * 1000 - LAST_BEFORE_END;
    if (index === total - 1 && end > (index * seconds * 1000) / total) this.encode(end, false);
    // One picture at a time: the encoder's queue holds pixels.
    await this.encoder.flush();
    if (this.failure) throw this.failure;
  }

  /** The file, after the last picture. */
  finish(): Blob {
    const { seconds, title } = this.size;
    const { width, height } = this.canvas;
    this.close();
    const bytes = toWebm({
      codec: this.codec,
      width,
      height,
      duration: seconds * 1000,
      title,
      pictures: this.pictures,
      colour: this.colour,
    });
    return new Blob([new Uint8Array(bytes)], { type: 'video/webm' });
  }

  /** Ends the encoder, whatever it was doing. */
  close(): void {
    if (this.encoder.state !== 'closed') this.encoder.close();
  }

  private encode(at: number, keyFrame: boolean): void {
    const frame = new VideoFrame(this.canvas, { timestamp: Math.round(at * 1000) });
    this.encoder.encode(frame, { keyFrame });
    frame.close();
  }

  private take(chunk: EncodedVideoChunk, metadata?: EncodedVideoChunkMetadata): void {
    const data = new Uint8Array(chunk.byteLength);
    chunk.copyTo(data);
    this.pictures.push({ data, at: chunk.timestamp / 1000, isKey: chunk.type === 'key' });
    this.colour ??= colourOf(metadata?.decoderConfig?.colorSpace);
  }

  private fail(error: Error): void {
    this.failure = error;
  }
}

/** Numbers of ITU-T H.273. */
const MATRICES: Readonly<Record<string, number>> = { rgb: 0, bt709: 1, bt470bg: 5, smpte170m: 6 };
const TRANSFERS: Readonly<Record<string, number>> = { bt709: 1, smpte170m: 6, 'iec61966-2-1': 13 };
const PRIMARIES: Readonly<Record<string, number>> = { bt709: 1, bt470bg: 5, smpte170m: 6 };

function colourOf(space: VideoColorSpaceInit | undefined): WebmFilm['colour'] {
  const [matrix, transfer, primaries] = [
    MATRICES[space?.matrix ?? ''],
    TRANSFERS[space?.transfer ?? ''],
    PRIMARIES[space?.primaries ?? ''],
  ];
  if (matrix === undefined || transfer === undefined || primaries === undefined) return undefined;
  return { matrix, transfer, primaries, isFull: space?.fullRange === true };
}
