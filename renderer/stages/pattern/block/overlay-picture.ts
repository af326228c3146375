// Drawing a position map over a picture on screen, in the light that the map leaves it.
import type { ShownPicture } from '@shared/dataset/shown-picture';
import { litPicture, type Partitions } from '@shared/pattern/overlay';

export type MapName = 'input' | 'output';

/** A light of h x w values, repeated over the partitions. */
export interface RepeatedLight {
  readonly light: readonly number[];
  readonly h: number;
  readonly w: number;
  readonly partitions: Partitions;
}

/** Fills the square canvas with the picture in that light. */
export function drawOverlay(canvas: HTMLCanvasElement, image: ShownPicture, { light, h, w, partitions }: RepeatedLight): void {
  const context = canvas.getContext('2d');
  if (!context) return;
  const side = canvas.width;
  const pixels = new ImageData(side, side);
  pixels.data.set(litPicture(image, light, { h, w }, partitions, side));
  context.putImageData(pixels, 0, 0);
  partitionLines(context, partitions, side);
}

function partitionLines(context: CanvasRenderingContext2D, { down, across }: Partitions, side: number): void {
  context.strokeStyle = 'rgb(255 255 255 / 60%)';
  for (let part = 1; part < across; part++) context.strokeRect((part * side) / across, -1, side, side + 2);
  for (let part = 1; part < down; part++) context.strokeRect(-1, (part * side) / down, side + 2, side);
}
