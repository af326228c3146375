// Values against epochs as lines, with a key: shared by training curves and by patterns over a run.
import { largestOf, smallestOf } from '../../base/extremes';
import { axesMarks, axisOf, plotBottom, type AxisTitles, type Plot } from './axes';
import { curveMarks, type LineStyle } from './curve';
import { line, textAt, type FigureTable, type Mark } from './display-list';
import { textWidth, wrapText } from './font-metrics';
import { rowsOf } from './tiles';
import { panelLetter, type Page, type Placed } from './layout';
import { rangeOf } from './sharing';

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
    const texts = wrapText(name, size, page.right - page.left - size * 2.5);
    const width = largestOf(texts.map((text) => textWidth(text, size)));
    if (x > page.left && x + size * 2.5 + width > page.right) [x, rowTop] = [page.left, rowTop + size * 1.4];
    const [at, first] = [x, rowTop];
    x += size * 4 + width;
    rowTop += (texts.length - 1) * size * 1.3;
    const sample = line(
      [
        [at, first + size * 0.65],
        [at + size * 2, first + size * 0.65],
      ],
      colour,
      1.4,
      [...dash],
    );
    return [sample, ...texts.map((text, i) => textAt(at + size * 2.5, first + size * (1 + 1.3 * i), text, size))];
  });
  return { marks, bottom: rowTop + size * 1.4 };
}

/** A picture with its key where the recipe wants it: above, below or nowhere. */
export function withKey(page: Page, top: number, key: (top: number) => Placed, picture: (top: number) => Placed): Placed {
  const { legend = 'above' } = page.layout;
  if (legend === 'none') return picture(top);
  const [first, second] = legend === 'above' ? [key, picture] : [picture, key];
  const above = first(top);
  const below = second(above.bottom);
  return { marks: [...above.marks, ...below.marks], bottom: below.bottom };
}

/** The quantities as plots, two beside each other where their names fit, all over the same epochs. */
export function epochPlots(
  page: Page,
  top: number,
  epochs: readonly number[],
  quantities: readonly EpochQuantity[],
  lines: readonly LineStyle[],
): Placed {
  const left = page.small * 3.6;
  const room = page.right - page.left;
  const half = room / 2 - left - page.size * 0.8;
  const widest = largestOf(quantities.map(({ name }, i) => textWidth(`${panelLetter(page, i)}${name}`, page.small)));
  const perRow = widest <= half ? 2 : 1;
  const width = perRow === 2 ? half : room - left - page.size * 0.8;
  let bottom = top;
  const marks = rowsOf([...quantities.entries()], perRow).flatMap((row) => {
    const boxes = row.map((_, i) => ({
      x: page.left + left + i * (width + left + page.size * 0.8),
      y: bottom + page.small * 1.8,
      width,
      height: width * (perRow === 2 ? 0.62 : 0.4) * page.scale,
    }));
    const plots = row.map(([at, quantity], i) => plotOf(page, boxes[i], epochs, quantity, `${panelLetter(page, at)}${quantity.name}`));
    bottom = plotBottom(plots[0].plot, plots[0].titles) + page.small * 0.4;
    return plots.flatMap(({ plot, titles }, i) => plotMarks(plot, titles, epochs, row[i][1], lines));
  });
  return { marks, bottom };
}

function plotOf(page: Page, box: Plot['box'], epochs: readonly number[], { name, values, share = false }: EpochQuantity, title: string) {
  const finite = values.flat().filter(Number.isFinite);
  const [first, last] = rangeOf(page, 'epoch', smallestOf(epochs), largestOf(epochs));
  const [low, high] = rangeOf(page, name, smallestOf(finite, 0), share ? 1 : largestOf(finite, 0));
  const { xRange, yRange } = page.layout;
  const x = axisOf(first, Math.max(last, first + 1), box.width / (page.small * 4), false, xRange);
  const plot: Plot = {
    box,
    // Epochs are whole: ticks between them are dropped.
    x: { ...x, ticks: x.ticks.filter(Number.isInteger) },
    y: axisOf(low, high, 4, true, yRange),
    size: page.small,
  };
  return { plot, titles: { x: 'epoch', y: title } };
}

function plotMarks(
  plot: Plot,
  titles: AxisTitles,
  epochs: readonly number[],
  { values }: EpochQuantity,
  lines: readonly LineStyle[],
): Mark[] {
  const curves = lines.flatMap((style, i) => {
    const pairs = epochs.map((epoch, at) => [epoch, values[i][at]] as const);
    return curveMarks(plot, pairs, style, epochs.length <= MOST_DOTTED);
  });
  return [...axesMarks(plot, titles), ...curves];
}

const MOST_DOTTED = 12;

/** The numbers of the plots, a row per epoch. */
export function epochTable(epochs: readonly number[], quantities: readonly EpochQuantity[], lines: readonly LineStyle[]): FigureTable {
  const columns = quantities.flatMap(({ name }) => lines.map((style) => `${name}, ${style.name}`));
  const rows = epochs.map((epoch, at) => [epoch, ...quantities.flatMap(({ values }) => values.map((line) => line[at]))]);
  return { name: 'epochs', columns: ['epoch', ...columns], rows };
}
