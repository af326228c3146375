// The locality profile as a plot: mean energy per weight against distance, on a logarithmic axis, before
// and after merging, with a pure convolution of the same size and the even distribution of random weights.
import { largestOf, smallestOf } from '../../base/extremes';
import type { BlockPattern } from '../../pattern/analyse';
import type { Locality } from '../../pattern/locality';
import { axesMarks, axisOf, xAt, yAt, type Plot } from '../page/axes';
import { FAINT_INK, filled, line, type Mark } from '../page/display-list';
import { lineKey, type LineStyle } from '../page/epoch-plot';
import { figureNumber, type Page, type Placed } from '../page/layout';

export interface Series extends LineStyle {
  readonly locality: Locality;
}

/** The plot with its key. */
export function profilePlot(page: Page, top: number, series: readonly Series[]): Placed {
  const key = lineKey(page, top, series, page.small);
  const left = page.left + page.small * 3.6;
  const box = { x: left, y: key.bottom + page.small * 1.6, width: page.right - left - page.size, height: (page.right - left) * 0.3 };
  const densities = series.flatMap(({ locality }) => locality.densityByDistance).filter((density) => density > 0);
  const exponents = densities.length === 0 ? [0] : densities.map(Math.log10);
  // Below a ten-thousandth of the mean there is rounding only.
  const lowest = Math.max(-4, Math.floor(smallestOf(exponents)));
  const y = axisOf(lowest, Math.max(lowest + 1, Math.ceil(largestOf(exponents))), 4, true);
  const last = largestOf(series.map(({ locality }) => locality.byDistance.length)) - 1;
  const plot: Plot = {
    box,
    x: axisOf(0, Math.max(1, last), 8, false),
    y: { ...y, ticks: y.ticks.filter(Number.isInteger) },
    size: page.small,
  };
  const axes = axesMarks(plot, 'distance between input and output position, pixels', 'energy per weight, mean = 1', (exponent) =>
    figureNumber(10 ** exponent),
  );
  const curves = series.flatMap((one) => curveMarks(plot, one));
  return { marks: [...key.marks, ...axes, ...curves], bottom: box.y + box.height + page.small * 2.9 };
}

/** Before and after merging, with both baselines. */
export function mergeSeries({ before, after, baselines }: BlockPattern): Series[] {
  const own: Series[] = [
    { name: 'before', colour: '#c9650f', dash: [], locality: before.locality },
    { name: 'after merging', colour: '#2a6fae', dash: [], locality: after.locality },
    { name: 'random weights', colour: FAINT_INK, dash: [1, 1.5], locality: baselines.random },
  ];
  return baselines.convolution
    ? [...own, { name: 'pure convolution', colour: '#5a3d8a', dash: [4, 2], locality: baselines.convolution }]
    : own;
}

/** A line through the densities above the axis's lower end, broken where there is none, and a dot at each. */
function curveMarks(plot: Plot, { locality, colour, dash }: Series): Mark[] {
  const pieces: [number, number][][] = [[]];
  locality.densityByDistance.forEach((density, distance) => {
    if (density > 0 && Math.log10(density) >= plot.y.from)
      pieces[pieces.length - 1].push([xAt(plot, distance), yAt(plot, Math.log10(density))]);
    else pieces.push([]);
  });
  const dots = locality.densityByDistance.length <= 20 ? pieces.flat().map(([x, y]) => filled(x - 1.1, y - 1.1, 2.2, 2.2, colour)) : [];
  return [...pieces.filter((piece) => piece.length > 1).map((piece) => line(piece, colour, 1.2, [...dash])), ...dots];
}
