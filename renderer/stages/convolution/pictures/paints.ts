// The colours of the stage: greys for a picture of light, and for signed numbers the scale whose zero is the theme's ground.
import { useMemo } from 'react';
import { colourAt, type Rgb } from '@shared/colour/table';
import { useScale } from '../../../ui/HeatMap';
import type { Paint } from './grid';

/** Black is not quite black, so that a black pixel is told from what is not there. */
const DARKEST = 20;

/** Values from 0 to `white` as greys; brighter ones are white. */
export function greys(white: number): Paint {
  return (value) => {
    const grey = Math.round(DARKEST + (255 - DARKEST) * Math.max(0, Math.min(1, value / white)));
    return [grey, grey, grey];
  };
}

/** Signed numbers around zero, up to `limit` on both sides. */
export function useSignedPaint(limit: number): Paint {
  const scale = useScale(undefined);
  return useMemo(
    () =>
      (value: number): Rgb =>
        colourAt(scale, limit > 0 ? 0.5 + value / (2 * limit) : 0.5),
    [scale, limit],
  );
}

/** Largest magnitude; 0 of none. */
export function largestOf(...arrays: readonly ArrayLike<number>[]): number {
  return arrays.reduce((most, values) => {
    for (let k = 0; k < values.length; k++) most = Math.max(most, Math.abs(values[k]));
    return most;
  }, 0);
}
