// The picture as it must be, on the CPU: what the GPU's is tested against, and what is shown where there is
// no WebGL2. Exact: one cell per pixel centre, the twin of the fragment shader for its colour.
import type { Camera, MatrixSize, Viewport } from '@shared/matrix/camera';
import { shaderTwin, type Colouring } from '@shared/colour/colouring';

/** One whole pyramid level, encoded (colour/cell-value.ts): rows x columns, row-major. */
export interface EncodedLevel {
  readonly level: number;
  readonly rows: number;
  readonly columns: number;
  readonly cells: Float32Array;
  /** Rows and columns of the matrix itself, in cells. */
  readonly size: MatrixSize;
}

/**
 * RGBA bytes, width * height * 4, rows from the top. `camera.zoom` is in device pixels per cell here.
 * Pixels outside the matrix have alpha 0.
 */
export function renderReference(
  picture: EncodedLevel,
  camera: Camera,
  viewport: Viewport,
  scale: Colouring,
): Uint8ClampedArray<ArrayBuffer> {
  const { width, height } = viewport;
  const out = new Uint8ClampedArray(width * height * 4);
  const colorOf = shaderTwin(scale);
  const columnAt = indices(width, camera.x, camera.zoom, picture.level, picture.size.columns);
  const rowAt = indices(height, camera.y, camera.zoom, picture.level, picture.size.rows);
  for (let y = 0; y < height; y++) {
    if (rowAt[y] < 0) continue;
    for (let x = 0; x < width; x++) {
      if (columnAt[x] < 0) continue;
      out.set(colorOf(picture.cells[rowAt[y] * picture.columns + columnAt[x]], x, y), (y * width + x) * 4);
      out[(y * width + x) * 4 + 3] = 255;
    }
  }
  return out;
}

/** Index of the level's value under each pixel centre along one axis of `length` cells; -1 outside. */
function indices(pixels: number, center: number, zoom: number, level: number, length: number): Int32Array {
  const out = new Int32Array(pixels);
  for (let pixel = 0; pixel < pixels; pixel++) {
    const cell = center + (pixel + 0.5 - pixels / 2) / zoom;
    out[pixel] = cell >= 0 && cell < length ? Math.floor(cell / 2 ** level) : -1;
  }
  return out;
}
