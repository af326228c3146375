// Runs on this machine, and the trainings that make them.
import { implement } from '@orpc/server';
import { studioContract } from '@shared/link/studio';
import { readMetrics, readNorms } from '../../runs/read';
import type { Studio } from '../studio';
import { evaluation } from './evaluation';
import { fedBatch } from '../dataset/fed-batch';
import { predictions } from './predictions';

/** Implements `run` of the contract. */
export function runProcedures({ runs, keeping }: Studio) {
  const run = implement(studioContract.run);
  return {
    list: run.list.handler(() => runs.list()),
    broken: run.broken.handler(() => runs.broken()),
    open: run.open.handler(({ input }) => runs.open(input.path)),
    describe: run.describe.handler(({ input: { run: name, ...change } }) => keeping.describe(name, change)),
    rename: run.rename.handler(async ({ input }) => ({ run: await keeping.rename(input.run, input.name) })),
    remove: run.remove.handler(async ({ input }) => ({ where: await keeping.remove(input.run) })),
    pin: run.pin.handler(({ input }) => keeping.pin(input.run)),
    norms: run.norms.handler(({ input }) => readNorms(runs.folderOf(input.run))),
    metrics: run.metrics.handler(({ input }) => readMetrics(runs.folderOf(input.run))),
  };
}

/** Implements `training` of the contract. */
export function trainingProcedures(studio: Studio) {
  const { trainings, ablation } = studio;
  const training = implement(studioContract.training);
  return {
    start: training.start.handler(async ({ input: { config, name, first } }) => ({ run: await trainings.start(config, name, first) })),
    resume: training.resume.handler(({ input }) => trainings.resume(input.run, input.epochs)),
    control: training.control.handler(({ input }) => trainings.control(input.run, input.control)),
    watch: training.watch.handler(({ input, signal }) => trainings.watch(input.run, signal)),
    predict: training.predict.handler(({ input }) => predictions(studio, input)),
    batch: training.batch.handler(({ input }) => fedBatch(studio, input)),
    active: training.active.handler(() => trainings.names()),
    ablation: {
      start: training.ablation.start.handler(({ input }) => ablation.start(input)),
      resume: training.ablation.resume.handler(() => ablation.resume()),
      stop: training.ablation.stop.handler(() => ablation.stop()),
      watch: training.ablation.watch.handler(({ signal }) => ablation.watch(signal)),
    },
    evaluate: training.evaluate.handler(({ input }) => evaluation(studio, input)),
  };
}
