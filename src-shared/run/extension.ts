// Whether a run can be made longer. More epochs make it the run it would have been from the start only where none
// of its learning rates depends on their number.
import { isSpreadOverRun } from '../training/recipe/schedule';
import { newestCheckpoint } from './checkpoints';
import type { RunRecord } from './run';

/** Why a run cannot have `epochs` epochs, as the beginning of a sentence for the user; null if it can. */
export function reasonNotToExtend(run: RunRecord, epochs: number): string | null {
  const { recipe } = run.config;
  const { kind } = recipe.schedule;
  if (epochs < recipe.epochs) return `the run was started for ${recipe.epochs} epochs, fewer (${epochs}) cannot be asked of it`;
  if (isSpreadOverRun(recipe.schedule))
    return `the run's ${kind} schedule spreads its learning rates over its ${recipe.epochs} epochs, so ${epochs} epochs would be another run from the first step on (a constant or a steps schedule can be extended)`;
  const done = newestCheckpoint(run)?.epoch ?? 0;
  if (run.state === 'finished' && done < recipe.epochs)
    return `the run's stop condition ended it after ${done} of ${recipe.epochs} epochs, and would end it there again`;
  return null;
}
