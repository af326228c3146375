// Whether a picture is a colour bar: a long strip whose colour changes smoothly along it and not across. What is a row of a
// matrix's values is long, too, and no bar: from cell to cell its colours jump.
import { differenceSeen } from './colour-vision';
import type { Extent } from './facts';

/** Pixels of a picture, 3 or 4 bytes each, row by row. */
export interface Pixels {
  readonly width: number;
  readonly height: number;
  readonly channels: 3 | 4;
  readonly data: ArrayLike<number>;
}

/** A bar is this many times longer than wide. */
const LONG = 4;
/** Places along it that are looked at, and different colours among them at least. */
const PLACES = 128;
const LEAST_COLOURS = 16;
/** Bytes by which a colour may differ across a bar: what a lossy picture does to it. */
const LOSS = 12;
/** How much longer the way through colours may be place by place than in steps of two: noise makes it about twice as long. */
const MOST_DETOUR = 1.35;

/** The colours along a bar, as it lies on the page; null for a picture that is none. */
export function barColours({ width, height, channels, data }: Pixels, extent: Extent): string[] | null {
  const upright = extent.height > extent.width;
  if (Math.max(extent.width, extent.height) < LONG * Math.min(extent.width, extent.height)) return null;
  const [along, across] = upright ? [height, width] : [width, height];
  if (along < LEAST_COLOURS || across < 1) return null;
  const at = (place: number, side: number): number[] => {
    const [x, y] = upright ? [side, place] : [place, side];
    return [0, 1, 2].map((channel) => data[channels * (y * width + x) + channel]);
  };
  // The outermost pixels may be a frame.
  const sides = [0.25, 0.5, 0.75].map((share) => Math.floor(share * across));
  const colours: string[] = [];
  for (let i = 0; i < PLACES; i++) {
    const place = Math.floor(((i + 0.5) / PLACES) * along);
    const [one, ...others] = sides.map((side) => at(place, side));
    if (others.some((other) => other.some((value, channel) => Math.abs(value - one[channel]) > LOSS))) return null;
    colours.push(`#${one.map((value) => value.toString(16).padStart(2, '0')).join('')}`);
  }
  return new Set(colours).size >= LEAST_COLOURS && isSmooth(colours) ? colours : null;
}

/** Whether colours in a row go from one to the next without jumping to and fro. */
export function isSmooth(colours: readonly string[]): boolean {
  const wayOf = (list: readonly string[]): number =>
    list.slice(1).reduce((sum, colour, i) => sum + (colour === list[i] ? 0 : differenceSeen(list[i], colour, 'normal')), 0);
  // Neighbours that are alike say nothing of how colours follow each other.
  const distinct = colours.filter((colour, i) => colour !== colours[i - 1]);
  const coarse = wayOf(distinct.filter((_, i) => i % 2 === 0));
  return distinct.length < 3 || wayOf(distinct) <= MOST_DETOUR * coarse;
}
