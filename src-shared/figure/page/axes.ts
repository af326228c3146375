// A plot area with linear axes: round ticks, faint grid, numbers in figure type.
import { nice } from 'd3-array';
import { digitsOf, roundTicks } from '../../base/ticks';
import { FAINT_INK, line, RULE, textAt, type Mark } from './display-list';
import { textWidth, wrapText } from './font-metrics';
import type { Box } from './heat-map';
import { figureNumber } from './layout';

/** A value range and where it lies on the page. */
export interface Axis {
  readonly from: number;
  readonly to: number;
  readonly ticks: readonly number[];
}

/** A plot area: its box and both axes. */
export interface Plot {
  readonly box: Box;
  readonly x: Axis;
  readonly y: Axis;
  readonly size: number;
}

/** An axis over [from, to] with about `count` round ticks; the range is widened to round ends if `rounded`. Limits the recipe asks for are kept as they are. */
export function axisOf(from: number, to: number, count: number, rounded: boolean, asked?: readonly [number, number]): Axis {
  if (asked !== undefined) return { from: asked[0], to: asked[1], ticks: roundTicks(asked[0], asked[1], count) };
  const end = to > from ? to : from + (Math.abs(from) || 1);
  const [first, last] = rounded ? nice(from, end, Math.max(1, count)) : [from, end];
  return { from: first, to: last, ticks: roundTicks(first, last, count) };
}

/** Page x of a value. */
export function xAt({ box, x }: Plot, value: number): number {
  return box.x + ((value - x.from) / (x.to - x.from)) * box.width;
}

/** Page y of a value (upwards). */
export function yAt({ box, y }: Plot, value: number): number {
  return box.y + box.height - ((value - y.from) / (y.to - y.from)) * box.height;
}

/** What both axes are called. */
export interface AxisTitles {
  readonly x: string;
  readonly y: string;
}

/** Where a plot with its tick numbers and titles ends. */
export function plotBottom(plot: Plot, { x }: AxisTitles): number {
  return plot.box.y + plot.box.height + 3 + plot.size * (1.6 + 1.3 * xTitleLines(plot, x).length);
}

function xTitleLines({ box, size }: Plot, title: string): string[] {
  return wrapText(title, size, box.width + 2 * size);
}

/** Grid lines, tick numbers and axis titles; numbers have the digits that tell the ticks apart. */
export function axesMarks(plot: Plot, titles: AxisTitles, yText: (value: number, digits: number) => string = figureNumber): Mark[] {
  const { box, size } = plot;
  const faint = { fill: FAINT_INK };
  const bottom = box.y + box.height;
  const xTitle = xTitleLines(plot, titles.x).map((words, i) =>
    textAt(box.x + box.width / 2, bottom + 3 + size * (2.3 + 1.3 * i), words, size, { ...faint, anchor: 'middle' }),
  );
  return [...yTicks(plot, yText), ...xTicks(plot), ...xTitle, textAt(box.x, box.y - size * 0.6, titles.y, size, faint)];
}

function yTicks(plot: Plot, yText: (value: number, digits: number) => string): Mark[] {
  const { box, size, y } = plot;
  const digits = digitsOf(y.ticks);
  const shown = everyNth(
    y.ticks,
    (value) => yAt(plot, value),
    () => size * 1.15,
  );
  return shown.flatMap((value): Mark[] => [
    line(
      [
        [box.x, yAt(plot, value)],
        [box.x + box.width, yAt(plot, value)],
      ],
      value === 0 ? FAINT_INK : GRID,
      0.4,
    ),
    textAt(box.x - size * 0.4, yAt(plot, value) + size * 0.36, yText(value, digits), size, { fill: FAINT_INK, anchor: 'end' }),
  ]);
}

function xTicks(plot: Plot): Mark[] {
  const { box, size, x } = plot;
  const [bottom, digits] = [box.y + box.height, digitsOf(x.ticks)];
  const widthOf = (value: number): number => textWidth(figureNumber(value, digits), size) + size * 0.5;
  const shown = everyNth(x.ticks, (value) => xAt(plot, value), widthOf);
  return shown.flatMap((value): Mark[] => [
    line(
      [
        [xAt(plot, value), bottom],
        [xAt(plot, value), bottom + 2],
      ],
      RULE,
      0.5,
    ),
    textAt(xAt(plot, value), bottom + 2.5 + size, figureNumber(value, digits), size, { fill: FAINT_INK, anchor: 'middle' }),
  ]);
}

/** As many of the ticks, in equal steps, as do not touch: all, every second, every third, ... `reach` is a label's length along the axis. */
export function everyNth(ticks: readonly number[], at: (tick: number) => number, reach: (tick: number) => number): number[] {
  for (let step = 1; step < ticks.length; step++) {
    const kept = ticks.filter((_, i) => i % step === 0);
    const touch = kept.slice(1).some((tick, i) => Math.abs(at(tick) - at(kept[i])) < (reach(tick) + reach(kept[i])) / 2);
    if (!touch) return kept;
  }
  return ticks.slice(0, 1);
}

const GRID = '#e3e3e3';
