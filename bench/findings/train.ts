// One network of a study, trained from one seed and evaluated on what it was not trained on.
import { fileURLToPath } from 'node:url';
import { openEmbedded } from '../../src-shared/dataset/embedded/embedded';
import { wasmFilesIn } from '../../src-shared/compute/backend/wasm-files';
import { createEngine } from '../../src-shared/compute/create-engine';
import type { Engine } from '../../src-shared/compute/engine';
import { evaluatedBy } from '../../src-shared/training/evaluation/evaluated';
import { buildModel } from '../../src-shared/model/zoo';
import { seed } from '../../src-shared/tensor/random';
import type { BackendChoice, TrainingConfig } from '../../src-shared/training/recipe/recipe';
import { recipe } from '../../src-shared/training/recipe/recipes';
import { dataOf, type Size, type Study } from './studies';

/** One training: the metric after its last epoch in %, NaN where it failed, and how long it took. */
export interface Trial {
  readonly seed: number;
  readonly metric: number;
  readonly seconds: number;
}

/** The engine in this thread. It draws the embedded data only. */
export function findingsEngine(): Engine {
  const wasmFiles = wasmFilesIn(fileURLToPath(new URL('../wasm/', import.meta.url)));
  return createEngine({
    openDataset: (reference) =>
      reference.kind === 'embedded'
        ? Promise.resolve(openEmbedded(reference))
        : Promise.reject(new TypeError('the findings use embedded data only')),
    wasmFiles,
  });
}

/** Trains `model` with the study's recipe from seed `number` and evaluates its last weights. */
export async function trial(
  engine: Engine,
  study: Study,
  model: string,
  size: Size,
  number: number,
  backend: BackendChoice,
): Promise<Trial> {
  const config: TrainingConfig = {
    spec: buildModel(model),
    dataset: dataOf(study, size, number),
    recipe: { ...recipe(study.recipe), epochs: size.epochs },
    seed: seed(number),
    backend,
  };
  const start = performance.now();
  const metric = await lastMetric(engine, config, `${model}-${number}`);
  return { seed: number, metric: 100 * metric, seconds: (performance.now() - start) / 1000 };
}

async function lastMetric(engine: Engine, config: TrainingConfig, run: string): Promise<number> {
  const { spec, dataset, backend, recipe: training } = config;
  for await (const event of engine.train({ run, config, resume: null })) {
    if (event.type === 'state' && event.state === 'failed') console.log(`${run}: ${event.message}`);
    if (event.type !== 'weights' || event.epoch < training.epochs) continue;
    const { report } = await evaluatedBy(engine.evaluate({ spec, weights: event.point.weights, dataset, backend }));
    return report.metric;
  }
  return Number.NaN;
}
