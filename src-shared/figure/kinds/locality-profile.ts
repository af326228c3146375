// The locality profile as a plot: mean energy per weight against distance, on a logarithmic axis, before
// and after merging, with a pure convolution of the same size and the even distribution of random weights.
import { largestOf, smallestOf } from '../../base/extremes';
import type { BlockPattern } from '../../pattern/analyse';
import type { Locality } from '../../pattern/locality';
import { axesMarks, axisOf, plotBottom, type Plot } from '../page/axes';
import { curveMarks, type LineStyle } from '../page/curve';
import { FAINT_INK, type Mark } from '../page/display-list';
import { lineKey, withKey } from '../page/epoch-plot';
import { figureNumber, type Page, type Placed } from '../page/layout';
import { AFTER, BEFORE, SERIES } from '../page/series-colours';
import { rangeOf } from '../page/sharing';

export interface Series extends LineStyle {
  readonly locality: Locality;
}

const TITLES = { x: 'distance between input and output position, pixels', y: 'energy per weight, mean = 1' } as const;

/** The plot with its key. */
export function profilePlot(page: Page, top: number, series: readonly Series[]): Placed {
  return withKey(
    page,
    top,
    (at) => lineKey(page, at, series, page.small),
    (at) => profileAlone(page, at, series),
  );
}

function profileAlone(page: Page, top: number, series: readonly Series[]): Placed {
  const left = page.left + page.small * 3.6;
  const box = { x: left, y: top + page.small * 1.6, width: page.right - left - page.size, height: (page.right - left) * 0.3 * page.scale };
  const densities = series.flatMap(({ locality }) => locality.densityByDistance).filter((density) => density > 0);
  const exponents = densities.length === 0 ? [0] : densities.map(Math.log10);
  // Below a ten-thousandth of the mean there is rounding only.
  const own = Math.max(-4, Math.floor(smallestOf(exponents)));
  const [lowest, highest] = rangeOf(page, TITLES.y, own, Math.max(own + 1, Math.ceil(largestOf(exponents))));
  const y = axisOf(lowest, highest, 4, true);
  const [, last] = rangeOf(page, TITLES.x, 0, largestOf(series.map(({ locality }) => locality.byDistance.length)) - 1);
  const plot: Plot = {
    box,
    x: axisOf(0, Math.max(1, last), 8, false, page.layout.xRange),
    y: { ...y, ticks: y.ticks.filter(Number.isInteger) },
    size: page.small,
  };
  const axes = axesMarks(plot, TITLES, (exponent) => figureNumber(10 ** exponent));
  const curves = series.flatMap((one) => densityMarks(plot, one));
  return { marks: [...axes, ...curves], bottom: plotBottom(plot, TITLES) };
}

/** Before and after merging, with both baselines. */
export function mergeSeries({ before, added, after, baselines }: BlockPattern): Series[] {
  const own: Series[] = [
    { name: 'before', colour: BEFORE, dash: [], locality: before.locality },
    // As the window shows it: what the branches add has a profile of its own where they add something.
    ...(added.energy > 0 ? [{ name: 'added by the branches', colour: SERIES[3], dash: [2, 1], locality: added.locality }] : []),
    { name: 'after merging', colour: AFTER, dash: [], locality: after.locality },
    { name: 'random weights', colour: FAINT_INK, dash: [1, 1.5], locality: baselines.random },
  ];
  return baselines.convolution
    ? [...own, { name: 'pure convolution', colour: SERIES[2], dash: [4, 2], locality: baselines.convolution }]
    : own;
}

/** A line through the densities above the axis's lower end, broken where there is none. */
function densityMarks(plot: Plot, one: Series): Mark[] {
  const values = one.locality.densityByDistance.map((density, distance): [number, number] => {
    const exponent = density > 0 ? Math.log10(density) : Number.NaN;
    return [distance, exponent >= plot.y.from ? exponent : Number.NaN];
  });
  return curveMarks(plot, values, one, values.length <= MOST_DOTTED);
}

const MOST_DOTTED = 20;
