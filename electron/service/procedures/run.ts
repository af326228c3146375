// Runs on this machine, and the trainings that make them.
import { implement } from '@orpc/server';
import { studioContract } from '@shared/contract/studio';
import { readMetrics } from '../runs/read';
import type { Studio } from '../studio';

/** Implements `run` of the contract. */
export function runProcedures({ runs }: Studio) {
  const run = implement(studioContract.run);
  return {
    list: run.list.handler(() => runs.list()),
    open: run.open.handler(({ input }) => runs.open(input.path)),
    metrics: run.metrics.handler(({ input }) => readMetrics(runs.folderOf(input.run))),
  };
}

/** Implements `training` of the contract. */
export function trainingProcedures({ trainings }: Studio) {
  const training = implement(studioContract.training);
  return {
    start: training.start.handler(async ({ input }) => ({ run: await trainings.start(input.config, input.name) })),
    resume: training.resume.handler(async ({ input }) => ({ run: await trainings.resume(input.run) })),
    control: training.control.handler(({ input }) => trainings.control(input.run, input.control)),
    watch: training.watch.handler(({ input, signal }) => trainings.watch(input.run, signal)),
    active: training.active.handler(() => trainings.names()),
  };
}
