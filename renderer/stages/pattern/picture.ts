// Numbers as pictures with a scale.
import { pairCounts } from '@shared/pattern/displacement';
import type { BlockPattern } from '@shared/pattern/analyse';
import type { Picture, Range } from '../../ui/HeatMap';

/** Length of the longer side of every map of the stage: it grows with the room of a question, in pattern.css. */
export const MAP_SIZE = 'var(--map-size)';

export const PART_TEXT = { before: 'before', added: 'added by the branches', after: 'after' } as const;

/** A picture of rows x columns values, row-major. */
export function pictureOf(values: ArrayLike<number>, rows: number, columns: number): Picture {
  return { rows, columns, data: Float32Array.from(values) };
}

/** log10 of the energy per weight at each displacement, relative to the mean over all weights; -infinity where there is none. */
export function displacementPicture({ shape, ...parts }: BlockPattern, part: 'before' | 'added' | 'after'): Picture {
  const { h, w } = shape;
  const counts = pairCounts(shape);
  const values = parts[part].byDisplacement.map((share, index) => Math.log10((share / counts[index]) * (h * w) ** 2));
  return pictureOf(values, 2 * h - 1, 2 * w - 1);
}

/** Smallest and largest finite value of pictures that share a scale, 0 included. */
export function finiteRange(pictures: readonly Picture[]): Range {
  let [low, high] = [0, 0];
  for (const { data } of pictures) {
    for (const value of data) if (Number.isFinite(value)) [low, high] = [Math.min(low, value), Math.max(high, value)];
  }
  return [low, high];
}
