// The keyboard on the panes: the cell cursor by cells, map rows, maps and to the ends. What also works without
// the focus (zoom, pan, reset, blocks) is in stages/matrix/commands.ts.
import type { KeyboardEvent } from 'react';
import { explorer, moveCursor, zoomAtCursor, type PictureCell } from '../explorer';
import type { ExplorerInput, MatrixSet } from '../matrix-set';

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

/** Keys that act while the panes have the focus, for the help text. */
export const KEY_HELP: readonly (readonly [string, string])[] = [
  ['Arrows', 'cell'],
  ['Shift+arrows', 'map row'],
  ['Ctrl+arrows', 'map'],
  ['Home, End', 'row ends (Ctrl: corners)'],
  ['M', 'largest weight'],
  ['Enter, Escape', 'pin, unpin'],
  ['= - 0', 'zoom, whole'],
  ['Alt+arrows', 'pan'],
  ['[ ]', 'block or weight'],
];

/** Acts on a key press; true when it was one of ours. */
export function handleKey(event: KeyboardEvent, input: ExplorerInput, set: MatrixSet): boolean {
  const direction = DIRECTIONS[event.key];
  if (direction && !event.altKey) return done(step(direction, stepLength(event, input)));
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
    case 'm':
      return toLargest(set);
    case '+':
      return done(zoomAtCursor(1.6));
    default:
      return false;
  }
}

/** The cell of largest magnitude after the merge, once it is known. */
function toLargest(set: MatrixSet): boolean {
  const at = set.after.status.statistics?.maxAbsAt;
  if (at) moveCursor(at.row, at.column, true);
  return true;
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
