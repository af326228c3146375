// Evaluation of scenes larger than the network's input, as PSPNet's official code does it: overlapping windows
// of the input's size, two thirds of it apart, the last one moved back to the border; every pixel gets the
// mean of the class probabilities that its windows give it.
import type { Size } from '../../dataset/pixels/geometry';

/** Share of a window by which the next one is moved on. */
const STRIDE_SHARE = 2 / 3;

/** How far apart windows of `length` are. */
export function windowStride(length: number): number {
  return Math.ceil(length * STRIDE_SHARE);
}

/** First places of windows of `length` that cover `total` places (at least `length`). */
export function windowStarts(total: number, length: number): number[] {
  const stride = windowStride(length);
  const count = Math.ceil((total - length) / stride) + 1;
  return Array.from({ length: count }, (_, i) => Math.min(i * stride, total - length));
}

/** A normalised picture (C, H, W); zero is the data set's mean. */
export interface Planes extends Size {
  readonly channels: number;
  readonly values: Float32Array;
}

/** The network's output (n, classes, h, w) for n windows (n, C, h, w). */
export type PredictWindows = (windows: Float32Array, shape: readonly [number, number, number, number]) => Promise<Float32Array>;

/**
 * Logarithms of the averaged class probabilities, (classes, H, W). A picture smaller than the window is padded with the
 * mean on both sides. At most `batchSize` windows are predicted at once.
 */
export async function slidingAnswer(picture: Planes, window: Size, batchSize: number, predict: PredictWindows): Promise<Float32Array> {
  const padded = padToWindow(picture, window);
  const places = windowStarts(padded.height, window.height).flatMap((top) =>
    windowStarts(padded.width, window.width).map((left): Place => ({ top, left })),
  );
  let sums: Sums | null = null;
  for (let first = 0; first < places.length; first += batchSize) {
    const chosen = places.slice(first, first + batchSize);
    const output = await predict(cutWindows(padded, chosen, window), [chosen.length, picture.channels, window.height, window.width]);
    sums ??= emptySums(padded, output.length / chosen.length / (window.height * window.width));
    for (const [n, place] of chosen.entries()) addWindow(sums, output, n, place, window);
  }
  return logMeans(sums as Sums, picture, padded);
}

interface Place {
  readonly top: number;
  readonly left: number;
}

/** A picture with what was added above and to the left of it. */
interface Padded extends Planes {
  readonly above: number;
  readonly before: number;
}

function padToWindow(picture: Planes, window: Size): Padded {
  const [height, width] = [Math.max(picture.height, window.height), Math.max(picture.width, window.width)];
  const above = Math.floor((height - picture.height) / 2);
  const before = Math.floor((width - picture.width) / 2);
  if (height === picture.height && width === picture.width) return { ...picture, above, before };
  const values = new Float32Array(picture.channels * height * width);
  for (let row = 0; row < picture.channels * picture.height; row++) {
    const [c, y] = [Math.floor(row / picture.height), row % picture.height];
    const from = row * picture.width;
    values.set(picture.values.subarray(from, from + picture.width), (c * height + above + y) * width + before);
  }
  return { channels: picture.channels, height, width, values, above, before };
}

/** (n, C, h, w). */
function cutWindows(picture: Planes, places: readonly Place[], { height, width }: Size): Float32Array {
  const windows = new Float32Array(places.length * picture.channels * height * width);
  let at = 0;
  for (const { top, left } of places) {
    for (let c = 0; c < picture.channels; c++) {
      for (let y = 0; y < height; y++, at += width) {
        const from = (c * picture.height + top + y) * picture.width + left;
        windows.set(picture.values.subarray(from, from + width), at);
      }
    }
  }
  return windows;
}

/** Sums of probabilities (classes, H, W) and how many windows were added at each pixel. */
interface Sums extends Size {
  readonly classes: number;
  readonly values: Float32Array;
  readonly counts: Float32Array;
}

function emptySums({ height, width }: Size, classes: number): Sums {
  return { height, width, classes, values: new Float32Array(classes * height * width), counts: new Float32Array(height * width) };
}

/** Adds the softmax of window `n`'s output. */
function addWindow({ classes, values, counts, height, width }: Sums, output: Float32Array, n: number, place: Place, window: Size): void {
  const [plane, whole] = [window.height * window.width, height * width];
  const first = n * classes * plane;
  const shares = new Float64Array(classes);
  for (let i = 0; i < plane; i++) {
    const at = (place.top + Math.floor(i / window.width)) * width + place.left + (i % window.width);
    softmaxAt(output, first + i, plane, shares);
    for (let k = 0; k < classes; k++) values[k * whole + at] += shares[k];
    counts[at]++;
  }
}

/** Softmax of the values at `first`, `stride` apart, into `shares`. */
function softmaxAt(values: Float32Array, first: number, stride: number, shares: Float64Array): void {
  let largest = -Infinity;
  for (let k = 0; k < shares.length; k++) largest = Math.max(largest, values[first + k * stride]);
  let total = 0;
  for (let k = 0; k < shares.length; k++) total += shares[k] = Math.exp(values[first + k * stride] - largest);
  for (let k = 0; k < shares.length; k++) shares[k] /= total;
}

/** Smallest normal float32: a probability that vanished still has a logarithm. */
const LEAST_PROBABILITY = 2 ** -126;

/** Without the padding. */
function logMeans(sums: Sums, { height, width }: Size, { above, before }: Padded): Float32Array {
  const means = new Float32Array(sums.classes * height * width);
  let at = 0;
  for (let row = 0; row < sums.classes * height; row++) {
    const [k, y] = [Math.floor(row / height), row % height];
    const pixel = (above + y) * sums.width + before;
    const from = k * sums.height * sums.width + pixel;
    for (let x = 0; x < width; x++) {
      const mean = sums.values[from + x] / sums.counts[pixel + x];
      // A NaN stays one, so that it can be found.
      means[at++] = Math.log(mean < LEAST_PROBABILITY ? LEAST_PROBABILITY : mean);
    }
  }
  return means;
}
