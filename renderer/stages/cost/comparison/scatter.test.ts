// Where runs lie in the plane of accuracy and cost, and what networks it is held against.
import { expect, test } from 'vitest';
import { ledger } from '@shared/cost/ledger';
import { mergedSpec } from '@shared/model/merged-spec';
import { buildModel, zoo } from '@shared/model/zoo';
import type { CheckpointRecord } from '@shared/run/run';
import { scatterOf, ticksOf } from './scatter';
import { OTHER_NETWORKS } from './other-network-names';

function run(name: string, model: string, metrics: readonly (number | null)[]) {
  const checkpoints = metrics.map(
    (metric, epoch): CheckpointRecord => ({
      ...{ epoch, step: 0, stateFile: null, best: false },
      form: epoch === 2 ? 'merged' : 'train',
      file: `epoch-${epoch}`,
      validation: metric === null ? null : { loss: 1, metric },
    }),
  );
  return { name, config: { spec: buildModel(model) }, checkpoints };
}

test('a run lies at its best metric over the MACs of its merged form; one never validated is left out', () => {
  const runs = [run('a', 'pure-mlp-small', [0.5, 0.7, 0.6]), run('b', 'wide-convnet-small', [0.9]), run('c', 'pure-mlp-small', [null])];
  const { points } = scatterOf(runs);
  expect(points.map(({ run: name, metric, macs }) => ({ name, metric, macs }))).toEqual([
    { name: 'a', metric: 0.7, macs: ledger(mergedSpec(buildModel('pure-mlp-small'))).macs },
    { name: 'b', metric: 0.9, macs: ledger(mergedSpec(buildModel('wide-convnet-small'))).macs },
  ]);
  for (const { x, y } of points) for (const share of [x, y]) expect(share > 0 && share < 1).toBe(true);
  // The third checkpoint holds the merged form, which has no matrices before and after.
  expect(points.map(({ newest }) => newest)).toEqual(['epoch-1', 'epoch-0']);
  expect(points[1].y).toBeGreaterThan(points[0].y);
});

test('the axis of accuracies ends at 100 % and begins at 0 %, however near the runs are to them', () => {
  expect(scatterOf([run('a', 'pure-mlp-small', [1]), run('b', 'pure-mlp-small', [0])]).metric).toEqual([0, 1]);
});

test('every network that others are held against is a network of the zoo', () => {
  const names = zoo.map(({ name }) => name);
  for (const name of OTHER_NETWORKS) expect(names).toContain(name);
});

test('the axes are marked with round numbers at their places', () => {
  const { macs, metric } = ticksOf({ macs: [3.98e6, 5.63e6], metric: [0.6893, 0.7307] });
  expect(macs.map(({ value }) => value)).toEqual([4e6, 4.2e6, 4.4e6, 4.6e6, 4.8e6, 5e6, 5.2e6, 5.4e6, 5.6e6]);
  expect(metric.map(({ value }) => value)).toEqual([0.69, 0.7, 0.71, 0.72, 0.73]);
  for (const { value, share } of macs) expect(3.98e6 * (5.63 / 3.98) ** share).toBeCloseTo(value, 3);
});
