// Runs that differ in nothing but their seeds, together: the mean of their best validation metric, and how far they spread.
// Invariant: everything else that makes a run (network, data, recipe, backend asked for) is the same within a group.
import { largestOf, smallestOf } from '../base/extremes';
import type { RunRecord } from './run';
import { bestMetric } from './run-cost';

export interface RunGroup<Run extends RunRecord> {
  /** What all of them share, as a text that is equal for equal groups. */
  readonly key: string;
  readonly runs: readonly Run[];
  readonly metric: Spread | null;
}

/** Of the runs that have a metric; `deviation` is the sample's (n - 1), null of one alone. */
export interface Spread {
  readonly count: number;
  readonly mean: number;
  readonly deviation: number | null;
  readonly least: number;
  readonly most: number;
}

/** Groups in the order of their first runs. */
export function groupRuns<Run extends RunRecord>(list: readonly Run[]): RunGroup<Run>[] {
  const groups = new Map<string, Run[]>();
  for (const run of list) {
    const key = withoutSeeds(run);
    groups.set(key, [...(groups.get(key) ?? []), run]);
  }
  return [...groups].map(([key, runs]) => ({ key, runs, metric: spreadOf(runs.flatMap((run) => bestMetric(run) ?? [])) }));
}

/** A run's configuration without the seeds of its weights, order and augmentation, whatever order its fields are in. */
function withoutSeeds({ config }: RunRecord): string {
  const { seed, seeds, ...rest } = config;
  void [seed, seeds];
  return JSON.stringify(rest, (_, value: unknown) =>
    typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.fromEntries(Object.entries(value).sort()) : value,
  );
}

/** Mean and spread; null of no values. */
export function spreadOf(values: readonly number[]): Spread | null {
  if (values.length === 0) return null;
  const count = values.length;
  const mean = values.reduce((sum, value) => sum + value, 0) / count;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  const deviation = count === 1 ? null : Math.sqrt(squares / (count - 1));
  return { count, mean, deviation, least: smallestOf(values), most: largestOf(values) };
}
