// Learning-rate schedules, per iteration. Warm-up replaces the first iterations of the schedule by a line
// from `warmupFrom` to `base`; the schedule itself counts all iterations of the run, warm-up included.
import { assertNever } from '../../base/assert-never';
import type { ScheduleConfig } from './recipe';

/** Length of a run in iterations (optimizer steps). */
export interface RunLength {
  readonly stepsPerEpoch: number;
  readonly epochs: number;
}

/** Whether the rate of an iteration depends on how many epochs a run has: then a longer run is another run from its first step on. */
export function isSpreadOverRun({ kind }: ScheduleConfig): boolean {
  return kind === 'cosine' || kind === 'poly';
}

/** Learning rate of iteration `iteration` (0-based). */
export function learningRateAt(schedule: ScheduleConfig, iteration: number, length: RunLength): number {
  const warmup = schedule.warmupEpochs * length.stepsPerEpoch;
  if (iteration < warmup) return schedule.warmupFrom + ((schedule.base - schedule.warmupFrom) * iteration) / warmup;
  return scheduledRate(schedule, iteration, length.stepsPerEpoch * length.epochs);
}

function scheduledRate(schedule: ScheduleConfig, iteration: number, total: number): number {
  const { base, final } = schedule;
  const share = Math.min(1, iteration / total);
  switch (schedule.kind) {
    case 'constant':
      return base;
    case 'cosine':
      return final + 0.5 * (base - final) * (1 + Math.cos(Math.PI * share));
    case 'poly':
      return final + (base - final) * (1 - share) ** schedule.power;
    case 'steps':
      return base / 10 ** schedule.milestones.filter((milestone) => iteration >= milestone).length;
    default:
      return assertNever(schedule.kind);
  }
}
