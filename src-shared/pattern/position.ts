// Where a layer looks and where it writes: energy by input and by output position, and how much of both
// sits on the partition's border (zero padding makes a convolution weaker there).
import { z } from 'zod';
import { computed, type Stored } from '../base/sent';
import type { PartitionSize } from './displacement';
import type { Energies } from './energies';

export const positionMapsSchema = z.object({
  output: z.array(computed),
  input: z.array(computed),
  /** Mean of the border cells over mean of the inner cells; null where the partition has no inner cell or no energy. */
  outputBorder: computed.nullable(),
  inputBorder: computed.nullable(),
});
/** Energy maps of one layer over the h x w partition, row-major, relative to their mean (1 everywhere = no preference). */
export type PositionMaps = Stored<z.infer<typeof positionMapsSchema>>;

/** Position maps of all output channels together, or of one (`o`). */
export function positionMaps({ byOutput, byInput, shape }: Energies, o: number | null = null): PositionMaps {
  const output = mapOf(byOutput, shape, o);
  const input = mapOf(byInput, shape, o);
  return { output, input, outputBorder: borderEffect(output, shape), inputBorder: borderEffect(input, shape) };
}

function mapOf(energies: Float64Array, { h, w }: PartitionSize, o: number | null): number[] {
  const chosen = o === null ? energies : energies.subarray(o * h * w, (o + 1) * h * w);
  const map = new Array<number>(h * w).fill(0);
  chosen.forEach((energy, index) => (map[index % (h * w)] += energy));
  const mean = map.reduce((sum, value) => sum + value, 0) / map.length;
  return mean === 0 ? map : map.map((value) => value / mean);
}

/** mean(border cells) / mean(inner cells) of an h x w map. */
export function borderEffect(map: readonly number[], { h, w }: PartitionSize): number | null {
  const inner = (index: number): boolean => {
    const [row, column] = [Math.floor(index / w), index % w];
    return row > 0 && row < h - 1 && column > 0 && column < w - 1;
  };
  const innerMean = meanOf(map.filter((_, index) => inner(index)));
  const borderMean = meanOf(map.filter((_, index) => !inner(index)));
  return innerMean === null || borderMean === null || innerMean === 0 ? null : borderMean / innerMean;
}

function meanOf(values: readonly number[]): number | null {
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
}
