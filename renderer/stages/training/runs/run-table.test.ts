import { expect, test } from 'vitest';
import type { RunRecord } from '@shared/run/run';
import { recipe } from '@shared/training/recipe/recipes';
import { buildModel } from '@shared/model/zoo';
import { seed } from '@shared/tensor/random';
import { bestMetric } from '@shared/run/run-cost';
import { filterRuns, sortRuns } from './run-table';

const run = (name: string, start: number, metrics: number[]): RunRecord => ({
  format: 'repmlp-run',
  version: 1,
  name,
  createdAt: '2026-01-01T00:00:00Z',
  state: 'finished',
  config: {
    spec: buildModel('pure-mlp-small'),
    dataset: { kind: 'embedded', name: 'shapes', seed: seed(1) },
    recipe: recipe('shapes-short'),
    seed: seed(start),
    backend: 'auto',
  },
  backend: 'wasm',
  device: 'test',
  studioVersion: '0',
  tfjsVersion: '0',
  dataHash: '',
  checkpoints: metrics.map((metric, epoch) => ({
    epoch,
    step: 0,
    file: `${epoch}`,
    stateFile: null,
    form: 'train',
    validation: { loss: 1, metric },
    best: false,
  })),
});
const list = [run('b', 2, [0.4, 0.7]), run('a', 10, [0.5]), run('c', 1, [])];

test('the best validation metric is the largest over the checkpoints', () => {
  expect(list.map(bestMetric)).toEqual([0.7, 0.5, null]);
});

test('numbers sort as numbers, runs without a result come last when the best is first', () => {
  expect(sortRuns(list, 'seed', false).map(({ name }) => name)).toEqual(['c', 'b', 'a']);
  expect(sortRuns(list, 'best', true).map(({ name }) => name)).toEqual(['b', 'a', 'c']);
});

test('every word of a filter has to occur', () => {
  expect(filterRuns(list, 'wasm b').map(({ name }) => name)).toContain('b');
  expect(filterRuns(list, 'wasm nowhere')).toEqual([]);
});
