// Cutting, mirroring and resizing samples. Pixels are interpolated, labels per pixel are taken from the
// nearest place; what lies outside the picture is black and its labels are ignored (255).
import { type Sample, IGNORED } from '../dataset';

/** A part of a picture in whole pixels; it may reach beyond the edges. */
export interface Box {
  readonly top: number;
  readonly left: number;
  readonly height: number;
  readonly width: number;
}

/** [height, width] in pixels. */
export interface Size {
  readonly height: number;
  readonly width: number;
}

/** The part of a sample inside a box. */
export function crop(sample: Sample, box: Box): Sample {
  const { height, width } = box;
  const pixels = cropPlane(sample.pixels, sample, box, sample.channels, 0);
  const label = typeof sample.label === 'number' ? sample.label : cropPlane(sample.label, sample, box, 1, IGNORED);
  return { pixels, height, width, channels: sample.channels, label };
}

/** Rows of `channels` interleaved bytes cut to the box; `outside` where there is no source. */
function cropPlane(source: Uint8Array, size: Size, box: Box, channels: number, outside: number): Uint8Array {
  const target = new Uint8Array(box.height * box.width * channels).fill(outside);
  const from = Math.max(0, box.left);
  const to = Math.min(size.width, box.left + box.width);
  if (from >= to) return target;
  for (let y = Math.max(0, -box.top); y < Math.min(box.height, size.height - box.top); y++) {
    const row = (box.top + y) * size.width;
    target.set(source.subarray((row + from) * channels, (row + to) * channels), (y * box.width + from - box.left) * channels);
  }
  return target;
}

/** The sample mirrored left to right. */
export function mirror(sample: Sample): Sample {
  const pixels = mirrorPlane(sample.pixels, sample, sample.channels);
  return { ...sample, pixels, label: typeof sample.label === 'number' ? sample.label : mirrorPlane(sample.label, sample, 1) };
}

function mirrorPlane(source: Uint8Array, { height, width }: Size, channels: number): Uint8Array {
  const target = new Uint8Array(source.length);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const from = (y * width + x) * channels;
      const to = (y * width + width - 1 - x) * channels;
      for (let c = 0; c < channels; c++) target[to + c] = source[from + c];
    }
  }
  return target;
}

/** The sample resized; a triangle filter as wide as the reduction keeps shrunk pictures free of aliasing. */
export function resize(sample: Sample, size: Size): Sample {
  if (sample.height === size.height && sample.width === size.width) return sample;
  const { channels } = sample;
  const rows = resizeRows(sample.pixels, sample.height, size.height, sample.width * channels);
  const pixels = resizeColumns(rows, size.height, sample.width, size.width, channels);
  const label = typeof sample.label === 'number' ? sample.label : nearest(sample.label, sample, size);
  return { pixels: new Uint8Array(Uint8ClampedArray.from(pixels).buffer), ...size, channels, label };
}

/** Weights of the source places `first`.. for one place of the result. */
interface Taps {
  readonly first: number;
  readonly weights: Float32Array;
}

function tapsFor(from: number, to: number): Taps[] {
  const scale = from / to;
  const reach = Math.max(1, scale);
  return Array.from({ length: to }, (_, i) => {
    const centre = (i + 0.5) * scale;
    const first = Math.max(0, Math.floor(centre - reach));
    const last = Math.min(from, Math.ceil(centre + reach));
    const weights = Float32Array.from({ length: last - first }, (_w, k) => Math.max(0, 1 - Math.abs(first + k + 0.5 - centre) / reach));
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    return { first, weights: weights.map((weight) => weight / total) };
  });
}

/** A plane (height, width) of numbers resized by the same filter as pixels are: interpolated between the centres of neighbours. */
export function resizePlane(plane: Float32Array, from: Size, to: Size): Float32Array {
  return resizeColumns(resizeRows(plane, from.height, to.height, from.width), to.height, from.width, to.width, 1);
}

/** (from, length) -> (to, length). */
function resizeRows(source: Uint8Array | Float32Array, from: number, to: number, length: number): Float32Array {
  const target = new Float32Array(to * length);
  tapsFor(from, to).forEach(({ first, weights }, y) => {
    weights.forEach((weight, k) => {
      const row = (first + k) * length;
      for (let i = 0; i < length; i++) target[y * length + i] += weight * source[row + i];
    });
  });
  return target;
}

/** (height, from, channels) -> (height, to, channels). Row by row, as they lie in memory. */
function resizeColumns(source: Float32Array, height: number, from: number, to: number, channels: number): Float32Array {
  const target = new Float32Array(height * to * channels);
  const taps = tapsFor(from, to);
  let at = 0;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < to; x++) {
      const { first, weights } = taps[x];
      const start = (y * from + first) * channels;
      for (let c = 0; c < channels; c++) {
        let sum = 0;
        for (let k = 0; k < weights.length; k++) sum += weights[k] * source[start + k * channels + c];
        target[at++] = sum;
      }
    }
  }
  return target;
}

function nearest(label: Uint8Array, from: Size, to: Size): Uint8Array {
  return Uint8Array.from({ length: to.height * to.width }, (_, i) => {
    const y = Math.floor(((Math.floor(i / to.width) + 0.5) * from.height) / to.height);
    const x = Math.floor((((i % to.width) + 0.5) * from.width) / to.width);
    return label[y * from.width + x];
  });
}

/** The sample at the network's input size: its shorter edge resized to fit, the centre cut out. Scenes are resized whole. */
export function fitTo(sample: Sample, size: Size): Sample {
  if (typeof sample.label !== 'number') return resize(sample, size);
  const scale = Math.max(size.height / sample.height, size.width / sample.width);
  const scaled = resize(sample, { height: Math.round(sample.height * scale), width: Math.round(sample.width * scale) });
  return centreCrop(scaled, size);
}

/** The middle of a sample. */
export function centreCrop(sample: Sample, { height, width }: Size): Sample {
  if (sample.height === height && sample.width === width) return sample;
  const top = Math.floor((sample.height - height) / 2);
  return crop(sample, { top, left: Math.floor((sample.width - width) / 2), height, width });
}
