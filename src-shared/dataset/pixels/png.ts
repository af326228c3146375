// A PNG as the RGB bytes that Pillow's `Image.open(...).convert('RGB')` gives, the loader of torchvision's folders: grey
// tripled, 1, 2 and 4 bits scaled to 0..255, palettes looked up, opacity dropped (not blended), of 16 bits the upper 8.
// One thing is decided otherwise: Pillow clips 16-bit grey at 255, which turns it white; here it is scaled like all else.
import { readPngFile, CHANNELS, type PngColour, type PngFile, type PngHeader } from './png-file';
import { pngSamples, unpackedLength } from './png-samples';

/** Unpacks a zlib stream to at most `most` bytes; what is missing at its end is not complained of. */
export type Inflate = (compressed: Uint8Array, most: number) => Uint8Array;

export interface PngSamples {
  readonly header: PngHeader;
  /** (height, width, channels) as stored; of 16 bits the upper 8. */
  readonly samples: Uint8Array;
}

/** The samples as they are stored: label maps, whose values are no colours. Throws Error saying what is broken. */
export function pngStored(bytes: Uint8Array, inflate: Inflate): PngSamples {
  return stored(readPngFile(bytes), inflate);
}

/** Pixels (height, width, 3). Throws Error saying what is broken. */
export function pngRgb(
  bytes: Uint8Array,
  inflate: Inflate,
): { readonly width: number; readonly height: number; readonly pixels: Uint8Array } {
  const file = readPngFile(bytes);
  const { header, samples } = stored(file, inflate);
  const { width, height, colour, depth } = header;
  const pixels = colour === 'palette' ? lookedUp(samples, file.palette ?? new Uint8Array(0)) : coloured(samples, colour, depth);
  return { width, height, pixels };
}

/** No deflate stream expands further: a header that promises more is not given the memory for it. */
const HIGHEST_DEFLATE_RATIO = 1032;

function stored({ header, compressed }: PngFile, inflate: Inflate): PngSamples {
  if (unpackedLength(header) > HIGHEST_DEFLATE_RATIO * compressed.length) throw new Error('its picture data end too early');
  return { header, samples: pngSamples(header, inflate(compressed, unpackedLength(header))) };
}

function lookedUp(samples: Uint8Array, palette: Uint8Array): Uint8Array {
  const pixels = new Uint8Array(3 * samples.length);
  samples.forEach((entry, i) => {
    if (3 * entry >= palette.length) throw new Error(`a pixel has colour ${entry} of a palette of ${palette.length / 3}`);
    pixels[3 * i] = palette[3 * entry];
    pixels[3 * i + 1] = palette[3 * entry + 1];
    pixels[3 * i + 2] = palette[3 * entry + 2];
  });
  return pixels;
}

function coloured(samples: Uint8Array, colour: PngColour, depth: number): Uint8Array {
  const channels = CHANNELS[colour];
  // From 0..2^depth - 1 to 0..255: a whole factor for 1, 2 and 4 bits.
  const scale = depth >= 8 ? 1 : 255 / ((1 << depth) - 1);
  const [green, blue] = channels < 3 ? [0, 0] : [1, 2];
  const count = samples.length / channels;
  const pixels = new Uint8Array(3 * count);
  for (let i = 0; i < count; i++) {
    pixels[3 * i] = samples[i * channels] * scale;
    pixels[3 * i + 1] = samples[i * channels + green] * scale;
    pixels[3 * i + 2] = samples[i * channels + blue] * scale;
  }
  return pixels;
}
