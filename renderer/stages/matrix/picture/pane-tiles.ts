// Which tiles a pane shows: the wanted ones, and below them coarser ones until they are there, so that a pane
// is never empty once a matrix is pooled.
import { largestOf } from '@shared/base/extremes';
import type { Colouring } from '@shared/colour/colouring';
import { levelFor, tilesInView } from '@shared/matrix/camera';
import { cameraOf, type FrameView, type PanePlace, type PlacedTile } from '@shared/matrix/pane';
import type { PoolRule } from '@shared/matrix/pool';
import { coarsestLevel, TILE_SIDE } from '@shared/matrix/pyramid';
import type { MatrixClient } from '../../../workers/matrix/matrix-client';
import type { TileLoader } from './tile-loader';

/** A matrix and where to draw it. */
export interface Pane extends PanePlace {
  readonly id: string;
  readonly matrix: MatrixClient;
  readonly scale: Colouring;
}

export interface PaneFrame {
  /** Coarsest level that is visible in the pane. */
  readonly level: number;
  readonly wanted: number;
  readonly complete: boolean;
}

interface TileView extends FrameView {
  readonly rule: PoolRule;
}

/** The tiles of a pane that are there, coarser ones first; asks the loader for what is missing. */
export function tilesOfPane<Content>(
  pane: Pane,
  view: TileView,
  loader: TileLoader<Content>,
): { tiles: PlacedTile<Content>[]; frame: PaneFrame } {
  const { size, extremes } = pane.matrix.status;
  const coarsest = coarsestLevel(size.rows, size.columns);
  const wanted = levelFor(view.camera.zoom * view.ratio, coarsest);
  const fine = tilesAt(wanted, pane, view, loader, false);
  if (!extremes) return { tiles: [], frame: { level: wanted, wanted, complete: false } };
  if (!fine.missing) return { tiles: fine.placed, frame: { level: wanted, wanted, complete: true } };
  const stock = coarserTiles(wanted, coarsest, pane, view, loader);
  const level = largestOf(
    stock.map((tile) => tile.level),
    wanted,
  );
  return { tiles: [...stock, ...fine.placed], frame: { level, wanted, complete: false } };
}

/** Ready tiles of the nearest coarser level that covers the view; the coarsest single tile is always asked for. */
function coarserTiles<Content>(
  wanted: number,
  coarsest: number,
  pane: Pane,
  view: TileView,
  loader: TileLoader<Content>,
): PlacedTile<Content>[] {
  const whole = Math.max(0, coarsest - Math.log2(TILE_SIDE));
  for (let level = wanted + 1; level < whole; level++) {
    const { placed, missing } = tilesAt(level, pane, view, loader, true);
    if (!missing) return placed;
  }
  return whole > wanted ? tilesAt(whole, pane, view, loader, false).placed : [];
}

function tilesAt<Content>(
  level: number,
  pane: Pane,
  { camera, rule }: TileView,
  loader: TileLoader<Content>,
  passive: boolean,
): { placed: PlacedTile<Content>[]; missing: boolean } {
  const { x, y } = tilesInView(cameraOf(pane, camera), pane.rect, pane.matrix.status.size, TILE_SIDE * 2 ** level);
  const placed: PlacedTile<Content>[] = [];
  let missing = false;
  for (let row = y[0]; row < y[1]; row++) {
    for (let column = x[0]; column < x[1]; column++) {
      const address = { level, x: column, y: row };
      const ready = loader.tile(pane.matrix, address, rule, passive);
      if (ready) placed.push({ ...address, ...ready });
      else missing = true;
    }
  }
  return { placed, missing };
}
