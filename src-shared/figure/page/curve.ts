// A line of a plot: broken where it has no value, cut at the limits of the axes, a dot at each value while they are few.
import { xAt, yAt, type Plot } from './axes';
import { clippedArea, clippedLine, isInside } from './clip';
import { filled, line, type AreaMark, type Mark } from './display-list';

/** How a line looks in every plot of a figure, and its name in the key. */
export interface LineStyle {
  readonly name: string;
  readonly colour: string;
  readonly dash: readonly number[];
}

/** Draws the values (x, y); a pair with a y that is not finite is a gap. */
export function curveMarks(plot: Plot, values: readonly (readonly [number, number])[], { colour, dash }: LineStyle, dots: boolean): Mark[] {
  const pieces: [number, number][][] = [[]];
  for (const [x, y] of values) {
    if (Number.isFinite(y)) pieces[pieces.length - 1].push([xAt(plot, x), yAt(plot, y)]);
    else pieces.push([]);
  }
  const lines = pieces.flatMap((piece) => clippedLine(piece, plot.box)).map((piece) => line(piece, colour, 1.2, [...dash]));
  const points = dots ? pieces.flat().filter((point) => isInside(point, plot.box)) : [];
  return [...lines, ...points.map(([x, y]) => filled(x - 1.2, y - 1.2, 2.4, 2.4, colour))];
}

/** How much of what lies under a band is hidden by it. */
const BAND_OPACITY = 0.2;

/** The area between two lines over the same x, as one band for every stretch in which both are there. */
export function bandMarks(
  plot: Plot,
  values: readonly (readonly [x: number, low: number, high: number])[],
  { colour }: Pick<LineStyle, 'colour'>,
): AreaMark[] {
  const stretches: (readonly [number, number, number])[][] = [[]];
  for (const value of values) {
    if (Number.isFinite(value[1]) && Number.isFinite(value[2])) stretches[stretches.length - 1].push(value);
    else stretches.push([]);
  }
  return stretches.flatMap((stretch): AreaMark[] => {
    const at = (x: number, y: number): [number, number] => [xAt(plot, x), yAt(plot, y)];
    const around = [...stretch.map(([x, , high]) => at(x, high)), ...stretch.toReversed().map(([x, low]) => at(x, low))];
    const points = clippedArea(around, plot.box);
    return stretch.length < 2 || points.length < 3 ? [] : [{ kind: 'area', points, fill: colour, opacity: BAND_OPACITY }];
  });
}
