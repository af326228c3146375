// One network of a study, trained from one seed and evaluated on what it was not trained on.
import { createEngine } from '../../src-shared/engine/create-engine';
import { wasmFilesIn } from '../../src-shared/engine/backend/wasm-files';
import { fileURLToPath } from 'node:url';
import type { Engine } from '../../src-shared/engine/engine';
import { buildModel } from '../../src-shared/model/zoo/index';
import { seed } from '../../src-shared/tensor/random';
import type { BackendChoice, TrainingConfig } from '../../src-shared/training/recipe';
import { recipe } from '../../src-shared/training/recipes';
import { dataOf, openData, type Size, type Study } from './studies';

/** The engine in this thread. It draws the embedded data only. */
export function findingsEngine(): Engine {
  const wasmFiles = wasmFilesIn(fileURLToPath(new URL('../wasm/', import.meta.url)));
  return createEngine({
    openDataset: (reference) =>
      reference.kind === 'embedded'
        ? Promise.resolve(openData(reference))
        : Promise.reject(new TypeError('the findings use embedded data only')),
    wasmFiles,
  });
}

/** Trains `model` with the study's recipe; gives its metric after the last epoch, from 0 to 1. NaN where the training failed. */
export async function metricOf(
  engine: Engine,
  study: Study,
  model: string,
  size: Size,
  number: number,
  backend: BackendChoice,
): Promise<number> {
  const config: TrainingConfig = {
    spec: buildModel(model),
    dataset: dataOf(study, size, number),
    recipe: { ...recipe(study.recipe), epochs: size.epochs },
    seed: seed(number),
    backend,
  };
  for await (const event of engine.train({ run: `${model}-${number}`, config, resume: null })) {
    if (event.type === 'state' && event.state === 'failed') console.log(`${model}, seed ${number}: ${event.message}`);
    if (event.type !== 'weights' || event.epoch < size.epochs) continue;
    const { spec, dataset } = config;
    return (await engine.evaluate({ spec, weights: event.point.weights, dataset, backend })).metric;
  }
  return Number.NaN;
}
