// Runs as points of a plane: work of the merged form on a logarithmic axis, best validation metric on a
// linear one. Invariant: x and y lie in 0..1 of the axes' ranges; runs without a validated epoch are left out.
import { largestOf, smallestOf } from '@shared/base/extremes';
import { logTicks, roundTicks, shareRange } from '@shared/base/ticks';
import { ledger } from '@shared/cost/ledger';
import { bestMetric } from '@shared/run/run-cost';
import { mergedSpec } from '@shared/model/merged-spec';
import type { NetworkSpec, Task } from '@shared/model/spec';
import type { RunRecord } from '@shared/run/run';
import { newestCheckpoint } from '@shared/run/checkpoints';

export interface ScatterPoint {
  readonly run: string;
  readonly model: string;
  /** File of its newest train-form checkpoint; null where it has none. */
  readonly newest: string | null;
  readonly macs: number;
  readonly metric: number;
  readonly x: number;
  readonly y: number;
}

export interface Scatter {
  readonly points: readonly ScatterPoint[];
  readonly macs: readonly [number, number];
  readonly metric: readonly [number, number];
  readonly tasks: readonly Task[];
}

type MeasuredRun = Pick<RunRecord, 'name' | 'checkpoints'> & { readonly config: Pick<RunRecord['config'], 'spec'> };

/** The points of all runs that have a validated checkpoint. */
export function scatterOf(runs: readonly MeasuredRun[]): Scatter {
  const measuredRuns = runs.flatMap((run) => {
    const metric = bestMetric(run);
    return metric === null ? [] : [{ run, metric, macs: mergedMacs(run.config.spec) }];
  });
  const macs = widened(rangeOf(measuredRuns.map((one) => Math.log10(one.macs))), 0.1);
  const [worst, best] = rangeOf(measuredRuns.map((one) => one.metric));
  const metric = shareRange(worst, best, Math.max(0.02, (best - worst) / 10));
  const points = measuredRuns.map((one) => ({
    run: one.run.name,
    model: one.run.config.spec.name,
    newest: newestCheckpoint(one.run)?.file ?? null,
    macs: one.macs,
    metric: one.metric,
    x: (Math.log10(one.macs) - macs[0]) / (macs[1] - macs[0]),
    y: (one.metric - metric[0]) / (metric[1] - metric[0]),
  }));
  const tasks = measuredRuns.map(({ run }) => run.config.spec.task);
  return { points, macs: [10 ** macs[0], 10 ** macs[1]], metric, tasks: tasks.length === 0 ? ['classification'] : tasks };
}

/** A marked value and where it lies on its axis, 0..1. */
export interface AxisTick {
  readonly value: number;
  readonly share: number;
}

/** Round numbers along both axes. */
export function ticksOf({ macs, metric }: Pick<Scatter, 'macs' | 'metric'>): { readonly macs: AxisTick[]; readonly metric: AxisTick[] } {
  const along = (value: number, [from, to]: readonly [number, number]): number => (value - from) / (to - from);
  const powers = [Math.log10(macs[0]), Math.log10(macs[1])] as const;
  return {
    macs: logTicks(...macs, 6).map((value) => ({ value, share: along(Math.log10(value), powers) })),
    metric: roundTicks(...metric, 5).map((value) => ({ value, share: along(value, metric) })),
  };
}

const known = new WeakMap<NetworkSpec, number>();

/** MACs of the merged form; records are read again often, their networks are counted once. */
function mergedMacs(spec: NetworkSpec): number {
  const macs = known.get(spec) ?? ledger(mergedSpec(spec)).macs;
  known.set(spec, macs);
  return macs;
}

function rangeOf(values: readonly number[]): [number, number] {
  return values.length === 0 ? [0, 1] : [smallestOf(values), largestOf(values)];
}

/** A range with a margin of a tenth of itself, at least `least` on each side. */
function widened([low, high]: readonly [number, number], least: number): [number, number] {
  const margin = Math.max(least, (high - low) / 10);
  return [low - margin, high + margin];
}
