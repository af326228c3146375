// How coloured cells are drawn: as vector rectangles while they are few, else as one raster enlarged by whole pixels, so that
// no viewer blurs neighbouring weights into each other. Either way the middle and every inner corner of a cell has its colour.
import { hex } from '../../colour/table';
import { filled, type CellsMark, type ImageMark, type Mark, type PlainMark, type RectMark } from './display-list';

/** Matrices up to this many cells are drawn as vectors. */
const VECTOR_CELLS = 1024;
/** How far a vector cell reaches under its neighbours, in cells. */
const SEAM = 0.5;
/** Pixels along a raster at least, and per inch of its longer side. */
const CRISP_SIDE = 1000;
const CRISP_DPI = 350;

/** Marks as every format has them: cells as rectangles or pixels. */
export function plainMarks(marks: readonly Mark[]): PlainMark[] {
  return marks.flatMap((mark): PlainMark | PlainMark[] => (mark.kind === 'cells' ? drawnCells(mark) : mark));
}

/** Marks with all cells as pixels, few as they may be. */
export function rasterMarks(marks: readonly Mark[]): PlainMark[] {
  return marks.map((mark) => (mark.kind === 'cells' ? raster(mark) : mark));
}

function drawnCells(mark: CellsMark): PlainMark[] {
  return !mark.asPixels && mark.rows * mark.columns <= VECTOR_CELLS ? vectorCells(mark) : [raster(mark)];
}

/** The colour of a cell as `#rrggbb`. */
export function cellColour({ rgba }: CellsMark, index: number): string {
  return hex([rgba[4 * index], rgba[4 * index + 1], rgba[4 * index + 2]]);
}

function vectorCells(mark: CellsMark): RectMark[] {
  const { x, y, rows, columns } = mark;
  const [width, height] = [mark.width / columns, mark.height / rows];
  return Array.from({ length: rows * columns }, (_, index) => {
    const [row, column] = [Math.floor(index / columns), index % columns];
    // Each cell reaches under its right and lower neighbours, so that no light seam shows between them.
    const [more, lower] = [column < columns - 1 ? SEAM * width : 0, row < rows - 1 ? SEAM * height : 0];
    return filled(x + column * width, y + row * height, width + more, height + lower, cellColour(mark, index));
  });
}

function raster({ x, y, width, height, rows, columns, rgba }: CellsMark): ImageMark {
  const wanted = Math.max(CRISP_SIDE, (Math.max(width, height) / 72) * CRISP_DPI);
  const zoom = Math.max(1, Math.ceil(wanted / Math.max(rows, columns)));
  // A long row of cells is few cells high: along each side a cell has the pixels that the side's length asks for.
  const zoomAlong = (cells: number, length: number): number => Math.max(zoom, Math.ceil(((length / 72) * CRISP_DPI) / cells));
  const [right, down] = [zoomAlong(columns, width), zoomAlong(rows, height)];
  const cells = new Uint32Array(rgba.slice().buffer);
  const across = columns * right;
  const pixels = new Uint32Array(rows * down * across);
  for (let row = 0, index = 0; row < rows; row++) {
    const start = row * down * across;
    for (let column = 0; column < columns; column++, index++)
      pixels.fill(cells[index], start + column * right, start + (column + 1) * right);
    for (let copy = 1; copy < down; copy++) pixels.copyWithin(start + copy * across, start, start + across);
  }
  return { kind: 'image', x, y, width, height, rows: rows * down, columns: across, rgba: new Uint8Array(pixels.buffer) };
}
