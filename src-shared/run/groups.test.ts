// Runs grouped by everything but their seeds, and the spread of what they reached.
import { expect, test } from 'vitest';
import { buildModel } from '../model/zoo';
import { seed } from '../tensor/random';
import { recipe } from '../training/recipe/recipes';
import { groupRuns, spreadOf } from './groups';
import type { RunRecord } from './run';

function run(name: string, start: number, metric: number | null, epochs = 5): RunRecord {
  const validation = metric === null ? null : { loss: 1, metric };
  return {
    format: 'repmlp-run',
    version: 1,
    name,
    createdAt: '2026-01-01T00:00:00.000Z',
    state: 'finished',
    config: {
      spec: buildModel('pure-mlp-small'),
      dataset: { kind: 'embedded', name: 'shapes', seed: seed(1) },
      recipe: { ...recipe('shapes-short'), epochs },
      seed: seed(start),
      seeds: { init: seed(start + 1) },
      backend: 'auto',
    },
    backend: 'wasm',
    device: '',
    studioVersion: '0',
    tfjsVersion: '0',
    dataHash: '',
    checkpoints: [{ epoch: 1, step: 0, file: 'checkpoints/e.safetensors', stateFile: null, form: 'train', validation, best: true }],
  };
}

test('runs that differ in their seeds alone are one group; another recipe, or another seed of the data, is another', () => {
  const other = run('data', 1, 0.5);
  const list = [
    run('one', 1, 0.8),
    run('two', 2, 0.9),
    run('longer', 1, 0.7, 6),
    { ...other, config: { ...other.config, dataset: { kind: 'embedded', name: 'shapes', seed: seed(2) } as const } },
    run('three', 3, 1),
  ];
  expect(groupRuns(list).map(({ runs }) => runs.map(({ name }) => name))).toEqual([['one', 'two', 'three'], ['longer'], ['data']]);
});

test('mean and deviation are those of the sample: of 0.8, 0.9 and 1 they are 0.9 and 0.1', () => {
  const [{ metric }] = groupRuns([run('one', 1, 0.8), run('two', 2, 0.9), run('three', 3, 1)]);
  expect(metric).toMatchObject({ count: 3, least: 0.8, most: 1 });
  expect(metric?.mean).toBeCloseTo(0.9, 12);
  expect(metric?.deviation).toBeCloseTo(0.1, 12);
});

test('a run without a validated epoch is in its group and not in the mean; one value alone has no deviation', () => {
  const [{ runs, metric }] = groupRuns([run('one', 1, 0.8), run('none', 2, null)]);
  expect(runs).toHaveLength(2);
  expect(metric).toEqual({ count: 1, mean: 0.8, deviation: null, least: 0.8, most: 0.8 });
  expect(spreadOf([])).toBeNull();
});
