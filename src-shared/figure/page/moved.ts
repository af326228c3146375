// A mark in another place of the page: how a figure becomes a panel of another.
import { assertNever } from '../../base/assert-never';
import type { Mark } from './display-list';

/** The mark, moved by (x, y) points. */
export function moved(mark: Mark, x: number, y: number): Mark {
  switch (mark.kind) {
    case 'rect':
    case 'cells':
    case 'text':
    case 'image':
      return { ...mark, x: mark.x + x, y: mark.y + y };
    case 'path':
    case 'area':
      return { ...mark, points: mark.points.map(([px, py]) => [px + x, py + y] as const) };
    default:
      return assertNever(mark);
  }
}
