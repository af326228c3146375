// FC3 of the network that comes with the program, to be touched on the first screen: its matrices before the merge, what
// the branches add, and after, with one row at a time folded back into the maps it reads.
import type { Picture } from '../../ui/HeatMap';
import { fcShapeOf, type FcShape } from '@shared/matrix/geometry';
import { fetchBytes } from '../../workers/fetch-bytes';
import { studio } from '../../studio/studio';
import { BUNDLED } from '../../studio/network/weights';

export type PartName = 'before' | 'added' | 'after';

export interface LiveMatrix {
  readonly block: string;
  readonly shape: FcShape;
  /** (O*h*w, channels*h*w), row-major. */
  readonly parts: Readonly<Record<PartName, Picture>>;
  /** Where the colours end, for all three: one scale for what is compared. So many of the weights lie within it: SHARE_WITHIN. */
  readonly limit: number;
  /** The largest magnitude of all three. */
  readonly largest: number;
}

/** Reads the first block of the bundled network. Rejects where the service cannot be reached. */
export async function loadLiveMatrix(): Promise<LiveMatrix> {
  const [block] = await studio().merge.blocks({ weights: BUNDLED });
  const { rows, columns, layer, before, added, after } = await studio().merge.matrices({ weights: BUNDLED, block });
  const read = async (url: string): Promise<Picture> => ({ rows, columns, data: new Float32Array(await fetchBytes(url)) });
  const [a, b, c] = await Promise.all([read(before), read(added), read(after)]);
  const parts = { before: a, added: b, after: c };
  return { block, shape: fcShapeOf(layer), parts, ...limitsOf([a, b, c]) };
}

/** One weight that is much larger than all others would leave these without a colour. */
export const SHARE_WITHIN = 0.995;

/** The magnitude that SHARE_WITHIN of all values stay within, and the largest one. */
export function limitsOf(pictures: readonly Pick<Picture, 'data'>[]): { readonly limit: number; readonly largest: number } {
  const sizes = Float32Array.from(pictures.flatMap(({ data }) => [...data].map(Math.abs))).sort();
  return { limit: sizes[Math.ceil(SHARE_WITHIN * sizes.length) - 1], largest: sizes[sizes.length - 1] };
}

/** What a row of FC3 reads: a map (h, w) for each of its input channels. */
export function mapsOfRow({ columns, data }: Picture, { channels, h, w }: FcShape, row: number): Picture[] {
  return Array.from({ length: channels }, (_, c) => {
    const start = row * columns + c * h * w;
    return { rows: h, columns: w, data: data.slice(start, start + h * w) };
  });
}

/** Where a row writes: output channel o, position (i, j). */
export function placeOfRow({ h, w }: FcShape, row: number): { readonly o: number; readonly i: number; readonly j: number } {
  return { o: Math.floor(row / (h * w)), i: Math.floor(row / w) % h, j: row % w };
}
