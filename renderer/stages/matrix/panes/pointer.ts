// Mouse, touch and wheel on the panes: drag moves, wheel zooms about the pointer, hover sets the cursor, a
// click pins the cell.
import { useEffect, useRef, type PointerEvent, type RefObject, type WheelEvent } from 'react';
import { cellAt } from '@shared/matrix/camera';
import { cameraNow, explorer, moveCursor, panBy, zoomBy } from '../explorer';
import type { PlacedPane } from './panes';

/** Movement, in pixels, from which on a press is a drag and not a click. */
const DRAG_FROM = 4;

/** Keeps the page from scrolling while the wheel zooms: React's own listener is passive and cannot. */
export function useOwnWheel(element: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    const target = element.current;
    const keep = (event: Event): void => event.preventDefault();
    target?.addEventListener('wheel', keep, { passive: false });
    return () => target?.removeEventListener('wheel', keep);
  }, [element]);
}

interface Press {
  readonly x: number;
  readonly y: number;
  lastX: number;
  lastY: number;
  dragged: boolean;
}

/** Handlers for the element that holds the panes. */
export function usePointer(placed: readonly PlacedPane[]) {
  const press = useRef<Press | null>(null);
  return {
    onPointerDown(event: PointerEvent<HTMLElement>) {
      if (event.button !== 0) return;
      event.currentTarget.setPointerCapture(event.pointerId);
      press.current = { x: event.clientX, y: event.clientY, lastX: event.clientX, lastY: event.clientY, dragged: false };
    },
    onPointerMove(event: PointerEvent<HTMLElement>) {
      if (press.current) drag(press.current, event);
      else if (hasMoved(event)) hover(event, placed);
    },
    onPointerUp(event: PointerEvent<HTMLElement>) {
      if (press.current && !press.current.dragged) pin(event, placed);
      press.current = null;
    },
    onPointerLeave() {
      // The panes may have left a resting pointer: what the keys chose stays.
      const { cursorBy, pinned } = explorer.getState();
      if (!press.current && cursorBy === 'pointer') explorer.setState({ cursor: pinned });
    },
    onDoubleClick(event: { readonly clientX: number; readonly clientY: number; readonly currentTarget: HTMLElement }) {
      const at = inPane(event, placed);
      if (at) zoomBy(4, at.x, at.y);
    },
    onWheel(event: WheelEvent<HTMLElement>) {
      const at = inPane(event, placed);
      if (at) zoomBy(Math.exp(-event.deltaY * (event.deltaMode === 1 ? 0.06 : 0.0018)), at.x, at.y);
    },
  };
}

function drag(press: Press, event: PointerEvent<HTMLElement>): void {
  press.dragged ||= Math.hypot(event.clientX - press.x, event.clientY - press.y) >= DRAG_FROM;
  if (!press.dragged) return;
  panBy(event.clientX - press.lastX, event.clientY - press.lastY);
  press.lastX = event.clientX;
  press.lastY = event.clientY;
}

/** A browser tells of a move also where the page moved under a resting mouse: that points at nothing. */
function hasMoved({ pointerType, movementX, movementY }: PointerEvent<HTMLElement>): boolean {
  return pointerType !== 'mouse' || movementX !== 0 || movementY !== 0;
}

function hover(event: PointerEvent<HTMLElement>, placed: readonly PlacedPane[]): void {
  const cell = cellUnder(event, placed);
  if (cell) moveCursor(cell.row, cell.column, false);
}

function pin(event: PointerEvent<HTMLElement>, placed: readonly PlacedPane[]): void {
  event.currentTarget.focus();
  const cell = cellUnder(event, placed);
  if (!cell) return explorer.setState({ pinned: null, lit: null });
  moveCursor(cell.row, cell.column, false);
  explorer.setState({ pinned: cell });
}

interface At {
  readonly clientX: number;
  readonly clientY: number;
  readonly currentTarget: HTMLElement;
}

/** Position within the frame of the pane under the pointer, in CSS pixels. */
function inPane({ clientX, clientY, currentTarget }: At, placed: readonly PlacedPane[]): { x: number; y: number } | null {
  const box = currentTarget.getBoundingClientRect();
  const [x, y] = [clientX - box.left, clientY - box.top];
  const pane = placed.find(({ rect }) => x >= rect.x && x < rect.x + rect.width && y >= rect.y && y < rect.y + rect.height);
  return pane ? { x: x - pane.frame.x, y: y - pane.frame.y } : null;
}

function cellUnder(event: At, placed: readonly PlacedPane[]): { row: number; column: number } | null {
  const at = inPane(event, placed);
  if (!at) return null;
  const { viewport, size } = explorer.getState();
  const { row, column } = cellAt(cameraNow(), at.x, at.y, viewport);
  const inside = row >= 0 && column >= 0 && row < size.rows && column < size.columns;
  return inside ? { row: Math.floor(row), column: Math.floor(column) } : null;
}
