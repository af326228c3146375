// Pictures from files: JPEG and PNG to uint8 RGB. Broken or foreign files are refused by name.
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { convertIndexedToRgb, decode as decodePng, hasPngSignature } from 'fast-png';
import jpeg from 'jpeg-js';
import type { Sample } from '@shared/dataset/dataset';
import { pictureOfPixels, type ShownPicture } from '@shared/dataset/shown-picture';
import { UserError } from '@shared/user-error';
import { unreadable } from './sources';

/** Pixels without a label. */
export type Picture = Omit<Sample, 'label'>;

const MOST_MEGAPIXELS = 200;
const MOST_MEGABYTES = 2048;

/** The picture as RGB. Rejects with UserError naming the file. */
export async function readPicture(file: string): Promise<Picture> {
  const bytes = await readFile(file).catch((error: unknown) => unreadable(file, error));
  return decoding(file, bytes, (isPng) => (isPng ? pngAsRgb(bytes) : jpegAsRgb(bytes)));
}

/** The picture of a file to look at, under the file's name. Rejects with UserError naming the file. */
export async function shownFile(file: string): Promise<ShownPicture> {
  return pictureOfPixels(await readPicture(file), `picture ${basename(file)}`);
}

/** The values of a one-channel 8-bit PNG as they are: label maps. Rejects with UserError naming the file. */
export async function readLabelMap(file: string): Promise<Picture> {
  const bytes = await readFile(file).catch((error: unknown) => unreadable(file, error));
  const { width, height, channels, depth, data } = decoding(file, bytes, () => decodePng(bytes));
  if (channels !== 1 || depth !== 8)
    throw new UserError(`${file}: a label map must be a PNG with one 8-bit channel, this one has ${channels} of ${depth} bits`);
  return { width, height, channels: 1, pixels: Uint8Array.from(data) };
}

function decoding<Result>(file: string, bytes: Uint8Array, decode: (isPng: boolean) => Result): Result {
  const isPng = hasPngSignature(bytes);
  if (!isPng && !(bytes[0] === 0xff && bytes[1] === 0xd8))
    throw new UserError(`${file}: is neither a JPEG nor a PNG picture: replace it, or take it away`);
  try {
    return decode(isPng);
  } catch (error) {
    const reason = (error instanceof Error ? error.message : String(error)).replace(/[:.\s]+$/, '');
    throw new UserError(`${file}: is a broken ${isPng ? 'PNG' : 'JPEG'} picture (${reason}): replace it, or take it away`);
  }
}

function jpegAsRgb(bytes: Uint8Array): Picture {
  const limits = { maxResolutionInMP: MOST_MEGAPIXELS, maxMemoryUsageInMB: MOST_MEGABYTES };
  const { width, height, data } = jpeg.decode(bytes, { useTArray: true, formatAsRGBA: false, tolerantDecoding: false, ...limits });
  return { width, height, channels: 3, pixels: data };
}

/** Grey is tripled, palettes looked up, opacity dropped, 16 bits cut to 8. */
function pngAsRgb(bytes: Uint8Array): Picture {
  const png = decodePng(bytes);
  const { width, height } = png;
  const values = png.palette ? convertIndexedToRgb(png) : png.data;
  const from = png.palette ? values.length / (width * height) : png.channels;
  const shift = png.depth === 16 && !png.palette ? 8 : 0;
  const pixels = new Uint8Array(width * height * 3);
  for (let i = 0; i < width * height; i++) for (let c = 0; c < 3; c++) pixels[3 * i + c] = values[i * from + (from < 3 ? 0 : c)] >> shift;
  return { width, height, channels: 3, pixels };
}
