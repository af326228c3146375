// A small software canvas for the embedded data sets: RGB, float32, HWC, values 0 to 255 until they are
// rounded. Everything drawn is a function of its arguments, so a sample can be drawn again at any time.
import { type Random, normalArray, randomFrom, seed } from '../../tensor/random';

/** [red, green, blue], 0 to 255. */
export type Colour = readonly [number, number, number];

/** Pixels (height, width, 3), row-major. */
export interface Canvas {
  readonly height: number;
  readonly width: number;
  readonly data: Float32Array;
}

const NOISE_LENGTH = 16384;
const NOISE = normalArray(randomFrom(seed(20210505)), NOISE_LENGTH, 1);

/** A canvas filled by a linear light gradient: `colour` at the centre, plus `slope` = [per row, per column] on every channel. */
export function shadedCanvas(height: number, width: number, colour: Colour, slope: readonly [number, number]): Canvas {
  const data = new Float32Array(height * width * 3);
  let at = 0;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const light = slope[0] * (y - height / 2) + slope[1] * (x - width / 2);
      data[at++] = colour[0] + light;
      data[at++] = colour[1] + light;
      data[at++] = colour[2] + light;
    }
  }
  return { height, width, data };
}

/** Blends `colour` over the pixel (y, x) with the given coverage in [0, 1]. */
export function blendPixel(canvas: Canvas, y: number, x: number, colour: Colour, coverage: number): void {
  const at = (y * canvas.width + x) * 3;
  const { data } = canvas;
  data[at] += (colour[0] - data[at]) * coverage;
  data[at + 1] += (colour[1] - data[at + 1]) * coverage;
  data[at + 2] += (colour[2] - data[at + 2]) * coverage;
}

/** Where a disc stands, in pixels; the centre may be fractional or outside. */
export interface Disc {
  readonly y: number;
  readonly x: number;
  readonly radius: number;
}

/** Paints a disc with a soft edge of one pixel; `mix(dy, dx)` in [0, 1] goes from colour `a` to `b`. */
export function paintDisc(canvas: Canvas, disc: Disc, a: Colour, b: Colour, mix: (dy: number, dx: number) => number): void {
  const { y, x, radius } = disc;
  for (let row = Math.max(0, Math.floor(y - radius)); row <= Math.min(canvas.height - 1, y + radius); row++) {
    for (let column = Math.max(0, Math.floor(x - radius)); column <= Math.min(canvas.width - 1, x + radius); column++) {
      const coverage = Math.min(1, radius - Math.hypot(row - y, column - x));
      if (coverage > 0) blendPixel(canvas, row, column, mixColours(a, b, mix(row - y, column - x)), coverage);
    }
  }
}

/** The colour `share` of the way from `a` to `b`. */
export function mixColours(a: Colour, b: Colour, share: number): Colour {
  return [a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share, a[2] + (b[2] - a[2]) * share];
}

/** Adds normal noise of the given deviation to every value. The noise comes from one fixed table, entered at a random place per row. */
export function addNoise(canvas: Canvas, deviation: number, random: Random): void {
  const rowLength = canvas.width * 3;
  for (let y = 0; y < canvas.height; y++) {
    const start = random.integer(NOISE_LENGTH);
    for (let i = 0; i < rowLength; i++) canvas.data[y * rowLength + i] += deviation * NOISE[(start + i) & (NOISE_LENGTH - 1)];
  }
}

/** The canvas rounded and clamped to bytes (height, width, 3). */
export function toBytes(canvas: Canvas): Uint8Array {
  const clamped = Uint8ClampedArray.from(canvas.data);
  return new Uint8Array(clamped.buffer);
}

/** A colour with every channel uniform in [low, high). */
export function randomColour(random: Random, low: number, high: number): Colour {
  const channel = (): number => low + (high - low) * random.uniform();
  return [channel(), channel(), channel()];
}

/** Uniform in [low, high). */
export function between(random: Random, low: number, high: number): number {
  return low + (high - low) * random.uniform();
}
