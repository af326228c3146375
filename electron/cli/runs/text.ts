// Runs as a table on the terminal, and runs over their seeds.
import type { ListedRun } from '@shared/link/studio';
import { bestMetric } from '@shared/run/run-cost';
import type { RunGroup, Spread } from '@shared/run/groups';
import { alignedColumns } from '@shared/base/aligned-columns';
import { fixed, signedFixed } from '@shared/base/number-text';

const percent = (share: number): string => `${fixed(100 * share, 1)} %`;
const points = (share: number): string => signedFixed(100 * share, 1);

/** A line a run; with a baseline how far each is from it, in points. */
export function listText(runs: readonly ListedRun[]): string[] {
  if (runs.length === 0) return ['No runs.'];
  const baseline = runs.find((run) => run.baseline);
  const against = baseline ? bestMetric(baseline) : null;
  const rows = runs.map((run) => {
    const best = bestMetric(run);
    const difference = best === null || against === null ? '' : run === baseline ? 'baseline' : points(best - against);
    return [run.name, run.config.spec.name, run.state, best === null ? '-' : percent(best), difference, run.tags.join(' '), run.note];
  });
  return alignedColumns([['run', 'network', 'state', 'best validation', 'against baseline', 'tags', 'note'], ...rows]);
}

/** A line a group. */
export function groupsText(groups: readonly RunGroup<ListedRun>[]): string[] {
  if (groups.length === 0) return ['No runs.'];
  const rows = groups.map(({ runs, metric }) => [
    runs[0].config.spec.name,
    runs[0].config.recipe.name,
    metric ? spreadText(metric) : '-',
    runs.map(({ name }) => name).join(', '),
  ]);
  return alignedColumns([['network', 'recipe', 'best validation', 'runs'], ...rows]);
}

function spreadText({ count, mean, deviation, least, most }: Spread): string {
  if (deviation === null) return `${percent(mean)}, one seed`;
  return `${percent(mean)} +- ${fixed(100 * deviation, 1)} (${percent(least)} to ${percent(most)}, ${count} seeds)`;
}
