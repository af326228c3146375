// Where each pane lies on the canvas, for each way of comparing. Rectangles in CSS pixels.
import type { Viewport } from '@shared/matrix/camera';
import type { PanePlace, Rect } from '@shared/matrix/pane';
import { PANES, type Explorer, type PaneId } from '../explorer';

/** One visible pane. */
export interface PlacedPane extends PanePlace {
  readonly id: PaneId;
}

export const GAP = 6;

/** The visible ones of `panes` on a canvas of the given size, in reading order. Side by side has whole-pixel widths. */
export function placePanes(
  { mode, splitAt, flickerShows }: Pick<Explorer, 'mode' | 'splitAt' | 'flickerShows'>,
  size: Viewport,
  panes = PANES,
): PlacedPane[] {
  const whole: Rect = { x: 0, y: 0, width: size.width, height: size.height };
  if (panes.length === 1) return [{ id: panes[0], rect: whole, frame: whole }];
  if (mode === 'flicker') return [{ id: flickerShows, rect: whole, frame: whole }];
  if (mode === 'split') return splitPanes(whole, splitAt);
  const width = Math.max(1, Math.floor((size.width - 2 * GAP) / 3));
  return PANES.map((id, n) => {
    const rect = { x: n * (width + GAP), y: 0, width, height: size.height };
    return { id, rect, frame: rect };
  });
}

function splitPanes(frame: Rect, splitAt: number): PlacedPane[] {
  const cut = Math.round(Math.min(0.98, Math.max(0.02, splitAt)) * frame.width);
  return [
    { id: 'before', rect: { ...frame, width: cut }, frame },
    { id: 'after', rect: { ...frame, x: cut, width: frame.width - cut }, frame },
  ];
}
