// A position map laid on a picture: the picture's light is taken away where the map is low. The map covers
// one h x w partition and is repeated over the partitions of the feature map, which is the picture's size
// in the layer's own resolution.
import { z } from 'zod';
import type { Stored } from '../base/sent';
import { isRepBlock, type NetworkSpec } from '../model/spec';
import { leavesOf, type LeafVisit } from '../model/walk';

export const partitionsSchema = z.object({ down: z.number(), across: z.number() });
/** How many partitions lie below each other and side by side. */
export type Partitions = Stored<z.infer<typeof partitionsSchema>>;

/** Partitions of the feature map a block works on, from its place in the network. Throws RangeError for a layer that is no block. */
export function partitionsAt({ layer, input }: LeafVisit): Partitions {
  if (!isRepBlock(layer)) throw new RangeError(`${layer.kind} ${layer.name} has no partitions`);
  const [, H, W] = input;
  return { down: H / layer.h, across: W / layer.w };
}

/** Partitions of the block at a path of a network; one where there is no such block. */
export function partitionsOf(spec: NetworkSpec, path: string): Partitions {
  const visit = leavesOf(spec).find((leaf) => leaf.path === path);
  return visit ? partitionsAt(visit) : { down: 1, across: 1 };
}

/** Light left where the map is 0. */
const DIMMEST = 0.12;

/** Light at each position: the map over `largest`, the largest value of all maps compared, from DIMMEST to 1. */
export function lightOf(map: readonly number[], largest: number): number[] {
  return map.map((value) => DIMMEST + (1 - DIMMEST) * (largest > 0 ? value / largest : 1));
}

/** RGBA pixels of a picture, row-major. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly pixels: Uint8ClampedArray;
}

/** The picture of side x side pixels in the light of an h x w map repeated over the partitions; nothing is smoothed. */
export function litPicture(
  { width, height, pixels }: Picture,
  light: readonly number[],
  { h, w }: { readonly h: number; readonly w: number },
  { down, across }: Partitions,
  side: number,
): Uint8Array {
  const lit = new Uint8Array(4 * side * side);
  const place = (at: number, count: number): number => Math.floor(((at + 0.5) / side) * count);
  for (let y = 0, at = 0; y < side; y++) {
    for (let x = 0; x < side; x++, at += 4) {
      const from = 4 * (place(y, height) * width + place(x, width));
      const share = light[(place(y, down * h) % h) * w + (place(x, across * w) % w)];
      for (let channel = 0; channel < 3; channel++) lit[at + channel] = Math.round(pixels[from + channel] * share);
      lit[at + 3] = 255;
    }
  }
  return lit;
}
