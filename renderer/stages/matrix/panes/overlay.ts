// What is drawn above the heat map on a 2-D canvas: block borders, grid, numbers in large cells, the cell
// cursor and lit diagonals. The same for every pane, since they share the camera.
import { cellAt, pixelOf, type Camera } from '@shared/matrix/camera';
import { plainColors, type Colouring } from '@shared/colour/colouring';
import { isLight, type Rgb } from '@shared/colour/table';
import { cameraOf, type Rect } from '@shared/matrix/pane';
import type { PictureCell } from '../explorer';

/** Cell sizes, in CSS pixels, from which on grid lines and numbers appear. */
export const GRID_FROM = 9;
export const NUMBERS_FROM = 34;
/** Smallest distance of block borders that are worth drawing. */
const BORDERS_FROM = 14;

/** Everything the overlay of one pane needs. */
export interface OverlayPane {
  readonly rect: Rect;
  readonly frame: Rect;
  readonly scale: Colouring;
  readonly rows: number;
  readonly columns: number;
  /** Rows and columns of one block (one channel's map); 0 draws no borders. */
  readonly blockRows: number;
  readonly blockColumns: number;
  /** Value of a visible cell; NaN while unknown. Called only for large cells. */
  readonly valueAt: ((row: number, column: number) => number | undefined) | null;
}

/** Marks common to all panes. */
export interface OverlayMarks {
  readonly cursor: PictureCell | null;
  readonly pinned: PictureCell | null;
  readonly lit: readonly PictureCell[];
}

/** Draws one pane's overlay. `context` is scaled to CSS pixels. */
export function drawOverlay(context: CanvasRenderingContext2D, pane: OverlayPane, camera: Camera, marks: OverlayMarks): void {
  const { rect } = pane;
  const own = cameraOf(pane, camera);
  context.save();
  context.beginPath();
  context.rect(rect.x, rect.y, rect.width, rect.height);
  context.clip();
  context.translate(rect.x, rect.y);
  const onLight = isLight(plainColors(pane.scale)(0));
  if (own.zoom >= GRID_FROM) drawLines(context, pane, own, 1, 1, onLight ? 'rgb(0 0 0 / 14%)' : 'rgb(255 255 255 / 14%)');
  drawBorders(context, pane, own, onLight);
  if (own.zoom >= NUMBERS_FROM && pane.valueAt) drawNumbers(context, pane, own);
  for (const cell of marks.lit) outline(context, cell, own, pane, '#ffd400', 2);
  if (marks.pinned) outline(context, marks.pinned, own, pane, '#ffd400', 2);
  if (marks.cursor) drawCursor(context, marks.cursor, own, pane);
  context.restore();
}

/** Cells in view: [first, end) rows and columns. */
export function cellsInView(
  { rect, rows, columns }: Pick<OverlayPane, 'rect' | 'rows' | 'columns'>,
  camera: Camera,
): {
  rows: [number, number];
  columns: [number, number];
} {
  const from = cellAt(camera, 0, 0, rect);
  const to = cellAt(camera, rect.width, rect.height, rect);
  const range = (start: number, end: number, length: number): [number, number] => [
    Math.max(0, Math.floor(start)),
    Math.min(length, Math.ceil(end)),
  ];
  return { rows: range(from.row, to.row, rows), columns: range(from.column, to.column, columns) };
}

function drawBorders(context: CanvasRenderingContext2D, pane: OverlayPane, camera: Camera, onLight: boolean): void {
  const { blockRows, blockColumns } = pane;
  const style = onLight ? 'rgb(20 30 35 / 32%)' : 'rgb(210 225 235 / 34%)';
  if (blockRows > 1 && blockRows * camera.zoom >= BORDERS_FROM) drawLines(context, pane, camera, blockRows, 0, style);
  if (blockColumns > 1 && blockColumns * camera.zoom >= BORDERS_FROM) drawLines(context, pane, camera, 0, blockColumns, style);
}

/** Lines every `rowStep` rows and `columnStep` columns (0: none in that direction), on whole pixels. */
function drawLines(
  context: CanvasRenderingContext2D,
  pane: OverlayPane,
  camera: Camera,
  rowStep: number,
  columnStep: number,
  style: string,
): void {
  const { rows, columns } = cellsInView(pane, camera);
  const corner = pixelOf(camera, columns[0], rows[0], pane.rect);
  const opposite = pixelOf(camera, columns[1], rows[1], pane.rect);
  context.beginPath();
  for (let row = firstMultiple(rows[0], rowStep); rowStep > 0 && row <= rows[1]; row += rowStep) {
    const y = Math.round(pixelOf(camera, 0, row, pane.rect).y) + 0.5;
    context.moveTo(corner.x, y);
    context.lineTo(opposite.x, y);
  }
  for (let column = firstMultiple(columns[0], columnStep); columnStep > 0 && column <= columns[1]; column += columnStep) {
    const x = Math.round(pixelOf(camera, column, 0, pane.rect).x) + 0.5;
    context.moveTo(x, corner.y);
    context.lineTo(x, opposite.y);
  }
  context.strokeStyle = style;
  context.lineWidth = 1;
  context.stroke();
}

function firstMultiple(from: number, step: number): number {
  return step > 0 ? Math.ceil(from / step) * step : 0;
}

function drawNumbers(context: CanvasRenderingContext2D, pane: OverlayPane, camera: Camera): void {
  const { rows, columns } = cellsInView(pane, camera);
  context.font = `${Math.min(13, Math.max(9, camera.zoom / 4.2))}px "DejaVu Sans Mono", ui-monospace, Menlo, monospace`;
  context.textAlign = 'center';
  context.textBaseline = 'middle';
  const colorOf = plainColors(pane.scale);
  for (let row = rows[0]; row < rows[1]; row++) {
    for (let column = columns[0]; column < columns[1]; column++) {
      const value = pane.valueAt?.(row, column);
      if (value === undefined) continue;
      const { x, y } = pixelOf(camera, column + 0.5, row + 0.5, pane.rect);
      context.fillStyle = inkOn(colorOf(value));
      context.fillText(cellText(value, camera.zoom), x, y);
    }
  }
}

/** A value as it fits a cell of `size` pixels: two to four significant digits. */
export function cellText(value: number, size: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? '+inf' : '-inf';
  if (value === 0) return '0';
  const digits = size >= 64 ? 4 : size >= 48 ? 3 : 2;
  const text = Number(value.toPrecision(digits)).toString();
  const short = text.replace(/^(-?)0\./, '$1.');
  return short.length <= digits + 3 ? short : value.toExponential(digits > 2 ? 1 : 0);
}

/** Black or white, whichever reads better on a colour. */
export function inkOn(color: Rgb): string {
  return isLight(color) ? '#101417' : '#ffffff';
}

function outline(
  context: CanvasRenderingContext2D,
  { row, column }: PictureCell,
  camera: Camera,
  { rect }: OverlayPane,
  style: string,
  width: number,
): void {
  const { x, y } = pixelOf(camera, column, row, rect);
  const size = Math.max(camera.zoom, 3);
  const shift = (size - camera.zoom) / 2;
  if (x + size < 0 || y + size < 0 || x > rect.width || y > rect.height) return;
  context.strokeStyle = style;
  context.lineWidth = camera.zoom < 6 ? 1 : width;
  context.strokeRect(x - shift, y - shift, size, size);
}

/** A cross-hair with a gap around the cell, light on dark so that it shows on every colour. */
function drawCursor(context: CanvasRenderingContext2D, cell: PictureCell, camera: Camera, pane: OverlayPane): void {
  const { rect } = pane;
  const { x, y } = pixelOf(camera, cell.column + 0.5, cell.row + 0.5, rect);
  const gap = Math.max(camera.zoom / 2 + 3, 7);
  const cross = (style: string, width: number): void => {
    context.strokeStyle = style;
    context.lineWidth = width;
    context.beginPath();
    for (const [from, to] of [
      [0, x - gap],
      [x + gap, rect.width],
    ] as const)
      line(context, from, y, to, y);
    for (const [from, to] of [
      [0, y - gap],
      [y + gap, rect.height],
    ] as const)
      line(context, x, from, x, to);
    context.stroke();
  };
  // In large cells the outline is enough and the lines would cross the numbers.
  if (camera.zoom < GRID_FROM) {
    cross('rgb(255 255 255 / 55%)', 3);
    cross('rgb(10 14 16 / 75%)', 1);
  }
  outline(context, cell, camera, pane, '#ffffff', 4);
  outline(context, cell, camera, pane, '#0a0e10', 2);
}

function line(context: CanvasRenderingContext2D, x0: number, y0: number, x1: number, y1: number): void {
  context.moveTo(x0, y0);
  context.lineTo(x1, y1);
}
