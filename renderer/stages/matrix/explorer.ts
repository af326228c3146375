// State of the matrix explorer: what is looked at, how, and where the cursor is. Views read it; pointer,
// keys and buttons change it through the functions below. Invariant: camera and cursor are shared by all panes.
import { createStore } from '../../studio/state';
import type { WeightsReference } from '@shared/link/studio';
import { fit, limited, pan, reveal, zoomAbout, type Camera, type MatrixSize, type Viewport } from '@shared/matrix/camera';
import { COLOUR_SCALE_NAMES, colourScale, type ColourScaleName } from '@shared/colour/scales';
import type { MatrixGeometry } from '@shared/matrix/geometry';
import type { Axis, Layout } from '@shared/matrix/layout';
import type { PoolRule } from '@shared/matrix/pool';
import { VALUE_TRANSFORMS, valueTransform, type ValueTransform } from '@shared/colour/transform';
import type { Limits } from '@shared/matrix/colouring';
import type { FrameInfo } from './picture/stage';
import { keepView } from '../../studio/kept-view';
import { z } from 'zod';

export type PaneId = 'before' | 'added' | 'after';
export const PANES: readonly PaneId[] = ['before', 'added', 'after'];
export type Mode = 'side' | 'flicker' | 'split';
export type LayoutName = 'stored' | 'blockDiagonal' | 'gridOfGrids' | 'byPosition' | 'offsets';

export type PanelName = 'maps' | 'kernel' | 'figure5' | 'lesson';

/** A cell of the picture. */
export interface PictureCell {
  readonly row: number;
  readonly column: number;
}

/** What is compared with: weights, the blocks they have, and the one chosen. */
export interface Other {
  readonly reference: WeightsReference;
  readonly blocks: readonly string[];
  readonly block: string;
}

export interface Explorer {
  readonly mode: Mode;
  /** Place of the split, 0..1 of the width. */
  readonly splitAt: number;
  readonly flickerShows: PaneId;
  readonly layout: LayoutName;
  /** The layout that camera and cursor refer to. */
  readonly pictured: LayoutName;
  readonly rule: PoolRule;
  readonly map: ColourScaleName;
  readonly transform: ValueTransform;
  readonly magnitude: boolean;
  readonly limits: Limits;
  /** One scale for all panes, or one each. */
  readonly shared: boolean;
  readonly markClipped: boolean;
  /** null: the whole matrix. */
  readonly camera: Camera | null;
  readonly cursor: PictureCell | null;
  /** Moved by keys: then it is announced. */
  readonly cursorBy: 'pointer' | 'keys';
  /** The cell whose maps, kernel and provenance are shown; follows the cursor until pinned. */
  readonly pinned: PictureCell | null;
  /** Kernel cell (u, v) whose diagonals are lit. */
  readonly lit: { readonly u: number; readonly v: number } | null;
  readonly panel: PanelName;
  /** Other weights and block to compare with; null compares before and after the merge. */
  readonly other: Other | null;
  readonly frame: FrameInfo | null;
  readonly viewport: Viewport;
  readonly size: MatrixSize;
}

/** The scale of signed weights. */
const SIGNED_MAP: ColourScaleName = 'blue-orange';

export const explorer = createStore<Explorer>(() => ({
  mode: 'side',
  splitAt: 0.5,
  flickerShows: 'before',
  layout: 'stored',
  pictured: 'stored',
  rule: 'maxMagnitude',
  map: SIGNED_MAP,
  transform: 'linear',
  magnitude: false,
  limits: { kind: 'percentile', percent: 99.5 },
  shared: true,
  markClipped: false,
  camera: null,
  cursor: null,
  cursorBy: 'pointer',
  pinned: null,
  lit: null,
  panel: 'maps',
  other: null,
  frame: null,
  viewport: { width: 1, height: 1 },
  size: { rows: 1, columns: 1 },
}));

/** The camera in use: the chosen one, or the one that shows everything. */
export function cameraNow(): Camera {
  const { camera, size, viewport } = explorer.getState();
  return camera ?? fit(size, viewport);
}

export function panBy(dx: number, dy: number): void {
  explorer.setState({ camera: limited(pan(cameraNow(), dx, dy), explorer.getState().size) });
}

/** Zooms about a pixel of the pane; about its centre when none is given. */
export function zoomBy(factor: number, px?: number, py?: number): void {
  const { viewport, size } = explorer.getState();
  const camera = zoomAbout(cameraNow(), factor, px ?? viewport.width / 2, py ?? viewport.height / 2, viewport, size);
  explorer.setState({ camera: limited(camera, size) });
}

export function resetCamera(): void {
  explorer.setState({ camera: null });
}

/** Zooms about the middle and keeps the cursor in view. */
export function zoomAtCursor(factor: number): void {
  zoomBy(factor);
  const { cursor } = explorer.getState();
  if (cursor) moveCursor(cursor.row, cursor.column, true);
}

/** Another matrix or layout. A matrix of the same size (the next epoch, say) is seen from where one stands; others as a whole, unmarked. */
export function startPicture(size: MatrixSize, layout: LayoutName): void {
  const { size: before, pictured } = explorer.getState();
  if (before.rows === size.rows && before.columns === size.columns && pictured === layout) return;
  explorer.setState({ size, pictured: layout, camera: null, cursor: null, pinned: null, lit: null });
}

/** Flicker shows the other of before and after. */
export function nextFlicker(): void {
  explorer.setState({ flickerShows: explorer.getState().flickerShows === 'before' ? 'after' : 'before' });
}

/** Puts the cursor on a cell, kept inside the matrix; by keys the camera follows it. */
export function moveCursor(row: number, column: number, byKeys: boolean): void {
  const { size, viewport, camera } = explorer.getState();
  const clamp = (value: number, length: number): number => Math.max(0, Math.min(length - 1, value));
  const cursor = { row: clamp(row, size.rows), column: clamp(column, size.columns) };
  explorer.setState({ cursor, cursorBy: byKeys ? 'keys' : 'pointer' });
  if (byKeys && camera) explorer.setState({ camera: reveal(camera, cursor.column, cursor.row, viewport) });
}

/** A transform of magnitudes (the paper's log ratio) brings the scale made for it, and takes it away again from signed weights. */
export function chooseTransform(transform: ValueTransform): void {
  const { map, magnitude } = explorer.getState();
  const { unsigned } = valueTransform(transform);
  const brought = !magnitude && valueTransform(colourScale(map).transform).unsigned;
  if (unsigned && colourScale(map).kind === 'diverging')
    explorer.setState({ transform, map: COLOUR_SCALE_NAMES.find((name) => colourScale(name).transform === transform) ?? map });
  else explorer.setState(brought && !unsigned ? { transform, map: SIGNED_MAP } : { transform });
}

const LAYOUT_AXES: Readonly<Record<'gridOfGrids' | 'byPosition', { rows: readonly Axis[]; columns: readonly Axis[] }>> = {
  gridOfGrids: { rows: ['o', 'i', 'a'], columns: ['c', 'j', 'b'] },
  byPosition: { rows: ['i', 'j', 'o'], columns: ['a', 'b', 'c'] },
};

/** The layout behind its name; `stored` until the block's sizes are known. */
export function layoutOf(name: LayoutName, geometry: MatrixGeometry | null): Layout {
  if (!geometry || name === 'stored') return { kind: 'stored' };
  if (name === 'blockDiagonal') return { kind: 'blockDiagonal', groups: geometry.groups };
  if (name === 'offsets') return { kind: 'offsets', geometry };
  return { kind: 'axes', geometry, ...LAYOUT_AXES[name] };
}

keepView(
  'matrix',
  explorer,
  z.object({
    mode: z.enum(['side', 'flicker', 'split']),
    layout: z.enum(['stored', 'blockDiagonal', 'gridOfGrids', 'byPosition', 'offsets']),
    rule: z.enum(['mean', 'min', 'max', 'maxMagnitude']),
    map: z.enum(COLOUR_SCALE_NAMES),
    transform: z.enum(VALUE_TRANSFORMS),
    magnitude: z.boolean(),
    shared: z.boolean(),
    markClipped: z.boolean(),
    panel: z.enum(['maps', 'kernel', 'figure5', 'lesson']),
  }),
);
