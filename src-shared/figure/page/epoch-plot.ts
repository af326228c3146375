// Values against epochs as lines, with a key: shared by training curves and by patterns over a run.
import { largestOf, smallestOf } from '../../base/extremes';
import { digitsOf, logTicks } from '../../base/ticks';
import { UserError } from '../../base/user-error';
import { axesMarks, axisOf, plotBottom, type Axis, type AxisTitles, type Plot } from './axes';
import { bandMarks, curveMarks, type LineStyle } from './curve';
import { line, textAt, type FigureTable, type Mark } from './display-list';
import { textWidth, wrapText } from './font-metrics';
import { rowsOf } from './tiles';
import { figureNumber, panelLetter, type Page, type Placed } from './layout';
import { rangeOf } from './sharing';

/** A quantity over the epochs: one value per epoch and line, NaN where there is none. */
export interface EpochQuantity {
  readonly name: string;
  readonly values: readonly (readonly number[])[];
  /** Whether the values are shares: their axis ends at 1. */
  readonly share?: boolean;
  /** Whether their axis is logarithmic; what is not positive is left out of it. */
  readonly log?: boolean;
  /** How far the values spread to both sides, per line and epoch; null for a line that has no spread. */
  readonly spread?: readonly (readonly number[] | null)[];
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

function plotOf(page: Page, box: Plot['box'], epochs: readonly number[], quantity: EpochQuantity, title: string) {
  const [first, last] = rangeOf(page, 'epoch', smallestOf(epochs), largestOf(epochs));
  const { xRange } = page.layout;
  const x = axisOf(first, Math.max(last, first + 1), box.width / (page.small * 4), false, xRange);
  const plot: Plot = {
    box,
    // Epochs are whole: ticks between them are dropped.
    x: { ...x, ticks: x.ticks.filter(Number.isInteger) },
    y: quantity.log ? logAxis(page, quantity, box.height / (page.small * 2)) : linearAxis(page, quantity),
    size: page.small,
  };
  return { plot, titles: { x: 'epoch', y: title } };
}

/** All values of a quantity with what they spread to. */
function reachOf({ values, spread = [] }: EpochQuantity): number[] {
  const beyond = values.flatMap((line, i) => line.flatMap((value, at) => [value - (spread[i]?.[at] ?? 0), value + (spread[i]?.[at] ?? 0)]));
  return [...values.flat(), ...beyond].filter(Number.isFinite);
}

function linearAxis(page: Page, quantity: EpochQuantity): Axis {
  const reach = reachOf(quantity);
  const [low, high] = rangeOf(page, quantity.name, smallestOf(reach, 0), quantity.share ? 1 : largestOf(reach, 0));
  return axisOf(low, high, 4, true, page.layout.yRange);
}

/** An axis of powers of ten, its ticks at round numbers. */
function logAxis(page: Page, quantity: EpochQuantity, most: number): Axis {
  const asked = page.layout.yRange;
  if (asked !== undefined && asked[0] <= 0)
    throw new UserError(`the axis is logarithmic: its limits are positive, got ${asked.join(' to ')}`);
  const positive = reachOf(quantity).filter((value) => value > 0);
  const own = positive.length === 0 ? ([0.1, 1] as const) : ([smallestOf(positive), largestOf(positive)] as const);
  const [low, high] = asked ?? rangeOf(page, `${quantity.name}, logarithmic`, ...own);
  const [from, to] = low === high ? [low / 2, high * 2] : [low, high];
  return { from: Math.log10(from), to: Math.log10(to), ticks: logTicks(from, to, most).map(Math.log10) };
}

function plotMarks(
  plot: Plot,
  titles: AxisTitles,
  epochs: readonly number[],
  quantity: EpochQuantity,
  lines: readonly LineStyle[],
): Mark[] {
  const { values, spread = [], log = false } = quantity;
  const placed = (value: number): number => (log ? (value > 0 ? Math.log10(value) : Number.NaN) : value);
  const bands = lines.flatMap((style, i) => {
    const own = spread[i];
    if (!own) return [];
    // A spread that reaches zero ends at a logarithmic axis.
    const low = (at: number): number => (log && values[i][at] - own[at] <= 0 ? plot.y.from : placed(values[i][at] - own[at]));
    return bandMarks(
      plot,
      epochs.map((epoch, at) => [epoch, low(at), placed(values[i][at] + own[at])] as const),
      style,
    );
  });
  const curves = lines.flatMap((style, i) => {
    const pairs = epochs.map((epoch, at) => [epoch, placed(values[i][at])] as const);
    return curveMarks(plot, pairs, style, epochs.length <= MOST_DOTTED);
  });
  const digits = digitsOf(plot.y.ticks.map((exponent) => Number((10 ** exponent).toPrecision(9))));
  const yText = log ? (exponent: number) => figureNumber(10 ** exponent, digits) : undefined;
  return [...axesMarks(plot, titles, yText), ...bands, ...curves];
}

const MOST_DOTTED = 12;

/** The numbers of the plots, a row per epoch. */
export function epochTable(epochs: readonly number[], quantities: readonly EpochQuantity[], lines: readonly LineStyle[]): FigureTable {
  const columns = quantities.flatMap(({ name }) => lines.map((style) => `${name}, ${style.name}`));
  const rows = epochs.map((epoch, at) => [epoch, ...quantities.flatMap(({ values }) => values.map((line) => line[at]))]);
  return { name: 'epochs', columns: ['epoch', ...columns], rows };
}
