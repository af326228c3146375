// Pictures from files: JPEG and PNG to uint8 RGB. Broken or foreign files are refused by name, and those too large
// before anything is decoded.
import { basename } from 'node:path';
import { constants, inflateSync } from 'node:zlib';
import type { Sample } from '@shared/dataset/dataset';
import { isJpeg, jpegRgb, jpegSize } from '@shared/dataset/pixels/jpeg/jpeg';
import { type Inflate, pngRgb, pngStored } from '@shared/dataset/pixels/png';
import { isPng, pngHeader } from '@shared/dataset/pixels/png-file';
import { pictureOfPixels, type ShownPicture } from '@shared/dataset/shown-picture';
import { UserError } from '@shared/base/user-error';
import { readRegular } from '../files/regular-file';
import { readHead, unreadable } from './sources';

/** Pixels without a label. */
export type Picture = Omit<Sample, 'label'>;

/** Pillow refuses larger ones too. */
const MOST_PIXELS = 178_956_970;
/** A file that is longer holds no picture of so many pixels. */
const MOST_BYTES = 2 ** 30;

/** The picture as RGB. Rejects with UserError naming the file. */
export async function readPicture(file: string): Promise<Picture> {
  const bytes = await readRegular(file, MOST_BYTES).catch((error: unknown) => unreadable(file, error));
  return decoding(file, bytes, (isPngFile) => ({ ...(isPngFile ? pngRgb(bytes, inflate) : jpegRgb(bytes)), channels: 3 }));
}

/** The picture of a file to look at, under the file's name. Rejects with UserError naming the file. */
export async function shownFile(file: string): Promise<ShownPicture> {
  return pictureOfPixels(await readPicture(file), `picture ${basename(file)}`);
}

/** The values of a PNG with one 8-bit channel, or of a palette's entries, as they are: label maps. Rejects with UserError naming the file. */
export async function readLabelMap(file: string): Promise<Picture> {
  const bytes = await readRegular(file, MOST_BYTES).catch((error: unknown) => unreadable(file, error));
  const { header, samples } = decoding(file, bytes, (isPngFile) => (isPngFile ? pngStored(bytes, inflate) : notPng()));
  const { width, height, colour, depth } = header;
  if (colour !== 'palette' && (colour !== 'grey' || depth !== 8))
    throw new UserError(`${file}: a label map must be a PNG with one 8-bit channel, this one is ${colour} of ${depth} bits`);
  return { width, height, channels: 1, pixels: samples };
}

/** What is to be said of how pictures like this one are read; mostly nothing. */
export async function pictureRemarks(file: string): Promise<string[]> {
  const head = await readHead(file, 33);
  if (!isPng(head)) return [];
  const { colour, depth } = decoding(file, head, () => pngHeader(head));
  if (colour !== 'grey' || depth !== 16) return [];
  return [`${basename(file)} is grey of 16 bits: such pictures are scaled to 8 bits here, where torchvision's loader cuts them off at 255`];
}

/** Bytes beyond the picture's own that a PNG may unpack to. */
const SPARE = 65_536;
const inflate: Inflate = (compressed, most) =>
  inflateSync(compressed, { maxOutputLength: most + SPARE, finishFlush: constants.Z_SYNC_FLUSH });

function notPng(): never {
  throw new Error('a label map must be a PNG');
}

function decoding<Result>(file: string, bytes: Uint8Array, decode: (isPngFile: boolean) => Result): Result {
  const isPngFile = isPng(bytes);
  if (!isPngFile && !isJpeg(bytes)) throw new UserError(`${file}: is neither a JPEG nor a PNG picture: replace it, or take it away`);
  try {
    const { width, height } = isPngFile ? pngHeader(bytes) : jpegSize(bytes);
    if (width * height > MOST_PIXELS)
      throw new UserError(`${file}: is ${width}x${height}; at most ${MOST_PIXELS} pixels are read: make it smaller, or take it away`);
    return decode(isPngFile);
  } catch (error) {
    if (error instanceof UserError) throw error;
    const reason = (error instanceof Error ? error.message : String(error)).replace(/[:.\s]+$/, '');
    throw new UserError(`${file}: is a broken ${isPngFile ? 'PNG' : 'JPEG'} picture (${reason}): replace it, or take it away`);
  }
}
