// The picture operations AutoAugment (arXiv 1805.09501, table 6) and RandAugment (arXiv 1909.13719) draw
// from. Pictures are uint8 HWC; every operation returns a new picture of the same size.
import type { Sample } from '../dataset';

/** What an affine operation leaves uncovered is filled with middle grey, as the policies' authors do. */
const FILL = 128;

/** Maps every byte through a table per channel. */
function throughTable(sample: Sample, table: (channel: number) => (value: number) => number): Sample {
  const { channels } = sample;
  const tables = Array.from({ length: channels }, (_, c) => {
    const map = table(c);
    return Uint8ClampedArray.from({ length: 256 }, (_v, value) => map(value));
  });
  return { ...sample, pixels: sample.pixels.map((value, i) => tables[i % channels][value]) };
}

export const invert = (sample: Sample): Sample => throughTable(sample, () => (v) => 255 - v);
export const solarize = (sample: Sample, threshold: number): Sample => throughTable(sample, () => (v) => (v < threshold ? v : 255 - v));
export const posterize = (sample: Sample, bits: number): Sample => throughTable(sample, () => (v) => v & (0xff << (8 - bits)));
/** Adds to the values below 128. */
export const solarizeAdd = (sample: Sample, amount: number): Sample => throughTable(sample, () => (v) => (v < 128 ? v + amount : v));
export const brightness = (sample: Sample, factor: number): Sample => throughTable(sample, () => (v) => v * factor);

/** Away from (factor > 1) or toward (factor < 1) the picture's mean grey. */
export function contrast(sample: Sample, factor: number): Sample {
  const greys = greyOf(sample);
  const mean = Math.round(greys.reduce((sum, v) => sum + v, 0) / greys.length);
  return throughTable(sample, () => (v) => mean + (v - mean) * factor);
}

/** Away from (factor > 1) or toward (factor < 1) the grey picture. */
export function saturation(sample: Sample, factor: number): Sample {
  if (sample.channels === 1) return sample;
  const greys = greyOf(sample);
  return blend(sample, (i) => greys[Math.floor(i / sample.channels)], factor);
}

/** Away from (factor > 1) or toward (factor < 1) the picture smoothed by a 3x3 kernel; the border stays. */
export function sharpness(sample: Sample, factor: number): Sample {
  const { pixels, height, width, channels } = sample;
  const row = width * channels;
  const smooth = (i: number): number => {
    const y = Math.floor(i / row);
    const x = Math.floor((i % row) / channels);
    if (y === 0 || x === 0 || y === height - 1 || x === width - 1) return pixels[i];
    let sum = 4 * pixels[i];
    for (let dy = -row; dy <= row; dy += row) for (let dx = -channels; dx <= channels; dx += channels) sum += pixels[i + dy + dx];
    return sum / 13;
  };
  return blend(sample, smooth, factor);
}

/** other + factor * (picture - other), byte by byte. */
function blend(sample: Sample, other: (i: number) => number, factor: number): Sample {
  const mixed = Uint8ClampedArray.from(sample.pixels, (value, i) => {
    const base = other(i);
    return base + factor * (value - base);
  });
  return { ...sample, pixels: new Uint8Array(mixed.buffer) };
}

/** Luma of every pixel (ITU-R 601). */
function greyOf({ pixels, channels, height, width }: Sample): Float32Array {
  if (channels === 1) return Float32Array.from(pixels);
  return Float32Array.from({ length: height * width }, (_, i) => {
    const at = i * channels;
    return 0.299 * pixels[at] + 0.587 * pixels[at + 1] + 0.114 * pixels[at + 2];
  });
}

/** Stretches every channel to the full range. */
export function autoContrast(sample: Sample): Sample {
  return throughTable(sample, (c) => {
    const counts = histogram(sample, c);
    const low = counts.findIndex((count) => count > 0);
    const high = counts.findLastIndex((count) => count > 0);
    return (v) => (high > low ? ((v - low) * 255) / (high - low) : v);
  });
}

/** Flattens every channel's histogram. */
export function equalize(sample: Sample): Sample {
  return throughTable(sample, (c) => {
    const counts = histogram(sample, c);
    const last = counts.findLast((count) => count > 0) ?? 0;
    const step = Math.floor((sample.height * sample.width - last) / 255);
    const below = new Float64Array(256);
    for (let v = 1; v < 256; v++) below[v] = below[v - 1] + counts[v - 1];
    return (v) => (step === 0 ? v : Math.floor((below[v] + Math.floor(step / 2)) / step));
  });
}

function histogram({ pixels, channels }: Sample, channel: number): number[] {
  const counts = new Array<number>(256).fill(0);
  for (let i = channel; i < pixels.length; i += channels) counts[pixels[i]]++;
  return counts;
}

/** Source place of a result pixel, both relative to the centre: [y, x] = matrix [a, b; c, d] times [y, x] plus shift [e, f]. */
export type Affine = readonly [number, number, number, number, number, number];

export const translateX = (pixels: number): Affine => [1, 0, 0, 1, 0, pixels];
export const translateY = (pixels: number): Affine => [1, 0, 0, 1, pixels, 0];
/** Degrees. */
export function rotation(degrees: number): Affine {
  const angle = (degrees * Math.PI) / 180;
  return [Math.cos(angle), Math.sin(angle), -Math.sin(angle), Math.cos(angle), 0, 0];
}

/** The picture seen through an affine map, each pixel from the nearest place. */
export function warp(sample: Sample, [a, b, c, d, e, f]: Affine): Sample {
  const { pixels, height, width, channels } = sample;
  const target = new Uint8Array(pixels.length).fill(FILL);
  const [cy, cx] = [(height - 1) / 2, (width - 1) / 2];
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const sy = Math.round(a * (y - cy) + b * (x - cx) + e + cy);
      const sx = Math.round(c * (y - cy) + d * (x - cx) + f + cx);
      if (sy < 0 || sx < 0 || sy >= height || sx >= width) continue;
      for (let k = 0; k < channels; k++) target[(y * width + x) * channels + k] = pixels[(sy * width + sx) * channels + k];
    }
  }
  return { ...sample, pixels: target };
}

/** Each row moved by `amount` of its distance from the upper edge. */
export function shearX(sample: Sample, amount: number): Sample {
  return warp(sample, [1, 0, amount, 1, 0, (amount * sample.height) / 2]);
}

/** Each column moved by `amount` of its distance from the left edge. */
export function shearY(sample: Sample, amount: number): Sample {
  return warp(sample, [1, amount, 0, 1, (amount * sample.width) / 2, 0]);
}
