// Drawing a position map over a picture: the picture's light is taken away where the map is low.
import type { RepBlock } from '@shared/model/spec';
import type { ShownImage } from '../../workers/protocol';

export type MapName = 'input' | 'output';

/** A map of h x w values, repeated `parts` times along both sides. */
export interface RepeatedMap {
  readonly map: readonly number[];
  readonly h: number;
  readonly w: number;
  readonly parts: number;
}

/** Light left where the map is 0. */
const DIMMEST = 0.12;

/** Partitions along the feature map's side: known for RepMLP, whose block has the map's size; RepMLPNet's does not. */
export function partitionsOf(layer: RepBlock): number {
  return layer.kind === 'repmlp' ? layer.W / layer.w : 1;
}

/** Light at each position: the map over its largest value, from DIMMEST to 1. */
export function lightOf(map: readonly number[]): number[] {
  const largest = Math.max(...map);
  return map.map((value) => DIMMEST + (1 - DIMMEST) * (largest > 0 ? value / largest : 1));
}

/** Fills the canvas with the picture, dimmed by the map. */
export function drawOverlay(canvas: HTMLCanvasElement, image: ShownImage, { map, h, w, parts }: RepeatedMap): void {
  const context = canvas.getContext('2d');
  if (!context) return;
  const { width, height } = canvas;
  const source = new OffscreenCanvas(image.width, image.height);
  source.getContext('2d')?.putImageData(new ImageData(image.pixels, image.width, image.height), 0, 0);
  context.imageSmoothingEnabled = false;
  context.clearRect(0, 0, width, height);
  context.drawImage(source, 0, 0, width, height);
  context.drawImage(shade(lightOf(map), h, w, parts), 0, 0, width, height);
  partitionLines(context, parts, width, height);
}

/** Black with the opacity that leaves the light. */
function shade(light: readonly number[], h: number, w: number, parts: number): OffscreenCanvas {
  const canvas = new OffscreenCanvas(w * parts, h * parts);
  const data = new ImageData(w * parts, h * parts);
  for (let y = 0; y < h * parts; y++) {
    for (let x = 0; x < w * parts; x++) data.data[4 * (y * w * parts + x) + 3] = 255 * (1 - light[(y % h) * w + (x % w)]);
  }
  canvas.getContext('2d')?.putImageData(data, 0, 0);
  return canvas;
}

function partitionLines(context: CanvasRenderingContext2D, parts: number, width: number, height: number): void {
  context.strokeStyle = 'rgb(255 255 255 / 60%)';
  for (let part = 1; part < parts; part++) {
    context.strokeRect((part * width) / parts, -1, width, height + 2);
    context.strokeRect(-1, (part * height) / parts, width + 2, height);
  }
}
