// Which colours of a sheet mean something: those of a colour bar or gradient, which are steps of one scale; those of cells of a
// map, which are its values; and the others, which tell things apart as a legend's do. Greys, black and white are no colours.
import { largestOf, smallestOf } from '../../base/extremes';
import { lab } from 'd3-color';
import type { Extent, SheetFacts, SheetPatch } from './facts';
import { isSmooth } from './image-bar';

export interface ColourGroups {
  /** Colours that tell things apart, the most used first. */
  readonly legend: readonly string[];
  /** Colours of scales, in order. */
  readonly scales: readonly (readonly string[])[];
  /** Whether there are coloured cells. */
  readonly hasCells: boolean;
}

/** Below this chroma (CIE L*a*b*) a colour is read as grey. */
const NEUTRAL = 10;
/** Patches side by side from which a row of them may be a bar. */
const LEAST_STEPS = 16;
/** Patches side by side, and rows of them, from which they are cells. */
const LEAST_CELLS = 3;
/** A bar is this many times longer than wide. */
const LONG = 4;

export function colourGroups({
  patches,
  lines,
  gradients,
  images,
}: Pick<SheetFacts, 'patches' | 'lines' | 'gradients' | 'images'>): ColourGroups {
  const runs = [...runsOf(patches, false), ...runsOf(patches, true)];
  const isStacked = (run: Run): boolean => runs.some((other) => other !== run && other.upright === run.upright && areBeside(run, other));
  const rows = runs.filter((run) => run.patches.length >= LEAST_STEPS && isBar(run) && !isStacked(run));
  const bars = rows.filter((run) => isSmooth(coloursOf(run)));
  const cells = [
    ...runs.filter((run) => run.patches.length >= LEAST_CELLS && isStacked(run)),
    ...rows.filter((run) => !bars.includes(run)),
  ];
  const taken = new Set([...bars, ...cells].flatMap((run) => run.patches));
  const counts = new Map<string, number>();
  for (const { colour } of [...patches.filter((patch) => !taken.has(patch)), ...lines]) counts.set(colour, (counts.get(colour) ?? 0) + 1);
  const legend = [...counts].filter(([colour]) => !isNeutral(colour)).sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
  return {
    legend: legend.map(([colour]) => colour),
    scales: [...bars.map(coloursOf), ...images.flatMap(({ colours }) => (colours === null ? [] : [colours])), ...gradients],
    hasCells: cells.length > 0,
  };
}

/** Whether a colour is read as black, grey or white. */
export function isNeutral(colour: string): boolean {
  const { a, b } = lab(colour);
  return Math.hypot(a, b) < NEUTRAL;
}

/** Patches that follow each other along a line, all as wide as each other across it. */
interface Run {
  readonly upright: boolean;
  readonly patches: readonly SheetPatch[];
  readonly extent: Extent;
}

/** Rows of patches (columns where `upright`) that touch or overlap a little, in order. */
function runsOf(patches: readonly SheetPatch[], upright: boolean): Run[] {
  const along = ({ extent: { x, y, width, height } }: SheetPatch): [number, number] => (upright ? [y, height] : [x, width]);
  const rows = new Map<string, SheetPatch[]>();
  for (const patch of patches) {
    const { x, y, width, height } = patch.extent;
    const key = (upright ? [x, width] : [y, height]).map((value) => value.toFixed(1)).join();
    rows.set(key, [...(rows.get(key) ?? []), patch]);
  }
  return [...rows.values()].flatMap((row) => {
    const sorted = row.toSorted((a, b) => along(a)[0] - along(b)[0]);
    const pieces: SheetPatch[][] = [];
    for (const patch of sorted) {
      const last = pieces.at(-1)?.at(-1);
      if (last !== undefined && follows(along(last), along(patch))) pieces[pieces.length - 1].push(patch);
      else pieces.push([patch]);
    }
    return pieces.filter((piece) => piece.length >= LEAST_CELLS).map((piece) => ({ upright, patches: piece, extent: around(piece) }));
  });
}

/** Whether a patch begins where the last one ends, or under it, and after it; both of about one length. */
function follows([from, length]: [number, number], [next, own]: [number, number]): boolean {
  const slack = 0.02 * length + 0.01;
  return next > from + 0.2 * length && next <= from + length + slack && own > 0.4 * length && own < 2.5 * length;
}

function around(patches: readonly SheetPatch[]): Extent {
  const [x, y] = [smallestOf(patches.map(({ extent }) => extent.x)), smallestOf(patches.map(({ extent }) => extent.y))];
  const right = largestOf(patches.map(({ extent }) => extent.x + extent.width));
  const bottom = largestOf(patches.map(({ extent }) => extent.y + extent.height));
  return { x, y, width: right - x, height: bottom - y };
}

function coloursOf({ patches }: Run): string[] {
  return patches.map(({ colour }) => colour);
}

function isBar({ upright, extent: { width, height }, patches }: Run): boolean {
  const isLong = upright ? height > LONG * width : width > LONG * height;
  return isLong && new Set(patches.map(({ colour }) => colour)).size > patches.length / 2;
}

/** Whether two runs lie against each other along the whole of their length: rows of one grid. */
function areBeside(one: Run, other: Run): boolean {
  const [a, b] = [one.extent, other.extent];
  const [from, length, at, size] = one.upright ? [a.y, a.height, a.x, a.width] : [a.x, a.width, a.y, a.height];
  const [from2, length2, at2, size2] = one.upright ? [b.y, b.height, b.x, b.width] : [b.x, b.width, b.y, b.height];
  const same = Math.abs(from - from2) < 0.1 * size && Math.abs(length - length2) < size;
  const gap = at < at2 ? at2 - (at + size) : at - (at2 + size2);
  return same && gap < 0.1 * size;
}
