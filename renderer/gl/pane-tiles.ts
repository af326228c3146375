// Which tiles a pane shows: the wanted ones, and below them coarser ones until they are there, so that a pane
// is never empty once a matrix is pooled.
import { levelFor, tilesInView, type Camera } from '@shared/matrix/camera';
import type { PoolRule } from '@shared/matrix/pool';
import { coarsestLevel, TILE_SIDE } from '@shared/matrix/pyramid';
import type { Pane } from './stage';
import type { TileAddress, TileLoader, TileTexture } from './tile-loader';

/** What a pane needs to know of the frame. */
export interface FrameView {
  readonly camera: Camera;
  readonly rule: PoolRule;
  /** Drawn pixels per CSS pixel. */
  readonly ratio: number;
  /** Left and upper edge of the pane in drawn pixels, the latter from below. */
  readonly corner: readonly [number, number];
}

export interface PaneFrame {
  /** Coarsest level that is visible in the pane. */
  readonly level: number;
  readonly wanted: number;
  readonly complete: boolean;
}

export interface PlacedTile extends TileAddress {
  readonly content: TileTexture;
}

type TileView = Pick<FrameView, 'camera' | 'rule' | 'ratio'>;

/** The tiles of a pane that are there, coarser ones first; asks the loader for what is missing. */
export function tilesOfPane(pane: Pane, view: TileView, loader: TileLoader): { tiles: PlacedTile[]; frame: PaneFrame } {
  const { size, extremes } = pane.matrix.status;
  const coarsest = coarsestLevel(size.rows, size.columns);
  const wanted = levelFor(view.camera.zoom * view.ratio, coarsest);
  const fine = tilesAt(wanted, pane, view, loader, false);
  if (!extremes) return { tiles: [], frame: { level: wanted, wanted, complete: false } };
  if (!fine.missing) return { tiles: fine.placed, frame: { level: wanted, wanted, complete: true } };
  const stock = coarserTiles(wanted, coarsest, pane, view, loader);
  const level = Math.max(wanted, ...stock.map((tile) => tile.level));
  return { tiles: [...stock, ...fine.placed], frame: { level, wanted, complete: false } };
}

/** Ready tiles of the nearest coarser level that covers the view; the coarsest single tile is always asked for. */
function coarserTiles(wanted: number, coarsest: number, pane: Pane, view: TileView, loader: TileLoader): PlacedTile[] {
  const whole = Math.max(0, coarsest - Math.log2(TILE_SIDE));
  for (let level = wanted + 1; level < whole; level++) {
    const { placed, missing } = tilesAt(level, pane, view, loader, true);
    if (!missing) return placed;
  }
  return whole > wanted ? tilesAt(whole, pane, view, loader, false).placed : [];
}

function tilesAt(
  level: number,
  pane: Pane,
  { camera, rule }: TileView,
  loader: TileLoader,
  passive: boolean,
): { placed: PlacedTile[]; missing: boolean } {
  const { x, y } = tilesInView(cameraOf(pane, camera), pane.rect, pane.matrix.status.size, TILE_SIDE * 2 ** level);
  const placed: PlacedTile[] = [];
  let missing = false;
  for (let row = y[0]; row < y[1]; row++) {
    for (let column = x[0]; column < x[1]; column++) {
      const content = loader.tile(pane.matrix, { level, x: column, y: row }, rule, passive);
      if (content) placed.push({ level, x: column, y: row, content });
      else missing = true;
    }
  }
  return { placed, missing };
}

/** The camera as seen from a pane whose rectangle is a part of its frame. */
export function cameraOf({ rect, frame }: Pick<Pane, 'rect' | 'frame'>, camera: Camera): Camera {
  const dx = rect.x + rect.width / 2 - (frame.x + frame.width / 2);
  const dy = rect.y + rect.height / 2 - (frame.y + frame.height / 2);
  return { x: camera.x + dx / camera.zoom, y: camera.y + dy / camera.zoom, zoom: camera.zoom };
}
