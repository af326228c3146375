import { expect, it } from 'vitest';
import { buildModel } from '../model/zoo';
import { seed } from '../tensor/random';
import { withOverrides } from '../training/recipe/overrides';
import { recipe } from '../training/recipe/recipes';
import { reasonNotToExtend } from './extension';
import type { RunRecord } from './run';

/** A finished run of 5 epochs whose last checkpoint is after `done` of them. */
function run(schedule: string, done: number): RunRecord {
  return {
    format: 'repmlp-run',
    version: 1,
    name: 'run',
    createdAt: '2026-01-01T00:00:00Z',
    state: 'finished',
    config: {
      spec: buildModel('pure-mlp-small'),
      dataset: { kind: 'embedded', name: 'shapes', seed: seed(1) },
      recipe: withOverrides(recipe('shapes-short'), [`schedule=${schedule}`]),
      seed: seed(1),
      backend: 'cpu',
    },
    backend: 'cpu',
    device: '',
    studioVersion: '0',
    tfjsVersion: '0',
    dataHash: '',
    checkpoints: [{ epoch: done, step: 0, file: 'w', stateFile: 's', form: 'train', validation: null, best: true }],
  };
}

it('a run whose rates do not depend on its length can be made longer, not shorter', () => {
  for (const schedule of ['constant', 'steps']) expect(reasonNotToExtend(run(schedule, 5), 9)).toBeNull();
  expect(reasonNotToExtend(run('constant', 5), 4)).toContain('was started for 5 epochs, fewer (4)');
});

it('a run whose rates are spread over its epochs cannot', () => {
  for (const schedule of ['cosine', 'poly'])
    expect(reasonNotToExtend(run(schedule, 5), 9)).toContain(`the run's ${schedule} schedule spreads`);
});

it('a run that its stop condition ended would end there again', () => {
  expect(reasonNotToExtend(run('constant', 3), 9)).toBe(
    "the run's stop condition ended it after 3 of 5 epochs, and would end it there again",
  );
});
