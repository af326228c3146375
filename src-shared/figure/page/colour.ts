// Colour scales of figures. Diverging scales are light at zero and equally dark at both ends; all are
// safe for the common kinds of colour blindness (blue-orange, purple-green, viridis, cividis).
import type { ColourScaleName } from '../recipe';

/** Red, green, blue, each 0..255. */
export type Rgb = readonly [number, number, number];

/** Evenly spaced stops from the lowest to the highest value. */
const STOPS: Readonly<Record<ColourScaleName, readonly string[]>> = {
  'blue-orange': ['#0b3c6f', '#2a6fae', '#7fb2db', '#cfe1ef', '#fbfaf7', '#fbdcb8', '#f0a152', '#c9650f', '#7f3303'],
  'purple-green': ['#40004b', '#762a83', '#9970ab', '#c2a5cf', '#f7f7f7', '#a6dba0', '#5aae61', '#1b7837', '#00441b'],
  viridis: ['#440154', '#482878', '#3e4989', '#31688e', '#26828e', '#1f9e89', '#35b779', '#6ece58', '#b5de2b', '#fde725'],
  cividis: ['#00224e', '#123570', '#3b496c', '#575d6d', '#707173', '#8a8678', '#a59c74', '#c3b369', '#e1cc55', '#fee838'],
  grey: ['#ffffff', '#bdbdbd', '#7a7a7a', '#3d3d3d', '#000000'],
  'paper-green': ['#ffffe5', '#f7fcb9', '#d9f0a3', '#addd8e', '#78c679', '#41ab5d', '#238443', '#006837', '#004529'],
};

/** Whether a scale has a middle that means zero. */
export function isDiverging(scale: ColourScaleName): boolean {
  return scale === 'blue-orange' || scale === 'purple-green';
}

/** Colour of a position 0..1 along a scale; positions outside are clamped. */
export function colourAt(scale: ColourScaleName, position: number): Rgb {
  const stops = STOPS[scale];
  const place = Math.min(1, Math.max(0, position)) * (stops.length - 1);
  const index = Math.min(stops.length - 2, Math.floor(place));
  const [from, to] = [parseHex(stops[index]), parseHex(stops[index + 1])];
  const share = place - index;
  return [0, 1, 2].map((channel) => Math.round(from[channel] + (to[channel] - from[channel]) * share)) as unknown as Rgb;
}

/** 1024 colours of a scale as packed bytes, for rasters. */
export function colourTable(scale: ColourScaleName): Uint8Array {
  const table = new Uint8Array(4 * TABLE_SIZE);
  for (let i = 0; i < TABLE_SIZE; i++) table.set([...colourAt(scale, i / (TABLE_SIZE - 1)), 255], 4 * i);
  return table;
}

export const TABLE_SIZE = 1024;

/** `#rrggbb`. */
export function hex([red, green, blue]: Rgb): string {
  return `#${[red, green, blue].map((value) => value.toString(16).padStart(2, '0')).join('')}`;
}

/** Black or white, whichever reads better on a colour (WCAG relative luminance). */
export function inkOn(colour: Rgb): string {
  const [red, green, blue] = colour.map((value) => {
    const share = value / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue > 0.179 ? '#000000' : '#ffffff';
}

function parseHex(text: string): Rgb {
  return [1, 3, 5].map((start) => Number.parseInt(text.slice(start, start + 2), 16)) as unknown as Rgb;
}
