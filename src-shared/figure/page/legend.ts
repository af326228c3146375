// The colour bar of a figure: the scale, its marked values in numbers, and the rule in words.
import type { ColourScaleName } from '../../colour/scales';
import { colourAt, hex } from '../../colour/table';
import { FAINT_INK, filled, line, outlined, RULE, textAt, type Mark } from './display-list';
import { textWidth } from './font-metrics';
import type { Page, Placed } from './layout';
import type { ValueScale } from './value-scale';

const STEPS = 128;

/** A horizontal colour bar centred on the page; labels that would overlap their neighbour are left out. None in a panel whose scale is that of others, too: theirs stands below them all. */
export function colourBar(page: Page, top: number, scale: ValueScale, colours: ColourScaleName): Placed {
  if (page.layout.shared?.isShared(scale)) return { marks: [], bottom: top };
  const width = Math.min(220, (page.right - page.left) * 0.6);
  const height = page.size * 0.8;
  const left = (page.left + page.right - width) / 2;
  const step = width / STEPS;
  // Each step reaches a little under the next one, so that no light seam shows between them.
  const fill = (i: number): string => hex(colourAt(colours, (i + 0.5) / STEPS));
  const bar = Array.from({ length: STEPS }, (_, i) => filled(left + i * step, top, i === STEPS - 1 ? step : step * 1.5, height, fill(i)));
  const labels = tickLabels(scale, left, width, top + height, page.small);
  return { marks: [...bar, outlined(left, top, width, height, RULE, 0.5), ...labels], bottom: top + height + page.small * 1.6 };
}

/** Labels under the bar. */
function tickLabels(scale: ValueScale, left: number, width: number, y: number, size: number): Mark[] {
  const at = scale.ticks.map(({ value, label }) => ({
    value,
    label,
    x: left + scale.position(value) * width,
    half: textWidth(label, size) / 2 + size * 0.2,
  }));
  return labelsWithRoom(at).flatMap(({ x, label }) => {
    const tick = line(
      [
        [x, y],
        [x, y + 2],
      ],
      FAINT_INK,
      0.5,
    );
    return [tick, textAt(x, y + 2 + size, label, size, { anchor: 'middle', fill: FAINT_INK })];
  });
}

interface PlacedLabel {
  readonly value: number;
  readonly x: number;
  /** Half of its width, with room beside it. */
  readonly half: number;
}

/**
 * Of labels in the order of the bar, those that do not touch one placed before: both ends and the middle first. A value and its
 * negative are marked both or neither, so that a bar about zero never looks as if it were not.
 */
export function labelsWithRoom<T extends PlacedLabel>(labels: readonly T[]): T[] {
  const placed: T[] = [];
  for (const label of byImportance(labels))
    if (placed.every((other) => Math.abs(other.x - label.x) >= other.half + label.half)) placed.push(label);
  const isMissing = (value: number): boolean =>
    labels.some((label) => label.value === value) && !placed.some((label) => label.value === value);
  return placed.filter(({ value }) => !isMissing(-value));
}

/** First, last, middle, then the rest from the ends inwards. */
function byImportance<T>(ticks: readonly T[]): T[] {
  const middle = Math.floor((ticks.length - 1) / 2);
  const rank = (index: number): number => (index === middle ? -0.5 : Math.min(index, ticks.length - 1 - index));
  return ticks
    .map((tick, index) => [rank(index), tick] as const)
    .sort((a, b) => a[0] - b[0])
    .map(([, tick]) => tick);
}
