import { expect, it } from 'vitest';
import { buildModel } from '@shared/model/zoo';
import type { RunRecord } from '@shared/run/run';
import { seed } from '@shared/tensor/random';
import { withOverrides } from '@shared/training/recipe/overrides';
import { recipe } from '@shared/training/recipe/recipes';
import type { TrainOptions } from './options';
import { resumedConfig } from './resume';

/** A run of 5 epochs that was started with `--model pure-mlp-small --set width=8 --data shapes --seed 3`. */
function run(overrides: readonly string[] = []): RunRecord {
  return {
    format: 'repmlp-run',
    version: 1,
    name: 'run',
    createdAt: '2026-01-01T00:00:00Z',
    state: 'stopped',
    config: {
      spec: buildModel('pure-mlp-small', { width: '8' }),
      dataset: { kind: 'embedded', name: 'shapes', seed: seed(1) },
      recipe: withOverrides(recipe('shapes-short'), overrides),
      seed: seed(3),
      backend: 'auto',
    },
    backend: 'wasm',
    device: '',
    studioVersion: '0',
    tfjsVersion: '0',
    dataHash: '',
    checkpoints: [],
  };
}

const given = (options: Partial<TrainOptions>): TrainOptions => ({ out: 'run', set: [], recipeSet: [], resume: true, ...options });

it('goes on with the run when nothing, or what it was started with, is said beside --resume', async () => {
  const same = { model: 'pure-mlp-small', set: ['width=8'], data: 'shapes', recipe: 'shapes-short', seed: '3', epochs: '5' };
  for (const options of [{}, same, { backend: 'wasm' as const }, { recipeSet: ['batchSize=64'] }])
    expect(await resumedConfig(run(), given(options))).toMatchObject(run().config);
});

it.each([
  [{ seed: '4' }, 'seed is 3, not 4'],
  [{ seedInit: '4' }, 'seeds.init is 3, not 4'],
  [{ backend: 'cpu' as const }, 'backend is "auto", not "cpu"'],
  [{ recipeSet: ['batchSize=32'] }, 'recipe.batchSize is 64, not 32'],
  [{ data: 'faces' }, 'dataset.name is "shapes", not "faces"'],
  [{ model: 'pure-mlp-cifar' }, 'the network is pure-mlp-small, not pure-mlp-cifar'],
  [{ set: ['width=4'] }, 'the network is pure-mlp-small, not pure-mlp-small with other settings'],
  [{ recipe: 'cifar-short' }, 'recipe.name is "shapes-short", not "cifar-short"'],
])('%o is refused, saying what the run has and what to do', async (options, sentence) => {
  const refused = resumedConfig(run(), given(options));
  await expect(refused).rejects.toThrow(sentence);
  await expect(refused).rejects.toThrow('leave these options out, or start a new run in another folder');
});

it('more epochs make a run longer whose learning rates do not depend on their number', async () => {
  for (const schedule of ['constant', 'steps'])
    expect((await resumedConfig(run([`schedule=${schedule}`]), given({ epochs: '9' }))).recipe.epochs).toBe(9);
});

it('more epochs are refused where every learning rate so far depends on their number, and fewer always', async () => {
  for (const schedule of ['cosine', 'poly'])
    await expect(resumedConfig(run([`schedule=${schedule}`]), given({ epochs: '9' }))).rejects.toThrow(
      `the run's ${schedule} schedule spreads its learning rates over its 5 epochs`,
    );
  await expect(resumedConfig(run(['schedule=constant']), given({ epochs: '4' }))).rejects.toThrow('was started for 5 epochs');
});
