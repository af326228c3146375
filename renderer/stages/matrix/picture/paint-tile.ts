// One tile painted by the CPU: the cell under each pixel centre, coloured by the shader's twin.
import { cameraOf, type FrameView, type PaneView, type PlacedTile } from '@shared/matrix/pane';
import { TILE_SIDE } from '@shared/matrix/pyramid';
import { shaderTwin } from '@shared/colour/colouring';

/** Pixels with their size, as ImageData has them. */
export interface Pixels {
  readonly width: number;
  readonly height: number;
  /** RGBA, width * height * 4, rows from the top. */
  readonly data: Uint8ClampedArray;
}

/** Paints the part of a pane that a tile covers; other pixels stay. */
export function paintTile({ width, height, data }: Pixels, tile: PlacedTile<unknown>, pane: PaneView, { camera, ratio }: FrameView): void {
  const { cells, columns } = tile.tile;
  const { size } = pane;
  const seen = cameraOf(pane, camera);
  const colorOf = shaderTwin(pane.scale);
  const axis = { zoom: camera.zoom * ratio, level: tile.level };
  const columnAt = tileIndices({ ...axis, pixels: width, center: seen.x, tile: tile.x, cells: size.columns });
  const rowAt = tileIndices({ ...axis, pixels: height, center: seen.y, tile: tile.y, cells: size.rows });
  for (let y = 0; y < height; y++) {
    if (rowAt[y] < 0) continue;
    const row = rowAt[y] * columns;
    for (let x = 0; x < width; x++) {
      if (columnAt[x] < 0) continue;
      const [red, green, blue] = colorOf(cells[row + columnAt[x]], x, y);
      const at = 4 * (y * width + x);
      data[at] = red;
      data[at + 1] = green;
      data[at + 2] = blue;
    }
  }
}

interface AxisOfTile {
  readonly pixels: number;
  /** Camera's place, in cells. */
  readonly center: number;
  /** Drawn pixels per cell. */
  readonly zoom: number;
  readonly level: number;
  /** Number of the tile along this axis. */
  readonly tile: number;
  /** Length of the matrix. */
  readonly cells: number;
}

/** Index within the tile of the value under each pixel centre along one axis; -1 where the tile has none. */
function tileIndices({ pixels, center, zoom, level, tile, cells }: AxisOfTile): Int32Array {
  const out = new Int32Array(pixels);
  for (let pixel = 0; pixel < pixels; pixel++) {
    const cell = center + (pixel + 0.5 - pixels / 2) / zoom;
    const index = Math.floor(cell / 2 ** level) - tile * TILE_SIDE;
    out[pixel] = cell >= 0 && cell < cells && index >= 0 && index < TILE_SIDE ? index : -1;
  }
  return out;
}
