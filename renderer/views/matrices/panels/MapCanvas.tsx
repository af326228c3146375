// A small heat map drawn on the CPU: one h x w picture out of a matrix, or the matrix of the kernel lesson.
import { useEffect, useRef, type PointerEvent } from 'react';
import { cssColors, type ColorScale } from '../../../gl/scale';
import { cellText, inkOn } from '../overlay';

/** A rectangle of cells to outline. */
export interface Mark {
  readonly row: number;
  readonly column: number;
  readonly rows: number;
  readonly columns: number;
  readonly color: string;
  readonly dashed?: boolean;
}

interface MapCanvasProps {
  readonly label: string;
  /** rows x columns, row-major. */
  readonly values: ArrayLike<number>;
  readonly rows: number;
  readonly columns: number;
  readonly scale: ColorScale;
  /** Width in CSS pixels; cells are square. */
  readonly width: number;
  readonly marks?: readonly Mark[];
  readonly numbers?: boolean;
  readonly onPick?: (row: number, column: number) => void;
}

export function MapCanvas({ label, values, rows, columns, scale, width, marks = [], numbers = false, onPick }: MapCanvasProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const cell = width / columns;
  const height = Math.round(cell * rows);
  useEffect(() => {
    const context = canvas.current?.getContext('2d');
    if (!context) return;
    const ratio = window.devicePixelRatio;
    Object.assign(context.canvas, { width: Math.round(width * ratio), height: Math.round(height * ratio) });
    context.scale(ratio, ratio);
    drawCells(context, values, rows, columns, cell, scale);
    if (numbers) drawCellNumbers(context, values, rows, columns, cell, scale);
    for (const mark of marks) drawMark(context, mark, cell);
  });
  const pick = (event: PointerEvent<HTMLCanvasElement>) => {
    const box = event.currentTarget.getBoundingClientRect();
    onPick?.(Math.floor((event.clientY - box.top) / cell), Math.floor((event.clientX - box.left) / cell));
  };
  return (
    <figure className="map-canvas">
      <figcaption>{label}</figcaption>
      <canvas
        ref={canvas}
        role="img"
        aria-label={`${label}: ${rows} x ${columns} heat map`}
        style={{ width, height }}
        onPointerDown={onPick && pick}
      />
    </figure>
  );
}

function drawCells(
  context: CanvasRenderingContext2D,
  values: ArrayLike<number>,
  rows: number,
  columns: number,
  cell: number,
  scale: ColorScale,
): void {
  const edge = (k: number): number => Math.round(k * cell);
  const colorOf = cssColors(scale);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const value = values[row * columns + column];
      context.fillStyle = Number.isNaN(value) ? '#808080' : colorOf(value);
      context.fillRect(edge(column), edge(row), edge(column + 1) - edge(column), edge(row + 1) - edge(row));
    }
  }
}

function drawCellNumbers(
  context: CanvasRenderingContext2D,
  values: ArrayLike<number>,
  rows: number,
  columns: number,
  cell: number,
  scale: ColorScale,
): void {
  context.font = `${Math.min(12, cell * 0.42)}px "DejaVu Sans Mono", ui-monospace, monospace`;
  context.textAlign = 'center';
  context.textBaseline = 'middle';
  const colorOf = cssColors(scale);
  for (let k = 0; k < rows * columns; k++) {
    context.fillStyle = inkOn(colorOf(values[k]));
    context.fillText(cellText(values[k], 0), ((k % columns) + 0.5) * cell, (Math.floor(k / columns) + 0.5) * cell);
  }
}

function drawMark(context: CanvasRenderingContext2D, { row, column, rows, columns, color, dashed }: Mark, cell: number): void {
  context.strokeStyle = color;
  context.lineWidth = 2;
  context.setLineDash(dashed ? [4, 3] : []);
  context.strokeRect(column * cell + 1, row * cell + 1, columns * cell - 2, rows * cell - 2);
  context.setLineDash([]);
}
