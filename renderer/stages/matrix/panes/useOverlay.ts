// Redraws the overlay canvas when the camera, the cursor or the settings change: once per frame at most.
import { useEffect, useRef, type RefObject } from 'react';
import type { MatrixGeometry } from '@shared/matrix/geometry';
import { pictureCell } from '@shared/matrix/layout';
import { diagonalOf, largestKernel } from '@shared/matrix/slices';
import type { MatrixClient } from '../../../workers/matrix/matrix-client';
import type { Viewport } from '@shared/matrix/camera';
import { cameraOf } from '@shared/matrix/pane';
import type { Pane } from '../picture/pane-tiles';
import { CellWindow } from './cell-window';
import { cameraNow, explorer, type Explorer, type PictureCell } from '../explorer';
import { cellsInView, drawOverlay, NUMBERS_FROM, type OverlayPane } from './overlay';
import { pickedCell, pickedMeaning } from '../panels/picked';

interface OverlayInput {
  readonly panes: readonly Pane[];
  readonly size: Viewport;
  readonly geometry: MatrixGeometry | null;
}

/** Keeps `canvas` in step with the explorer and the panes. */
export function useOverlay(canvas: RefObject<HTMLCanvasElement | null>, input: OverlayInput): void {
  const latest = useRef(input);
  latest.current = input;
  const windows = useRef(new Map<string, CellWindow>());
  useEffect(() => {
    let requested = 0;
    const invalidate = (): void => {
      if (requested === 0) requested = requestAnimationFrame(draw);
    };
    const draw = (): void => {
      requested = 0;
      if (canvas.current) drawAll(canvas.current, latest.current, windows.current, invalidate);
    };
    invalidate();
    const end = explorer.subscribe(invalidate);
    return () => {
      end();
      cancelAnimationFrame(requested);
    };
  }, [canvas, input.panes, input.size, input.geometry]);
}

function drawAll(canvas: HTMLCanvasElement, input: OverlayInput, windows: Map<string, CellWindow>, invalidate: () => void): void {
  const { size, panes, geometry } = input;
  const ratio = window.devicePixelRatio;
  const [width, height] = [Math.round(size.width * ratio), Math.round(size.height * ratio)];
  if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
  const context = canvas.getContext('2d');
  if (!context) return;
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, size.width, size.height);
  const { cursor, pinned, lit } = explorer.getState();
  const marks = { cursor, pinned, lit: lit && geometry ? litCellsOf(geometry, panes[0].matrix, lit) : [] };
  for (const pane of panes) drawOverlay(context, overlayPane(pane, geometry, windows, invalidate), cameraNow(), marks);
}

/** Picture cells that hold kernel weight (u, v) between the channels of the picked cell. */
function litCellsOf(geometry: MatrixGeometry, matrix: MatrixClient, { u, v }: NonNullable<Explorer['lit']>): PictureCell[] {
  const { rows, columns } = matrix.stored;
  const { o, c } = pickedMeaning(geometry, matrix, pickedCell(explorer.getState()));
  return diagonalOf(geometry, o, c, largestKernel(geometry), u, v).map((cell) =>
    pictureCell(matrix.status.layout, rows, columns, cell.row, cell.column),
  );
}

function overlayPane(pane: Pane, geometry: MatrixGeometry | null, windows: Map<string, CellWindow>, invalidate: () => void): OverlayPane {
  const { size, layout } = pane.matrix.status;
  const [blockRows, blockColumns] = blockOf(layout.kind, geometry);
  const base = { rect: pane.rect, frame: pane.frame, scale: pane.scale, ...size, blockRows, blockColumns };
  const camera = cameraOf(pane, cameraNow());
  if (camera.zoom < NUMBERS_FROM) return { ...base, valueAt: null };
  const values = windows.get(pane.id) ?? new CellWindow();
  windows.set(pane.id, values);
  values.request(pane.matrix, cellsInView(base, camera), invalidate);
  return { ...base, valueAt: (row, column) => values.at(row, column) };
}

/** Rows and columns between two block borders of a layout. */
function blockOf(kind: string, geometry: MatrixGeometry | null): readonly [number, number] {
  if (!geometry) return [0, 0];
  const { h, w } = geometry;
  if (kind === 'stored' || kind === 'blockDiagonal') return [h * w, h * w];
  return kind === 'offsets' ? [h * w, (2 * h - 1) * (2 * w - 1)] : [h, w];
}
