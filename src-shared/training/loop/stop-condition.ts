// When a run ends before its epochs are done: the validation metric has reached a target, or has not become
// better for a number of epochs. A function of the position alone, so a resumed run stops where it would have.
import type { Position } from './position';
import type { StopCondition } from '../recipe/recipe';

/** Why a run at the end of an epoch is to stop, as words for the user; null to go on. */
export function reasonToStop(condition: StopCondition | undefined, { epoch, best, bestEpoch }: Position): string | null {
  if (condition === undefined) return null;
  const { metric, patience } = condition;
  if (metric !== null && best >= metric) return `the validation metric has reached ${metric}`;
  if (patience !== null && epoch - bestEpoch >= patience)
    return `the validation metric has not become better for ${patience === 1 ? 'an epoch' : `${patience} epochs`}`;
  return null;
}
