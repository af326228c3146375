// The keyboard on the panes: the cell cursor by cells, map rows, maps and to the ends; zoom, pan, reset,
// layers. Each key is one line of the table, which the help text is made of too.
import type { KeyboardEvent } from 'react';
import { explorer, moveCursor, panBy, resetCamera, zoomBy, type PictureCell } from './explorer';
import type { ExplorerInput, MatrixSet } from './matrix-set';
import { stepBlock } from './weights-input';

interface Step {
  readonly rows: number;
  readonly columns: number;
}

const DIRECTIONS: Readonly<Record<string, Step>> = {
  ArrowUp: { rows: -1, columns: 0 },
  ArrowDown: { rows: 1, columns: 0 },
  ArrowLeft: { rows: 0, columns: -1 },
  ArrowRight: { rows: 0, columns: 1 },
};
/** Pixels one Alt+arrow moves the picture. */
const PAN_STEP = 60;

/** Keys and what they do, for help and palette. */
export const KEY_HELP: readonly (readonly [string, string])[] = [
  ['Arrow keys', 'move the cursor by one cell'],
  ['Shift+arrow', 'by one row of the h x w map'],
  ['Ctrl+arrow', 'by one whole map (next channel)'],
  ['Home / End', 'first / last cell of the row; with Ctrl of the matrix'],
  ['M', 'largest magnitude of the pinned or current map'],
  ['Enter', 'pin the cell'],
  ['Escape', 'unpin'],
  ['Alt+arrow', 'pan'],
  ['+ / - / 0', 'zoom in, zoom out, show everything'],
  ['N / P', 'next / previous block'],
];

/** Acts on a key press; true when it was one of ours. */
export function handleKey(event: KeyboardEvent, input: ExplorerInput, _set: MatrixSet): boolean {
  const direction = DIRECTIONS[event.key];
  if (direction && event.altKey) return done(panBy(-direction.columns * PAN_STEP, -direction.rows * PAN_STEP));
  if (direction) return done(step(direction, stepLength(event, input)));
  const { size, cursor } = explorer.getState();
  const at = cursor ?? { row: 0, column: 0 };
  const modifier = event.ctrlKey || event.metaKey;
  switch (event.key) {
    case 'Home':
      return done(moveCursor(modifier ? 0 : at.row, 0, true));
    case 'End':
      return done(moveCursor(modifier ? size.rows - 1 : at.row, size.columns - 1, true));
    case 'Enter':
      return done(explorer.setState({ pinned: at }));
    case 'Escape':
      return done(explorer.setState({ pinned: null, lit: null }));
    default:
      return !modifier && viewKey(event.key);
  }
}

function viewKey(key: string): boolean {
  switch (key) {
    case '+':
    case '=':
      return done(zoomAtCursor(1.6));
    case '-':
      return done(zoomAtCursor(1 / 1.6));
    case '0':
      return done(resetCamera());
    case 'n':
      return done(stepBlock(1));
    case 'p':
      return done(stepBlock(-1));
    default:
      return false;
  }
}

function zoomAtCursor(factor: number): void {
  zoomBy(factor);
  const { cursor } = explorer.getState();
  if (cursor) moveCursor(cursor.row, cursor.column, true);
}

function stepLength(event: KeyboardEvent, { geometry }: ExplorerInput): number {
  if (event.ctrlKey || event.metaKey) return geometry ? geometry.h * geometry.w : 64;
  return event.shiftKey ? (geometry?.w ?? 8) : 1;
}

function step({ rows, columns }: Step, length: number): void {
  const at: PictureCell = explorer.getState().cursor ?? { row: 0, column: 0 };
  moveCursor(at.row + rows * length, at.column + columns * length, true);
}

function done(_: void): true {
  return true;
}
