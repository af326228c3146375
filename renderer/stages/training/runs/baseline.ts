// The run that the others are held against.
import type { ListedRun } from '@shared/link/studio';
import { bestMetric } from '@shared/run/run-cost';
import { fixed } from '@shared/base/number-text';
import { signed } from '../../../ui/format';

export function baselineOf(list: readonly ListedRun[]): ListedRun | undefined {
  return list.find(({ baseline }) => baseline);
}

/** How far a run's best metric is from the baseline's, in words; null where there is none, or nothing to hold against it. */
export function againstBaseline(run: ListedRun, list: readonly ListedRun[]): string | null {
  const baseline = baselineOf(list);
  if (!baseline) return null;
  if (baseline.name === run.name) return 'baseline';
  const [own, its] = [bestMetric(run), bestMetric(baseline)];
  // Of another task it is another metric.
  if (own === null || its === null || run.config.spec.task !== baseline.config.spec.task) return null;
  return pointsText(own - its);
}

/** A difference of shares. */
export function pointsText(difference: number): string {
  return signed(difference, (share) => `${fixed(100 * share, 1)} points`);
}
