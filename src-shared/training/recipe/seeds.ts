// Where the randomness of a run starts. One seed serves all three uses unless a run names them apart: runs
// that share shuffle and augmentation but not init see the same pictures and differ in their first weights only.
import type { RunSeeds, TrainingConfig } from './recipe';

/** The three seeds of a run; those it does not name are its one seed. */
export function seedsOf({ seed, seeds }: Pick<TrainingConfig, 'seed' | 'seeds'>): RunSeeds {
  return { init: seed, shuffle: seed, augmentation: seed, ...seeds };
}

/** The seeds in words: `init 1, shuffle 1, augmentation 1`. */
export function seedsText(config: Pick<TrainingConfig, 'seed' | 'seeds'>): string {
  const { init, shuffle, augmentation } = seedsOf(config);
  return `init ${init}, shuffle ${shuffle}, augmentation ${augmentation}`;
}
