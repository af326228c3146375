// What a figure is held against where no venue says otherwise, each with its reason.
import type { Vision } from './colour-vision';

/** Least CIEDE2000 difference of two colours that mean different things. Around 10 two patches that do not touch are told apart at a glance; under a deficiency and on a grey print less must do. */
export const LEAST_DIFFERENCE: Readonly<Record<Vision, number>> = { normal: 12, protanopia: 8, deuteranopia: 8, tritanopia: 8, grey: 8 };

/** Least difference of neighbouring steps when a scale is cut into eight: a step of about 1 is just seen side by side. */
export const LEAST_STEP: Readonly<Record<Vision, number>> = { normal: 2, protanopia: 2, deuteranopia: 2, tritanopia: 2, grey: 1 };
export const SCALE_STEPS = 8;
/** More colours than this are no legend's. */
export const MOST_LEGEND = 12;

/** Press limits: pixels per inch of rasters (most venues), line width in points below which plates drop lines, page size in millimetres. */
export const LEAST_DPI = 300;
export const LEAST_LINE_PT = 0.25;
/** Smallest type that is read in print, points. */
export const LEAST_TYPE_PT = 5;
export const SIZE_TOLERANCE_MM = 0.1;
