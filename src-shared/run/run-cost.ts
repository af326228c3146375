// Accuracy against cost: what a run reached, and what its merged form costs.
import { largestOf } from '../base/extremes';
import { mergedSpec } from '../model/merged-spec';
import type { Task } from '../model/spec';
import type { RunRecord } from './run';
import { judgedBy } from '../training/loop/judged';
import { ledger, PAPER_CONVENTION, type Convention } from '../cost/ledger';

const METRIC_NAMES: Readonly<Record<Exclude<Task, 'face'>, string>> = { classification: 'accuracy', segmentation: 'mIoU' };

/** What the metrics are called by which runs of a task were judged: of faces by pairs where there are some, else by identities. */
export function judgedName(task: Task, runs: readonly Pick<RunRecord, 'checkpoints'>[]): string {
  if (task !== 'face') return METRIC_NAMES[task];
  const validations = runs.flatMap(({ checkpoints }) => checkpoints.flatMap(({ validation }) => validation ?? []));
  const [paired, single] = [true, false].map((wanted) => validations.some((one) => (one.verification !== undefined) === wanted));
  if (!single) return 'verification accuracy';
  return paired ? 'accuracy of pairs or, without any, of identities' : 'accuracy of identities';
}

/** A run's best validation metric beside the cost of its merged form. */
export interface RunCost {
  readonly run: string;
  readonly model: string;
  readonly task: Task;
  readonly metric: number;
  readonly params: number;
  /** Work in the unit and by the rules of the convention. */
  readonly operations: number;
}

/** Best validation metric over a run's checkpoints; null before the first validated epoch. */
export function bestMetric({ checkpoints }: Pick<RunRecord, 'checkpoints'>): number | null {
  const metrics = checkpoints.flatMap(({ validation }) => (validation ? [judgedBy(validation)] : []));
  return metrics.length === 0 ? null : largestOf(metrics);
}

/** A run as a point; null before its first validated epoch. */
export function runCost(run: RunRecord, convention: Convention = PAPER_CONVENTION): RunCost | null {
  const metric = bestMetric(run);
  if (metric === null) return null;
  const { spec } = run.config;
  const { params, operations } = ledger(mergedSpec(spec), convention);
  return { run: run.name, model: spec.name, task: spec.task, metric, params, operations };
}
