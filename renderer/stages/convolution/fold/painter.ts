// Who draws the fold: the GPU, or a flat canvas where there is none.
import type { Point } from '@shared/matrix/fold';
import type { Rgb } from '@shared/colour/table';
import type { FoldView, Plate } from '../../../gl/fold-scene';

/** One picture of the fold. */
export interface FoldFrame {
  readonly places: readonly Point[];
  readonly marked: Point;
  readonly mark: Rgb;
  readonly view: FoldView;
}

export interface FoldPainter {
  setPlates(plates: readonly Plate[]): void;
  draw(frame: FoldFrame): void;
  /** Where a point of the last picture is, in CSS pixels. */
  project(point: Point): { readonly x: number; readonly y: number };
  dispose(): void;
}

/** A painter on the canvas: flat where asked for; null where the GPU cannot be had, or there is no canvas. */
export async function openPainter(canvas: HTMLCanvasElement | null, flat: boolean): Promise<FoldPainter | null> {
  if (canvas === null) return null;
  if (flat) return new FlatPainter(canvas);
  const { FoldScene } = await import('../../../gl/fold-scene');
  try {
    const scene = new FoldScene(canvas);
    return {
      setPlates: (plates) => scene.setPlates(plates),
      draw: ({ places, marked, mark, view }) => scene.draw(places, marked, mark, view),
      project: (point) => scene.project(point),
      dispose: () => scene.dispose(),
    };
  } catch {
    return null;
  }
}

/** How far depth shifts a cell to the right and up. */
const DEPTH = 0.35;
const MARGIN = 1.2;

/** Cells from in front, those farther away shifted to the right and up. */
class FlatPainter implements FoldPainter {
  private plates: readonly Plate[] = [];
  private scale = 1;
  private middle = { x: 0, y: 0 };

  constructor(private readonly canvas: HTMLCanvasElement) {}

  setPlates(plates: readonly Plate[]): void {
    this.plates = plates;
  }

  draw({ places, marked, mark, view: { width, height, ratio, extent, background } }: FoldFrame): void {
    const context = this.canvas.getContext('2d');
    if (!context) return;
    Object.assign(this.canvas, { width: width * ratio, height: height * ratio });
    this.scale = Math.min(width / extent.x, height / extent.y) / 2 / MARGIN;
    this.middle = { x: width / 2, y: height / 2 };
    context.scale(ratio, ratio);
    context.fillStyle = css(background);
    context.fillRect(0, 0, width, height);
    // The farthest first: nearer ones lie over them.
    const order = [...places.keys()].sort((a, b) => places[a].z - places[b].z);
    for (const k of order) this.square(context, places[k], this.plates[k].zero ? 0.26 : 0.9, css(this.plates[k].colour));
    this.frame(context, marked, css(mark));
  }

  project({ x, y, z }: Point): { readonly x: number; readonly y: number } {
    return { x: this.middle.x + (x - DEPTH * z) * this.scale, y: this.middle.y - (y - DEPTH * z) * this.scale };
  }

  dispose(): void {
    this.plates = [];
  }

  private square(context: CanvasRenderingContext2D, place: Point, side: number, colour: string): void {
    const { x, y } = this.project(place);
    const length = side * this.scale;
    context.fillStyle = colour;
    context.fillRect(x - length / 2, y - length / 2, length, length);
  }

  private frame(context: CanvasRenderingContext2D, place: Point, colour: string): void {
    const { x, y } = this.project(place);
    const length = 1.6 * this.scale;
    context.strokeStyle = colour;
    context.lineWidth = 3;
    context.strokeRect(x - length / 2, y - length / 2, length, length);
  }
}

function css([red, green, blue]: Rgb): string {
  return `rgb(${red}, ${green}, ${blue})`;
}
