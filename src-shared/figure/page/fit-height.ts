// A figure no higher than its venue takes: pictures become smaller, while type keeps its size.
import { smallestOf } from '../../base/extremes';
import { UserError } from '../../base/user-error';
import { millimetres, points, type DisplayList } from './display-list';
import type { SheetLayout } from './layout';
import { illegibleIn } from './panel-fit';

/** Sizes of pictures tried in turn. */
const SCALES = [0.85, 0.7, 0.6, 0.5, 0.42, 0.35, 0.28];

/** Draws a figure that stands by itself: in the layout's height, and with room for its words. Throws UserError where there is none. */
export function readable(layout: SheetLayout, draw: (layout: SheetLayout) => DisplayList): DisplayList {
  const figure = withinHeight(layout, draw);
  // Of a panel, the sheet that it stands on says so, by the panel's letter.
  const problem = layout.shared === undefined ? illegibleIn(figure) : null;
  if (problem === null) return figure;
  throw new UserError(
    `the figure is too narrow for its words at ${Number(layout.widthMm.toFixed(1))} mm in ${Number(layout.fontPt.toFixed(1))} pt: ${problem}; make it wider, or its type smaller`,
  );
}

/** Draws in the layout's height. Throws UserError where even the smallest pictures are too high. */
export function withinHeight(layout: SheetLayout, draw: (layout: SheetLayout) => DisplayList): DisplayList {
  const whole = draw(layout);
  const { heightMm, widthMm } = layout;
  if (heightMm === undefined || whole.height <= points(heightMm)) return whole;
  const heights = [whole.height];
  for (const scale of SCALES) {
    const lower = draw({ ...layout, scale });
    // Words over words are no figure: then it cannot be made so low.
    if (illegibleIn(lower) !== null) break;
    if (lower.height <= points(heightMm)) return lower;
    heights.push(lower.height);
  }
  const least = millimetres(smallestOf(heights)).toFixed(0);
  const captionHint = layout.caption === false ? '' : 'leave its caption out ("caption": false), ';
  throw new UserError(
    `the figure would be ${least} mm high at ${widthMm} mm width, and ${heightMm} mm are allowed; ${captionHint}make it wider, or show less`,
  );
}
