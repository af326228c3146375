// Values against epochs as lines, with a key: shared by training curves and by patterns over a run.
import { largestOf, smallestOf } from '../../base/extremes';
import { axesMarks, axisOf, xAt, yAt, type Plot } from './axes';
import { filled, line, textAt, type Mark } from './display-list';
import { fitText, textWidth } from './font-metrics';
import type { Box } from './heat-map';
import { rowsOf } from './tiles';
import type { Page, Placed } from './layout';

/** How a line looks in every plot of a figure, and its name in the key. */
export interface LineStyle {
  readonly name: string;
  readonly colour: string;
  readonly dash: readonly number[];
}

/** A quantity over the epochs: one value per epoch and line, NaN where there is none. */
export interface EpochQuantity {
  readonly name: string;
  readonly values: readonly (readonly number[])[];
  /** Whether the values are shares: their axis ends at 1. */
  readonly share?: boolean;
}

/** The key of the lines in type of `size`, side by side, in as many rows as the page's width needs. */
export function lineKey(page: Page, top: number, lines: readonly LineStyle[], size = page.size): Placed {
  let [x, rowTop] = [page.left, top];
  const marks = lines.flatMap(({ name, colour, dash }): Mark[] => {
    const text = fitText(name, size, page.right - page.left - size * 2.5);
    const width = textWidth(text, size);
    if (x > page.left && x + size * 2.5 + width > page.right) [x, rowTop] = [page.left, rowTop + size * 1.4];
    const [at, y] = [x, rowTop + size * 0.65];
    x += size * 4 + width;
    return [
      line(
        [
          [at, y],
          [at + size * 2, y],
        ],
        colour,
        1.4,
        [...dash],
      ),
      textAt(at + size * 2.5, rowTop + size, text, size),
    ];
  });
  return { marks, bottom: rowTop + size * 1.4 };
}

/** The quantities as plots, two beside each other, all over the same epochs. */
export function epochPlots(
  page: Page,
  top: number,
  epochs: readonly number[],
  quantities: readonly EpochQuantity[],
  lines: readonly LineStyle[],
): Placed {
  const left = page.small * 3.6;
  const width = (page.right - page.left) / 2 - left - page.size * 0.8;
  const height = width * 0.62;
  const pitch = height + page.small * 4.6;
  const marks = rowsOf(quantities, 2).flatMap((pair, row) =>
    pair.flatMap((quantity, i) => {
      const box = { x: page.left + left + i * (width + left + page.size * 0.8), y: top + page.small * 1.8 + row * pitch, width, height };
      return plotMarks(page, box, epochs, quantity, lines);
    }),
  );
  return { marks, bottom: top + Math.ceil(quantities.length / 2) * pitch };
}

function plotMarks(
  page: Page,
  box: Box,
  epochs: readonly number[],
  { name, values, share = false }: EpochQuantity,
  lines: readonly LineStyle[],
): Mark[] {
  const finite = values.flat().filter(Number.isFinite);
  const [first, last] = [smallestOf(epochs), largestOf(epochs)];
  const x = axisOf(first, Math.max(last, first + 1), box.width / (page.small * 4), false);
  const plot: Plot = {
    box,
    // Epochs are whole: ticks between them are dropped.
    x: { ...x, ticks: x.ticks.filter(Number.isInteger) },
    y: axisOf(smallestOf(finite, 0), share ? 1 : largestOf(finite, 0), 4, true),
    size: page.small,
  };
  return [...axesMarks(plot, 'epoch', name), ...lines.flatMap((style, i) => curve(plot, epochs, values[i], style))];
}

/** A line through the finite values, broken where one is not; a dot per epoch while they are few. */
function curve(plot: Plot, epochs: readonly number[], values: readonly number[], { colour, dash }: LineStyle): Mark[] {
  const pieces: [number, number][][] = [[]];
  values.forEach((value, i) => {
    if (Number.isFinite(value)) pieces[pieces.length - 1].push([xAt(plot, epochs[i]), yAt(plot, value)]);
    else pieces.push([]);
  });
  const dots = epochs.length <= 12 ? pieces.flat().map(([x, y]) => filled(x - 1.2, y - 1.2, 2.4, 2.4, colour)) : [];
  return [...pieces.filter((piece) => piece.length > 1).map((piece) => line(piece, colour, 1.2, [...dash])), ...dots];
}
