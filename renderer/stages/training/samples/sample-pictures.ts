// Pixels of a batch, of samples and of class maps laid over scenes, as RGBA for the screen.
import type { PicturesUrl } from '@shared/link/studio';
import type { ShownBatch } from './predictions';
import { classColour } from '../../dataset';

type Rgba = Uint8ClampedArray<ArrayBuffer>;

/** Picture `n` of uint8 (count, height, width, channels); one channel is shown as grey. */
export function pictureAt(pixels: Uint8Array, { height, width, channels }: PicturesUrl, n: number): Rgba {
  const from = n * height * width * channels;
  return rgbaOf(height * width, channels, (pixel, c) => pixels[from + pixel * channels + c]);
}

/** Picture `n` of a normalised batch (N, C, H, W), its normalisation undone. */
export function fedPicture({ fed: { shape, mean, deviation }, images }: ShownBatch, n: number): Rgba {
  const [, channels, height, width] = shape;
  const plane = height * width;
  return rgbaOf(plane, channels, (pixel, c) => 255 * (images[(n * channels + c) * plane + pixel] * deviation[c] + mean[c]));
}

/** Share of the class colour over the scene. */
const COLOUR_SHARE = 0.6;

/** Scene `n` with its class map (count, height, width) laid over it; ignored pixels (255) show the scene alone. */
export function overlay(pixels: Uint8Array, pictures: PicturesUrl, map: Uint8Array, n: number): Rgba {
  const rgba = pictureAt(pixels, pictures, n);
  const plane = pictures.height * pictures.width;
  for (let pixel = 0; pixel < plane; pixel++) {
    const index = map[n * plane + pixel];
    if (index === 255) continue;
    const colour = Number.parseInt(classColour(index).slice(1), 16);
    for (let c = 0; c < 3; c++) {
      const part = (colour >> (16 - 8 * c)) & 255;
      rgba[pixel * 4 + c] = COLOUR_SHARE * part + (1 - COLOUR_SHARE) * rgba[pixel * 4 + c];
    }
  }
  return rgba;
}

function rgbaOf(plane: number, channels: number, value: (pixel: number, channel: number) => number): Rgba {
  const rgba = new Uint8ClampedArray(plane * 4);
  for (let pixel = 0; pixel < plane; pixel++) {
    for (let c = 0; c < 3; c++) rgba[pixel * 4 + c] = value(pixel, Math.min(c, channels - 1));
    rgba[pixel * 4 + 3] = 255;
  }
  return rgba;
}
