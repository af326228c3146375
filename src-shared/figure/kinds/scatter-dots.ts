// The dots of a scatter plot. None hides another: dots that touch are moved apart just so far that each is seen, a thin line
// leading to the place of each that was moved, and every dot has its number beside it.
import type { RunCost } from '../../run/run-cost';
import { xAt, yAt, type Plot } from '../page/axes';
import { isInside } from '../page/clip';
import { FAINT_INK, filled, line, PAPER, textAt, type Mark } from '../page/display-list';
import { textWidth } from '../page/font-metrics';
import { AFTER } from '../page/series-colours';

/** Side of a dot, points. */
const DOT = 3.6;
/** Least distance of two dots' middles along one axis: their sides and a gap. */
const APART = DOT + 0.8;

interface Placed {
  readonly number: number;
  /** Where the values are, and where the dot is drawn. */
  readonly at: readonly [number, number];
  readonly shown: readonly [number, number];
}

/** A dot and its number for every run inside the axes. */
export function scatterDots(plot: Plot, runs: readonly Pick<RunCost, 'operations' | 'metric'>[]): Mark[] {
  const placed: Placed[] = [];
  runs.forEach(({ operations, metric }, i) => {
    const at = [xAt(plot, Math.log10(operations)), yAt(plot, metric)] as const;
    if (isInside(at, plot.box)) placed.push({ number: i + 1, at, shown: freePlace(plot, at, placed) });
  });
  const labels = labelsOf(plot, placed);
  return [...placed.flatMap(leaderOf), ...placed.map(({ shown: [x, y] }) => dotAt(x, y)), ...labels];
}

function dotAt(x: number, y: number): Mark {
  return { ...filled(x - DOT / 2, y - DOT / 2, DOT, DOT, AFTER), stroke: PAPER, strokeWidth: 0.4 };
}

function leaderOf({ at, shown }: Placed): Mark[] {
  return at[0] === shown[0] && at[1] === shown[1] ? [] : [line([at, shown], FAINT_INK, 0.4)];
}

/** The nearest place on rings around a dot's own where it touches no other. */
function freePlace({ box }: Plot, at: readonly [number, number], placed: readonly Placed[]): readonly [number, number] {
  for (let ring = 0; ring < 40; ring++) {
    const steps = Math.max(1, ring * 6);
    for (let step = 0; step < steps; step++) {
      const angle = (2 * Math.PI * step) / steps;
      const place = [at[0] + ring * APART * Math.cos(angle), at[1] + ring * APART * Math.sin(angle)] as const;
      if (isInside(place, box) && placed.every(({ shown }) => areApart(shown, place))) return place;
    }
  }
  return at;
}

function areApart(one: readonly [number, number], other: readonly [number, number]): boolean {
  return Math.abs(one[0] - other[0]) >= APART - 1e-9 || Math.abs(one[1] - other[1]) >= APART - 1e-9;
}

interface LabelBox {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Numbers beside their dots, on the first of eight sides, near or further off, that is free. */
function labelsOf({ box, size }: Plot, placed: readonly Placed[]): Mark[] {
  const dots = placed.map(({ shown: [x, y] }): LabelBox => ({ x: x - DOT / 2, y: y - DOT / 2, width: DOT, height: DOT }));
  const taken = [...dots];
  // Two numbers side by side are not to be read as one.
  const gap = size * 0.35;
  return placed.flatMap(({ number, shown: [x, y] }): Mark[] => {
    const [width, height] = [textWidth(String(number), size) + gap, size * 0.8];
    const found = sides(x, y, width, height).find(
      (label) => isInside([label.x, label.y], box) && taken.every((other) => isFree(label, other)),
    );
    if (!found) return [];
    taken.push(found);
    const middle = [found.x + width / 2, found.y + height / 2] as const;
    const far = Math.hypot(middle[0] - x, middle[1] - y) > 2 * size;
    const text = textAt(found.x + gap / 2, found.y + height, String(number), size);
    return far ? [line([[x, y], middle], FAINT_INK, 0.4), { ...filled(found.x, found.y, width, height, PAPER) }, text] : [text];
  });
}

/** Places of a label around a dot: right above first, then around, then further off. */
function sides(x: number, y: number, width: number, height: number): LabelBox[] {
  return [1, 2.5, 4, 6, 9].flatMap((far) => {
    const [right, left, above, below] = [x + 2.5 * far, x - 2.5 * far - width, y - 2.5 * far - height, y + 2.5 * far];
    const [middle, level] = [x - width / 2, y - height / 2];
    return [
      [right, above],
      [right, level],
      [left, above],
      [left, level],
      [right, below],
      [left, below],
      [middle, above],
      [middle, below],
    ].map(([at, top]) => ({ x: at, y: top, width, height }));
  });
}

function isFree(one: LabelBox, other: LabelBox): boolean {
  return one.x + one.width <= other.x || other.x + other.width <= one.x || one.y + one.height <= other.y || other.y + other.height <= one.y;
}
