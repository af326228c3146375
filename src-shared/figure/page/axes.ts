// A plot area with linear axes: round ticks, faint grid, numbers in figure type.
import { nice } from 'd3-array';
import { digitsOf, roundTicks } from '../../base/ticks';
import { FAINT_INK, line, RULE, textAt, type Mark } from './display-list';
import { fitText } from './font-metrics';
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

/** An axis over [from, to] with about `count` round ticks; the range is widened to round ends if `rounded`. */
export function axisOf(from: number, to: number, count: number, rounded: boolean): Axis {
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

/** Grid lines, tick numbers and axis titles; numbers have the digits that tell the ticks apart. */
export function axesMarks(
  plot: Plot,
  xTitle: string,
  yTitle: string,
  yText: (value: number, digits: number) => string = figureNumber,
): Mark[] {
  const { box, size } = plot;
  const faint = { fill: FAINT_INK };
  const bottom = box.y + box.height;
  const [xDigits, yDigits] = [digitsOf(plot.x.ticks), digitsOf(plot.y.ticks)];
  const grid = plot.y.ticks.map((value) =>
    line(
      [
        [box.x, yAt(plot, value)],
        [box.x + box.width, yAt(plot, value)],
      ],
      value === 0 ? FAINT_INK : GRID,
      0.4,
    ),
  );
  const yNumbers = plot.y.ticks.map((value) =>
    textAt(box.x - size * 0.4, yAt(plot, value) + size * 0.36, yText(value, yDigits), size, { ...faint, anchor: 'end' }),
  );
  const xNumbers = plot.x.ticks.flatMap((value): Mark[] => [
    line(
      [
        [xAt(plot, value), bottom],
        [xAt(plot, value), bottom + 2],
      ],
      RULE,
      0.5,
    ),
    textAt(xAt(plot, value), bottom + 2.5 + size, figureNumber(value, xDigits), size, { ...faint, anchor: 'middle' }),
  ]);
  const titles = [
    textAt(box.x + box.width / 2, bottom + 3 + size * 2.3, fitText(xTitle, size, box.width + 2 * size), size, {
      ...faint,
      anchor: 'middle',
    }),
    textAt(box.x, box.y - size * 0.6, yTitle, size, faint),
  ];
  return [...grid, ...yNumbers, ...xNumbers, ...titles];
}

const GRID = '#e3e3e3';
