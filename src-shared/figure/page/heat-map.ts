// A matrix as coloured cells: vector rectangles while they are few, else one raster in which each pixel
// stands for a block of weights by a named rule.
import type { ColourScaleName } from '../../colour/scales';
import { colourAt, hex, lutIndex, lutOf } from '../../colour/table';
import { strongestOf, type Matrix } from '../../matrix/reduce-to-page';
import { filled, outlined, RULE, type ImageMark, type Mark } from './display-list';
import type { ValueScale } from './value-scale';

/** Where to draw. */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Matrices up to this many cells are drawn as vectors. */
const VECTOR_CELLS = 1024;
/** How far a vector cell reaches under its neighbours, in cells. */
const SEAM = 0.5;
/** Most raster cells along one side: 600 over 50 mm are about 300 per inch. */
const RASTER_SIDE = 600;
/** Smaller rasters are enlarged by whole pixels to about this, so that no viewer blurs neighbouring weights into each other. */
const CRISP_SIDE = 1000;

/** Weights per raster pixel along each axis, 1 where the matrix is drawn as it is. */
export function poolingOf({ rows, columns }: { rows: number; columns: number }): { rows: number; columns: number } {
  return { rows: Math.ceil(rows / RASTER_SIDE), columns: Math.ceil(columns / RASTER_SIDE) };
}

/** How the picture was reduced, in words. */
export function poolingRule(matrix: { rows: number; columns: number }): string {
  const pool = poolingOf(matrix);
  if (pool.rows === 1 && pool.columns === 1) return 'every weight is drawn';
  return `each pixel shows the weight of largest magnitude among ${pool.rows} x ${pool.columns}`;
}

/** The matrix drawn into a box with a thin outline. */
export function heatMap(matrix: Matrix, box: Box, scale: ValueScale, colours: ColourScaleName): Mark[] {
  const frame = outlined(box.x, box.y, box.width, box.height, RULE, 0.5);
  if (matrix.rows * matrix.columns <= VECTOR_CELLS) return [...vectorCells(matrix, box, scale, colours), frame];
  return [raster(strongestOf(matrix, poolingOf(matrix)), box, scale, colours), frame];
}

function vectorCells({ rows, columns, data }: Matrix, box: Box, scale: ValueScale, colours: ColourScaleName): Mark[] {
  const [cellWidth, cellHeight] = [box.width / columns, box.height / rows];
  return Array.from(data, (value, index) => {
    const [row, column] = [Math.floor(index / columns), index % columns];
    const fill = hex(colourAt(colours, scale.position(value)));
    // Each cell reaches under its right and lower neighbours, so that no light seam shows between them.
    const [more, lower] = [column < columns - 1 ? SEAM * cellWidth : 0, row < rows - 1 ? SEAM * cellHeight : 0];
    return filled(box.x + column * cellWidth, box.y + row * cellHeight, cellWidth + more, cellHeight + lower, fill);
  });
}

function raster({ rows, columns, data }: Matrix, box: Box, scale: ValueScale, colours: ColourScaleName): ImageMark {
  const table = new Uint32Array(lutOf(colours).buffer);
  const zoom = Math.max(1, Math.round(CRISP_SIDE / Math.max(rows, columns)));
  const width = columns * zoom;
  const pixels = new Uint32Array(rows * zoom * width);
  for (let row = 0, index = 0; row < rows; row++) {
    const start = row * zoom * width;
    for (let column = 0; column < columns; column++, index++) {
      pixels.fill(table[lutIndex(scale.position(data[index]))], start + column * zoom, start + (column + 1) * zoom);
    }
    for (let copy = 1; copy < zoom; copy++) pixels.copyWithin(start + copy * width, start, start + width);
  }
  return { kind: 'image', ...box, rows: rows * zoom, columns: width, rgba: new Uint8Array(pixels.buffer) };
}
