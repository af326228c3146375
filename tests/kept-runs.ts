// Run folders as a training leaves them, without one: a record with a validated epoch, and no weights.
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { RunWriter } from '../electron/runs';
import { buildModel } from '../src-shared/model/zoo';
import { seed } from '../src-shared/tensor/random';
import { recipe } from '../src-shared/training/recipe/recipes';

/** Makes a finished run of this seed that reached this validation accuracy. */
export async function keptRun(runsFolder: string, name: string, start: number, accuracy: number): Promise<void> {
  const folder = join(runsFolder, name);
  const dataset = { kind: 'embedded', name: 'shapes', seed: seed(1) } as const;
  const config = {
    spec: buildModel('pure-mlp-small'),
    dataset,
    recipe: recipe('shapes-short'),
    seed: seed(start),
    backend: 'wasm',
  } as const;
  await (await RunWriter.create(folder, config, '')).release();
  const path = join(folder, 'run.json');
  const record = JSON.parse(await readFile(path, 'utf8')) as object;
  const validation = { loss: 1, metric: accuracy };
  const checkpoint = {
    epoch: 5,
    step: 0,
    file: 'checkpoints/epoch-0005.safetensors',
    stateFile: null,
    form: 'train',
    validation,
    best: true,
  };
  await writeFile(path, JSON.stringify({ ...record, state: 'finished', checkpoints: [checkpoint] }));
}
