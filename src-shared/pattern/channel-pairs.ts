// Locality per channel pair: how far output channel o looks in input channel c, for every pair of a matrix.
import { z } from 'zod';
import { computed, type Stored } from '../base/sent';
import type { FcShape } from '../matrix/geometry';
import { displacementCount } from './displacement';
import { localityOf } from './locality';
import { visitPair } from './pair-kernel';

export const channelPairsSchema = z.object({
  /** Share of the pair's energy outside the largest kernel's window. */
  longRangeShare: z.array(computed),
  /** Smallest distance within which at least half of the pair's energy lies, in pixels. */
  halfEnergyRadius: z.array(computed),
});
/** One number per pair, (O, channels) row-major. */
export type ChannelPairs = Stored<z.infer<typeof channelPairsSchema>>;

/** Locality of every pair of a matrix (O*h*w, channels*h*w); K is the largest kernel (0 without branches). */
export function channelPairs(matrix: Float32Array, shape: FcShape, K: number): ChannelPairs {
  const { O, channels } = shape;
  const pairs = Array.from({ length: O * channels }, (_, pair) =>
    localityOf(pairEnergies(matrix, shape, Math.floor(pair / channels), pair % channels), shape, K),
  );
  return {
    longRangeShare: pairs.map(({ longRangeShare }) => longRangeShare),
    halfEnergyRadius: pairs.map(({ halfEnergyRadius }) => halfEnergyRadius),
  };
}

/** Energy by displacement of one pair: (2h-1, 2w-1). */
function pairEnergies(matrix: Float32Array, shape: FcShape, o: number, c: number): Float64Array {
  const energies = new Float64Array(displacementCount(shape));
  visitPair(shape, o, c, (index, displacement) => (energies[displacement] += matrix[index] ** 2));
  return energies;
}
