// A rectangle of a canvas in which a matrix is seen, and what a painter of such panes must do: the contract between who
// decides which tiles are drawn and who brings them onto a canvas, on the GPU or without it.
import type { Colouring } from '../colour/colouring';
import type { Camera, MatrixSize, Viewport } from './camera';
import type { Tile } from './pyramid';

/** A rectangle of the canvas in CSS pixels, from the upper left corner. */
export interface Rect extends Viewport {
  readonly x: number;
  readonly y: number;
}

/** Where a pane lies. Panes may overlap; later ones lie above. */
export interface PanePlace {
  readonly rect: Rect;
  /** Centre of the camera relates to this rectangle (the split slider clips panes but not their cameras). */
  readonly frame: Rect;
}

/** A pane as a painter sees it. */
export interface PaneView extends PanePlace {
  readonly id: string;
  readonly scale: Colouring;
  readonly size: MatrixSize;
  /** Whether a cell may be NaN, infinite or VOID. */
  readonly special: boolean;
}

export interface TileAddress {
  readonly level: number;
  readonly x: number;
  readonly y: number;
}

/** A tile with what the painter made of it. */
export interface PlacedTile<Content> extends TileAddress {
  readonly tile: Tile;
  readonly content: Content;
}

/** What a painter draws one frame with; `ratio` is in drawn pixels per CSS pixel. */
export interface FrameView {
  readonly camera: Camera;
  readonly ratio: number;
}

/** Brings panes onto a canvas; `Content` is what it keeps of a tile while that is in memory. */
export interface Painter<Content> {
  /** Whether the picture is computed without WebGL2. */
  readonly cpu: boolean;
  /** Whether a frame can be drawn at once. A painter that becomes ready later asks for a frame then. */
  readonly ready: boolean;
  /** Drawing resolution while moving is 1 / divisor of the full one; told how long frames took, in ms. */
  readonly motion: { readonly divisor: number; record(milliseconds: number): void };
  contentOf(tile: Tile): Content;
  release(content: Content): void;
  /** Makes the canvas ready for a frame: its size in CSS pixels, the colour around the matrices as 0xrrggbb. */
  startFrame(size: Viewport, ratio: number, background: number): void;
  /** Draws a pane's tiles, coarser ones first. */
  drawPane(pane: PaneView, tiles: readonly PlacedTile<Content>[], view: FrameView): void;
  /** Panes of other names will not be drawn any more. */
  keepPanes(ids: readonly string[]): void;
  dispose(): void;
}

/** The camera as seen from a pane whose rectangle is a part of its frame. */
export function cameraOf({ rect, frame }: PanePlace, camera: Camera): Camera {
  const dx = rect.x + rect.width / 2 - (frame.x + frame.width / 2);
  const dy = rect.y + rect.height / 2 - (frame.y + frame.height / 2);
  return { x: camera.x + dx / camera.zoom, y: camera.y + dy / camera.zoom, zoom: camera.zoom };
}
