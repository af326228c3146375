// Runs on this machine, and the trainings that make them.
import { implement } from '@orpc/server';
import { studioContract, type FedBatch } from '@shared/link/studio';
import { readMetrics, readNorms, readRun } from '../../runs/read';
import { asJob, partsStep, titleOf } from '../jobs/asked-jobs';
import { followAblation } from '../jobs/training-jobs';
import type { Studio } from '../studio';
import { evaluation } from './evaluation';
import { broughtBackRun, writtenBundle } from '../bundle/procedures';
import { predictions } from './predictions';
import { compareRuns, rerunConfig } from './rerun';
import { parseNetworkSpec } from '@shared/model/schema';
import type { AskedBatch } from '../../datasets/fed-batch';

/** Implements `run` of the contract. */
export function runProcedures(studio: Studio) {
  const { runs, keeping } = studio;
  const run = implement(studioContract.run);
  return {
    list: run.list.handler(() => runs.list()),
    broken: run.broken.handler(() => runs.broken()),
    open: run.open.handler(({ input }) => runs.open(input.path)),
    bring: run.bring.handler(({ input }) => broughtBackRun(studio, input.path, input.weights)),
    describe: run.describe.handler(({ input: { run: name, ...change } }) => keeping.describe(name, change)),
    rename: run.rename.handler(async ({ input }) => ({ run: await keeping.rename(input.run, input.name) })),
    remove: run.remove.handler(async ({ input }) => ({ where: await keeping.remove(input.run) })),
    pin: run.pin.handler(({ input }) => keeping.pin(input.run)),
    norms: run.norms.handler(({ input }) => readNorms(runs.folderOf(input.run))),
    compare: run.compare.handler(({ input }) => compareRuns(runs.folderOf(input.run), runs.folderOf(input.again))),
    metrics: run.metrics.handler(({ input }) => readMetrics(runs.folderOf(input.run))),
  };
}

/** Implements `training` of the contract. */
export function trainingProcedures(studio: Studio) {
  const { trainings, ablation, jobs } = studio;
  const training = implement(studioContract.training);
  return {
    start: training.start.handler(async ({ input: { config, name, first } }) => ({ run: await trainings.start(config, name, first) })),
    resume: training.resume.handler(({ input }) => trainings.resume(input.run, input.epochs)),
    rerun: training.rerun.handler(({ input }) => rerun(studio, input.run)),
    control: training.control.handler(({ input }) => trainings.control(input.run, input.control)),
    watch: training.watch.handler(({ input, signal }) => trainings.watch(input.run, signal)),
    predict: training.predict.handler(({ input }) => predictions(studio, input)),
    batch: training.batch.handler(({ input }) => fedBatch(studio, input)),
    bundle: training.bundle.handler(({ input, signal }) => writtenBundle(studio, input, signal)),
    active: training.active.handler(() => trainings.names()),
    ablation: {
      start: training.ablation.start.handler(async ({ input }) => {
        await ablation.start(input);
        void followAblation(jobs.list, ablation);
      }),
      resume: training.ablation.resume.handler(async () => {
        await ablation.resume();
        void followAblation(jobs.list, ablation);
      }),
      stop: training.ablation.stop.handler(() => ablation.stop()),
      watch: training.ablation.watch.handler(({ signal }) => ablation.watch(signal)),
    },
    evaluate: training.evaluate.handler(({ input, signal }) =>
      asJob(studio, 'evaluation', titleOf(studio, input.weights), () => evaluation(studio, input), partsStep, signal),
    ),
  };
}

/** Starts a run again as another one, on the engine there is. */
async function rerun({ runs, engines, trainings }: Studio, name: string): Promise<{ run: string; notes: string[] }> {
  const record = await readRun(runs.folderOf(name));
  const { engine } = await engines.current(record.config.dataset);
  const { config, note } = rerunConfig(record, await engine.backends());
  return { run: await trainings.start(config, `${name}-again`), notes: note === null ? [] : [note] };
}

/** The batch of a step as the network is fed: the data sets' thread makes it, the window fetches it by URL. Rejects with UserError where network and data do not fit, or the epoch has no such step. */
async function fedBatch({ bulk, datasets }: Studio, { config, ...place }: AskedBatch): Promise<FedBatch> {
  const spec = parseNetworkSpec(config.spec);
  const { reference } = await datasets.settle(config.dataset, spec.task);
  const { images, ...batch } = await datasets.batch({ config: { ...config, spec, dataset: reference }, ...place });
  const bytes = new Uint8Array(images.buffer as ArrayBuffer, images.byteOffset, images.byteLength);
  return { ...batch, url: bulk.add({ kind: 'bytes', bytes }) };
}
