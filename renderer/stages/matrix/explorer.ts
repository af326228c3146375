// State of the matrix explorer: what is looked at, how, and where the cursor is. Views read it; pointer,
// keys and buttons change it through the functions below. Invariant: camera and cursor are shared by all panes.
import { createStore } from '../../studio/state';
import { theme } from '../../studio/theme';
import type { WeightsReference } from '@shared/link/studio';
import { fill, fit, limited, pan, reveal, zoomAbout, type Camera, type MatrixSize, type Viewport } from '@shared/matrix/camera';
import { COLOUR_SCALE_NAMES, colourScale, type ColourScaleName } from '@shared/colour/scales';
import { layoutOf, type LayoutName } from '@shared/matrix/named-layouts';
import type { PoolRule } from '@shared/matrix/pool';
import { valueTransform, type ValueTransform } from '@shared/colour/transform';
import type { Limits } from '@shared/matrix/colouring';
import type { FrameInfo } from './picture/stage';

export type PaneId = 'before' | 'added' | 'after';
export const PANES: readonly PaneId[] = ['before', 'added', 'after'];
export type Mode = 'side' | 'flicker' | 'split';
export type { LayoutName };

export type PanelName = 'maps' | 'kernel' | 'figure5' | 'lesson' | 'view';

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
  /** The theme that `map` stands in: the other one brings its own scale of signed weights. */
  readonly mapIn: 'light' | 'dark';
  readonly transform: ValueTransform;
  readonly magnitude: boolean;
  readonly limits: Limits;
  /** One scale for all panes, or one each. */
  readonly shared: boolean;
  readonly markClipped: boolean;
  /** null: the whole matrix; split, as much of it as fills the pane. */
  readonly camera: Camera | null;
  /** Whether split, too, shows the whole matrix while nobody has moved. */
  readonly whole: boolean;
  readonly cursor: PictureCell | null;
  /** Moved by keys: then it is announced. */
  readonly cursorBy: 'pointer' | 'keys';
  /** The cell whose maps, kernel and provenance are shown; follows the cursor until pinned. */
  readonly pinned: PictureCell | null;
  /** Kernel cell (u, v) whose diagonals are lit. */
  readonly lit: { readonly u: number; readonly v: number } | null;
  readonly panel: PanelName;
  /** Whether the panel stands beside the panes; null: where there is room for it. */
  readonly panelOpen: boolean | null;
  /** Other weights and block to compare with; null compares before and after the merge. */
  readonly other: Other | null;
  readonly frame: FrameInfo | null;
  readonly viewport: Viewport;
  readonly size: MatrixSize;
}

/** The scale of signed weights by theme: zero lies on the ground that the window has. */
const SIGNED_MAPS = { light: 'blue-orange', dark: 'blue-orange-night' } as const;

/** The scale of signed weights in the theme shown. */
export function signedMap(): ColourScaleName {
  return SIGNED_MAPS[theme.getState().shown];
}

/** From this width of the window on, panel and panes have room beside each other: it grows with the text. */
const ROOM_FOR_PANEL = '(min-width: 62.5em)';

export const explorer = createStore<Explorer>(() => ({
  mode: 'side',
  splitAt: 0.5,
  flickerShows: 'before',
  layout: 'stored',
  pictured: 'stored',
  rule: 'maxMagnitude',
  map: signedMap(),
  mapIn: theme.getState().shown,
  transform: 'linear',
  magnitude: false,
  limits: { kind: 'percentile', percent: 99.5 },
  shared: true,
  markClipped: false,
  camera: null,
  whole: false,
  cursor: null,
  cursorBy: 'pointer',
  pinned: null,
  lit: null,
  panel: 'maps',
  panelOpen: null,
  other: null,
  frame: null,
  viewport: { width: 1, height: 1 },
  size: { rows: 1, columns: 1 },
}));

/** Another theme brings its scale, unless other colours were chosen. */
export function followTheme(): void {
  const { shown } = theme.getState();
  const { map, mapIn } = explorer.getState();
  if (mapIn !== shown) explorer.setState({ mapIn: shown, map: map === SIGNED_MAPS[mapIn] ? SIGNED_MAPS[shown] : map });
}

theme.subscribe(followTheme);

/** The camera in use: the chosen one, or the one that shows everything; split, the one that fills the pane. */
export function cameraNow(): Camera {
  const { camera, size, viewport, mode, whole } = explorer.getState();
  return camera ?? (mode === 'split' && !whole ? fill(size, viewport) : fit(size, viewport));
}

/** Whether the panel is shown. */
export function isPanelOpen(): boolean {
  return explorer.getState().panelOpen ?? matchMedia(ROOM_FOR_PANEL).matches;
}

/** Calls `listener` when the panel may have come or gone. */
export function watchPanel(listener: () => void): () => void {
  const room = matchMedia(ROOM_FOR_PANEL);
  const end = explorer.subscribe(listener);
  room.addEventListener('change', listener);
  return () => {
    end();
    room.removeEventListener('change', listener);
  };
}

/** Another way to compare; split begins with what fills its pane. */
export function compareBy(mode: Mode): void {
  explorer.setState({ mode, whole: false });
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
  explorer.setState({ camera: null, whole: true });
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
  explorer.setState({ size, pictured: layout, ...(takeAwaited(size, layout) ?? UNMOVED) });
}

const UNMOVED = { camera: null, whole: false, cursor: null, pinned: null, lit: null } as const;

/** Where one stood in a picture. */
export type Standing = Pick<Explorer, 'size' | 'pictured' | 'camera' | 'whole' | 'cursor' | 'pinned'>;

let awaited: Standing | null = null;

/** Stands where one stood before, as soon as that picture is shown. */
export function standAt(standing: Standing): void {
  const { size, pictured } = explorer.getState();
  awaited = standing;
  const now = takeAwaited(size, pictured);
  if (now) explorer.setState({ lit: null, ...now });
}

/** What is awaited of a picture, which then is no longer. */
function takeAwaited(size: MatrixSize, layout: LayoutName): Omit<Standing, 'size' | 'pictured'> | null {
  if (awaited?.pictured !== layout || awaited.size.rows !== size.rows || awaited.size.columns !== size.columns) return null;
  const { camera, whole, cursor, pinned } = awaited;
  awaited = null;
  return { camera, whole, cursor, pinned };
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
  else explorer.setState(brought && !unsigned ? { transform, map: signedMap() } : { transform });
}

export { layoutOf };
