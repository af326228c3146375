// A colour scale as a table of 1024 RGBA entries, and the one rule by which a position between its ends finds its
// entry. The shader's texture, the window's canvases and the figures hold this table and no other.
import { interpolateLab, piecewise } from 'd3-interpolate';
import { colourScale, type ColourScaleName } from './scales';

/** Red, green, blue, each 0..255. */
export type Rgb = readonly [number, number, number];

/** Entries of a table. */
export const LUT_LENGTH = 1024;

const tables = new Map<ColourScaleName, Uint8Array>();

/** LUT_LENGTH RGBA entries, low to high; the same array at every call, not to be written. */
export function lutOf(name: ColourScaleName): Uint8Array {
  const known = tables.get(name) ?? newTable(colourScale(name).stops);
  tables.set(name, known);
  return known;
}

function newTable(stops: readonly string[]): Uint8Array {
  const colourOf = piecewise(interpolateLab, [...stops]);
  const lut = new Uint8Array(LUT_LENGTH * 4);
  for (let k = 0; k < LUT_LENGTH; k++) lut.set([...rgbOf(colourOf(k / (LUT_LENGTH - 1))), 255], 4 * k);
  return lut;
}

/** Entry of a position: 0 at the low end, 1 at the high end; clamped, and not a number is low. */
export function lutIndex(position: number): number {
  if (!(position > 0)) return 0;
  return Math.min(LUT_LENGTH - 1, Math.floor(position * LUT_LENGTH));
}

/** Colour of a position 0..1 along a scale; positions outside are clamped. */
export function colourAt(name: ColourScaleName, position: number): Rgb {
  return entryOf(lutOf(name), lutIndex(position));
}

/** Entry k of a table. */
export function entryOf(lut: Uint8Array, k: number): Rgb {
  return [lut[4 * k], lut[4 * k + 1], lut[4 * k + 2]];
}

/** The bytes of `#rrggbb` or `rgb(r, g, b)`. Throws RangeError for anything else. */
export function rgbOf(css: string): Rgb {
  const parts = /^#([\da-f]{2})([\da-f]{2})([\da-f]{2})$/i
    .exec(css)
    ?.slice(1)
    .map((byte) => Number.parseInt(byte, 16));
  const bytes = parts ?? /^rgb\((\d+),? (\d+),? (\d+)\)$/.exec(css)?.slice(1).map(Number);
  if (!bytes) throw new RangeError(`a colour is written #rrggbb or rgb(r, g, b), got '${css}'`);
  return [bytes[0], bytes[1], bytes[2]];
}

/** `#rrggbb`. */
export function hex([red, green, blue]: Rgb): string {
  return `#${[red, green, blue].map((value) => value.toString(16).padStart(2, '0')).join('')}`;
}

/** Whether black reads better on a colour than white (WCAG relative luminance). */
export function isLight(colour: Rgb): boolean {
  const [red, green, blue] = colour.map((value) => {
    const share = value / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue > 0.179;
}
