// The learning rate of a run: its schedule's, or what was asked for on the fly. A function of the position and the step.
import type { Position } from './position';
import type { TrainingConfig } from '../recipe/recipe';
import { type RunLength, learningRateAt } from '../recipe/schedule';

interface Rated {
  readonly position: Position;
  readonly length: RunLength;
  readonly config: Pick<TrainingConfig, 'recipe'>;
}

/** The learning rate of step `step` (0-based) of the present epoch. */
export function rateAt({ position, length, config }: Rated, step: number): number {
  const { schedule } = config.recipe;
  const known = position.isWarm ? { ...schedule, warmupEpochs: 0 } : schedule;
  return learningRateAt(known, position.epoch * length.stepsPerEpoch + step, length) * position.rateFactor;
}

/**
 * The rate that was asked for holds from the run's position on, and the schedule goes on in proportion; it ends a warm-up,
 * whose growth would carry it many times beyond what was asked for.
 */
export function askRate(run: Rated, asked: number): void {
  const { position } = run;
  Object.assign(position, { isWarm: 1, rateFactor: 1 });
  position.rateFactor = asked / rateAt(run, position.step);
}
