// How far a layer looks: energy against distance between input and output position, with what chance and
// a pure convolution would give.
import { z } from 'zod';
import { computed, type Stored } from '../base/sent';
import { distances, kernelWindow, pairCounts, type PartitionSize } from './displacement';

export const localitySchema = z.object({
  /** Share of the energy at rounded Euclidean distance 0, 1, 2, ... pixels; sums to 1 (all 0 for a zero matrix). */
  byDistance: z.array(computed),
  /** Mean energy per weight at that distance, relative to the mean over all weights: 1 everywhere means no locality. */
  densityByDistance: z.array(computed),
  /** Smallest distance within which at least half of the energy lies, in pixels; NaN where the energy is no number. */
  halfEnergyRadius: computed,
  /** Share of the energy outside the largest kernel's window. */
  longRangeShare: computed,
});
/** Energy of one layer against distance. */
export type Locality = Stored<z.infer<typeof localitySchema>>;

export const localityBaselinesSchema = z.object({
  /** Independent random weights of one variance (random initialisation): energy in proportion to n(dy, dx). */
  random: localitySchema,
  /** A K x K convolution with kernel values of one variance, K the largest branch; null without branches. */
  convolution: localitySchema.nullable(),
  /** Expected share of the translation-invariant part for random weights: (2h-1)(2w-1) / (hw)^2, the ratio of dimensions. */
  randomInvariantShare: computed,
});
/** What two extreme layers of the same size would give. */
export type LocalityBaselines = Stored<z.infer<typeof localityBaselinesSchema>>;

/** Locality of a table of energies by displacement (2h-1, 2w-1); K is the largest kernel (0 without branches). */
export function localityOf(byDisplacement: Float64Array, size: PartitionSize, K: number): Locality {
  const distance = distances(size);
  const total = byDisplacement.reduce((sum, energy) => sum + energy, 0);
  const energy = binned(byDisplacement, distance);
  const counts = binned(pairCounts(size), distance);
  const meanDensity = total / (size.h * size.w) ** 2;
  const window = kernelWindow(size, K);
  const inside = K === 0 ? 0 : byDisplacement.reduce((sum, value, index) => sum + value * window[index], 0);
  return {
    byDistance: energy.map((value) => (total === 0 ? 0 : value / total)),
    densityByDistance: energy.map((value, bin) => (total === 0 ? 0 : value / counts[bin] / meanDensity)),
    halfEnergyRadius: halfEnergyRadius(byDisplacement, distance, total),
    longRangeShare: total === 0 ? 0 : (total - inside) / total,
  };
}

/** Baselines for a partition and largest kernel K (0 without branches). */
export function localityBaselines(size: PartitionSize, K: number): LocalityBaselines {
  const counts = pairCounts(size);
  const window = kernelWindow(size, K);
  const positions = size.h * size.w;
  return {
    random: localityOf(counts, size, K),
    convolution:
      K === 0
        ? null
        : localityOf(
            counts.map((count, index) => count * window[index]),
            size,
            K,
          ),
    randomInvariantShare: counts.length / positions ** 2,
  };
}

/** Sums of a displacement table over rounded distances. */
function binned(table: Float64Array, distance: Float64Array): number[] {
  const bins = new Array<number>(Math.round(distance[0]) + 1).fill(0);
  table.forEach((value, index) => (bins[Math.round(distance[index])] += value));
  return bins;
}

function halfEnergyRadius(byDisplacement: Float64Array, distance: Float64Array, total: number): number {
  if (total === 0 || !Number.isFinite(total)) return total === 0 ? 0 : NaN;
  const order = Array.from(distance.keys()).sort((a, b) => distance[a] - distance[b]);
  let inside = 0;
  for (const index of order) {
    inside += byDisplacement[index];
    // A hair below one half, so that rounding of the sum does not push an exact half one ring out.
    if (inside >= total * (0.5 - 1e-12)) return distance[index];
  }
  return distance[order[order.length - 1]];
}
