// Two runs of one record side by side: what of their circumstances differs, the first step at which their losses part, their last common
// metrics, and their weights. Steps are told some at a time, in runs that are the same at other steps: compared are the sums up to each
// step that both tell of, which are the same as long as every loss was.
import { z } from 'zod';
import { computed, count, type Stored } from '../base/sent';
import type { TrainingEvent } from '../training/recipe/event';
import { TRAINING_STATES } from '../training/recipe/event';
import { configDifference } from './difference';
import type { RunRecord } from './run';

const difference = z.object({ what: z.string(), before: z.string(), again: z.string() });

const parting = z.object({
  /** Losses were still the same after this step; null where there is no such step. */
  after: z.object({ epoch: count, step: count }).nullable(),
  /** And no more after this one. */
  by: z.object({ epoch: count, step: count }),
  /** Mean loss of the epoch up to there. */
  before: computed,
  again: computed,
});

const finals = z.object({ epoch: count, loss: computed, metric: computed, validationLoss: computed, validationMetric: computed });

const weightsSchema = z.object({
  epoch: count,
  identical: z.boolean(),
  tensors: count,
  moved: count,
  /** Of the most moved one: name, largest difference, and its norm relative to the tensor's. */
  most: z.object({ name: z.string(), maxAbs: computed, relative: computed }).nullable(),
});
/** The weights of both runs after one epoch. */
export type RerunWeights = Stored<z.infer<typeof weightsSchema>>;

export const rerunReportSchema = z.object({
  run: z.string(),
  again: z.string(),
  state: z.enum(TRAINING_STATES),
  /** Same losses, metrics and weights, as far as both runs go. */
  same: z.boolean(),
  /** Versions, backend, device, data and settings that are not the same. */
  differences: z.array(difference),
  /** Steps (or, where none are told of in both, epochs) whose losses were compared. */
  compared: count,
  /** First step at which losses part; null where they do not. */
  parting: parting.nullable(),
  /** After the last epoch that both have; null where there is none. */
  final: z.object({ before: finals, again: finals }).nullable(),
  /** Of the last whole epoch that both have a checkpoint of; null where there is none. */
  weights: weightsSchema.nullable(),
});
/** What `rerun` found. */
export type RerunReport = Stored<z.infer<typeof rerunReportSchema>>;

/** A run as it was kept. */
export interface KeptRun {
  readonly record: RunRecord;
  readonly events: readonly TrainingEvent[];
}

/** Compares a run with its repetition; `weights` are those of a common checkpoint. */
export function rerunReport(before: KeptRun, again: KeptRun, weights: RerunWeights | null): RerunReport {
  const { compared, parting: parted } = partingOf(before.events, again.events);
  const final = finalsOf(before.events, again.events);
  const sameEnds = final !== null && JSON.stringify(final.before) === JSON.stringify(final.again);
  return {
    run: before.record.name,
    again: again.record.name,
    state: again.record.state,
    same: parted === null && compared > 0 && sameEnds && weights?.identical === true,
    differences: differencesOf(before.record, again.record),
    compared,
    parting: parted,
    final,
    weights,
  };
}

function differencesOf(a: RunRecord, b: RunRecord): RerunReport['differences'] {
  const facts = (['studioVersion', 'tfjsVersion', 'backend', 'device', 'dataHash'] as const).flatMap((what) =>
    isSameFact(a[what], b[what]) ? [] : [{ what, before: a[what], again: b[what] }],
  );
  // The repetition names the backend that `auto` chose.
  const settings = configDifference({ ...a.config, backend: a.backend }, { ...b.config, backend: b.backend })
    .filter(({ path }) => path !== 'backend')
    .map(({ path, a: before, b: again }) => ({ what: `config.${path}`, before, again }));
  const changes = (a.backendChanges ?? []).map(({ epoch, step, from, to }) => ({
    what: 'backend amid the run',
    before: `${from} to ${to} after epoch ${epoch}, step ${step}`,
    again: 'none',
  }));
  return [...facts, ...settings, ...changes];
}

/** A device is described with its speed as it was measured, which is never the same twice. */
const MEASURED = /: [\d.e+-]+ GFLOP\/s/g;

function isSameFact(a: string, b: string): boolean {
  return a.replace(MEASURED, '') === b.replace(MEASURED, '');
}

/** Sums of losses are the same where they differ by no more than adding them in other portions does. */
const SAME = 1e-12;

type Place = { readonly epoch: number; readonly step: number };

function partingOf(a: readonly TrainingEvent[], b: readonly TrainingEvent[]): { compared: number; parting: RerunReport['parting'] } {
  const [sumsA, sumsB] = [sumsOf(a), sumsOf(b)];
  const common = [...sumsA].filter(([key]) => sumsB.has(key)).sort(([, x], [, y]) => x.epoch - y.epoch || x.step - y.step);
  let after: Place | null = null;
  for (const [key, { epoch, step, mean }] of common) {
    const other = (sumsB.get(key) as Sum).mean;
    const isSame = Object.is(mean, other) || Math.abs(mean - other) <= SAME * Math.abs(mean);
    if (!isSame) return { compared: common.length, parting: { after, by: { epoch, step }, before: mean, again: other } };
    after = { epoch, step };
  }
  return { compared: common.length, parting: null };
}

interface Sum extends Place {
  /** Of the epoch's losses up to and with this step. */
  readonly mean: number;
}

/** Mean loss of the epoch so far at every step that was told of, and at each epoch's end. */
function sumsOf(events: readonly TrainingEvent[]): Map<string, Sum> {
  const sums = new Map<string, Sum>();
  let [epoch, done, total] = [0, 0, 0];
  for (const event of events) {
    if (event.type === 'step') {
      if (event.epoch !== epoch || event.step <= done) [epoch, done, total] = [event.epoch, 0, 0];
      total += event.loss * (event.step - done);
      done = event.step;
      sums.set(`${epoch} ${done}`, { epoch, step: done, mean: total / done });
    } else if (event.type === 'epoch') {
      sums.set(`${event.epoch} end`, { epoch: event.epoch, step: Math.max(done, 1), mean: event.train.loss });
    }
  }
  return sums;
}

function finalsOf(a: readonly TrainingEvent[], b: readonly TrainingEvent[]): RerunReport['final'] {
  const epochs = (events: readonly TrainingEvent[]) => events.flatMap((event) => (event.type === 'epoch' ? [event] : []));
  const [x, y] = [epochs(a), epochs(b)];
  const last = x.findLast(({ epoch }) => y.some((other) => other.epoch === epoch));
  const other = y.findLast(({ epoch }) => epoch === last?.epoch);
  if (last === undefined || other === undefined) return null;
  const of = ({ epoch, train, validation }: typeof last) => ({
    epoch,
    loss: train.loss,
    metric: train.metric,
    validationLoss: validation.loss,
    validationMetric: validation.metric,
  });
  return { before: of(last), again: of(other) };
}

/** The report in lines. */
export function rerunLines(report: RerunReport): string[] {
  const { run, again, same, state, differences, compared, parting: parted, final, weights } = report;
  return [
    same ? `${again} is ${run} again: the same losses, metrics and weights.` : `${again} (${state}) is not ${run} to the bit:`,
    ...differences.map(({ what, before, again: now }) => `  ${what}: ${before} then, ${now} now`),
    partingText(compared, parted),
    ...(final === null ? ['No epoch is in both.'] : [finalText(final)]),
    weights === null ? 'No whole epoch has a checkpoint in both.' : weightsText(weights),
  ];
}

function partingText(compared: number, parted: RerunReport['parting']): string {
  if (compared === 0) return 'No step is told of in both runs.';
  if (parted === null) return `Losses are the same at all ${compared} places that both tell of.`;
  const { after, by, before, again } = parted;
  const from = after === null ? 'from the first steps on' : `after epoch ${after.epoch}, step ${after.step}`;
  return `Losses part ${from}, by epoch ${by.epoch}, step ${by.step}: mean of the epoch so far ${before} then, ${again} now.`;
}

function finalText({ before, again }: NonNullable<RerunReport['final']>): string {
  return `After epoch ${before.epoch}: validation loss ${before.validationLoss} then, ${again.validationLoss} now; metric ${before.validationMetric} then, ${again.validationMetric} now.`;
}

function weightsText({ epoch, identical, tensors, moved, most }: RerunWeights): string {
  if (identical) return `Weights after epoch ${epoch}: all ${tensors} tensors are the same to the bit.`;
  const worst =
    most === null ? '' : `, most ${most.name} (largest ${most.maxAbs.toExponential(2)}, relative ${most.relative.toExponential(2)})`;
  return `Weights after epoch ${epoch}: ${moved} of ${tensors} tensors differ${worst}.`;
}
