// Where one looks at a matrix and how close: pan, zoom about a point, limits, and which pyramid level
// suits a zoom. Pure numbers; x runs over columns and y over rows, in cells, y downwards.
// Invariant: the matrix never leaves the viewport entirely, and one shown value covers at least one pixel.

/** Cell coordinates at the viewport's centre, and CSS pixels per cell. */
export interface Camera {
  readonly x: number;
  readonly y: number;
  readonly zoom: number;
}

/** Size in pixels. */
export interface Viewport {
  readonly width: number;
  readonly height: number;
}

export interface MatrixSize {
  readonly rows: number;
  readonly columns: number;
}

/** Closest zoom: one cell as a square of this many pixels. */
export const LARGEST_CELL = 120;

/** The camera that shows the whole matrix, with a small margin. */
export function fit(size: MatrixSize, viewport: Viewport): Camera {
  return { x: size.columns / 2, y: size.rows / 2, zoom: fittingZoom(size, viewport) };
}

/** The camera that fills the viewport with the matrix: what is too long in one direction begins at its first row or column. */
export function fill({ rows, columns }: MatrixSize, { width, height }: Viewport): Camera {
  const zoom = Math.min(LARGEST_CELL, Math.max(width / columns, height / rows));
  return { x: Math.min(columns / 2, width / 2 / zoom), y: Math.min(rows / 2, height / 2 / zoom), zoom };
}

function fittingZoom(size: MatrixSize, { width, height }: Viewport): number {
  const zoom = Math.min((width * 0.98) / size.columns, (height * 0.98) / size.rows);
  return Math.min(LARGEST_CELL, Math.max(zoom, 1e-6));
}

/** Moves the picture by (dx, dy) pixels: positive dx shows what lies further left. */
export function pan(camera: Camera, dx: number, dy: number): Camera {
  return { ...camera, x: camera.x - dx / camera.zoom, y: camera.y - dy / camera.zoom };
}

/** Zooms by `factor`, keeping the cell under pixel (px, py) of the viewport where it is. */
export function zoomAbout(camera: Camera, factor: number, px: number, py: number, viewport: Viewport, size: MatrixSize): Camera {
  const zoom = Math.min(LARGEST_CELL, Math.max(camera.zoom * factor, fittingZoom(size, viewport) / 2));
  const fromCenterX = px - viewport.width / 2;
  const fromCenterY = py - viewport.height / 2;
  const x = camera.x + fromCenterX / camera.zoom - fromCenterX / zoom;
  const y = camera.y + fromCenterY / camera.zoom - fromCenterY / zoom;
  return { x, y, zoom };
}

/** Keeps the centre on the matrix. */
export function limited(camera: Camera, size: MatrixSize): Camera {
  const clamp = (value: number, end: number): number => Math.min(end, Math.max(0, value));
  return { x: clamp(camera.x, size.columns), y: clamp(camera.y, size.rows), zoom: Math.min(LARGEST_CELL, camera.zoom) };
}

/** Cell coordinates of a pixel of the viewport (fractions inside the cell). */
export function cellAt(camera: Camera, px: number, py: number, viewport: Viewport): { column: number; row: number } {
  return {
    column: camera.x + (px - viewport.width / 2) / camera.zoom,
    row: camera.y + (py - viewport.height / 2) / camera.zoom,
  };
}

/** Pixel of the viewport where a cell coordinate lies. */
export function pixelOf(camera: Camera, column: number, row: number, viewport: Viewport): { x: number; y: number } {
  return {
    x: (column - camera.x) * camera.zoom + viewport.width / 2,
    y: (row - camera.y) * camera.zoom + viewport.height / 2,
  };
}

/** Moves the camera as little as needed so that a cell is inside the viewport, `margin` pixels from its edge. */
export function reveal(camera: Camera, column: number, row: number, viewport: Viewport, margin = 24): Camera {
  const { x, y } = pixelOf(camera, column + 0.5, row + 0.5, viewport);
  const shift = (at: number, length: number): number => Math.min(0, at - margin) + Math.max(0, at + margin - length);
  return { ...camera, x: camera.x + shift(x, viewport.width) / camera.zoom, y: camera.y + shift(y, viewport.height) / camera.zoom };
}

/**
 * Finest pyramid level whose values cover at least one device pixel each: no value falls between pixels.
 * `pixelsPerCell` is in device pixels.
 */
export function levelFor(pixelsPerCell: number, coarsest: number): number {
  const level = Math.ceil(-Math.log2(pixelsPerCell) - 1e-9);
  return Math.min(coarsest, Math.max(0, level));
}

/** The range of tiles, `side` cells each, that a viewport touches: [first, end) in both directions. */
export function tilesInView(
  camera: Camera,
  viewport: Viewport,
  size: MatrixSize,
  side: number,
): { x: [number, number]; y: [number, number] } {
  const range = (center: number, pixels: number, length: number): [number, number] => {
    const half = pixels / 2 / camera.zoom;
    const first = Math.max(0, Math.floor((center - half) / side));
    const end = Math.min(Math.ceil(length / side), Math.ceil((center + half) / side));
    return [first, Math.max(first, end)];
  };
  return { x: range(camera.x, viewport.width, size.columns), y: range(camera.y, viewport.height, size.rows) };
}
