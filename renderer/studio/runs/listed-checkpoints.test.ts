// What stands of a run in a list of all networks.
import { expect, test } from 'vitest';
import type { CheckpointRecord } from '@shared/run/run';
import { listedCheckpoints, MOST_EPOCHS, trainCheckpoints } from './listed-checkpoints';

function checkpoint(epoch: number, best = false): CheckpointRecord {
  return { epoch, step: 0, file: `checkpoints/epoch-${epoch}.safetensors`, stateFile: null, form: 'train', validation: null, best };
}

const epochsOf = (list: readonly CheckpointRecord[]) => list.map(({ epoch }) => epoch);
const epochs = (count: number) => Array.from({ length: count }, (_, k) => checkpoint(k + 1, k === 41));

test('a run of few epochs is listed with all of them', () => {
  expect(listedCheckpoints({ name: 'short', checkpoints: epochs(MOST_EPOCHS) }, '')).toHaveLength(MOST_EPOCHS);
});

test('a run of hundreds of epochs is listed with its best, its newest and the chosen one, in their order', () => {
  const checkpoints = epochs(300);
  expect(epochsOf(listedCheckpoints({ name: 'long', checkpoints }, ''))).toEqual([42, 300]);
  const chosen = 'run:long:checkpoints/epoch-7.safetensors';
  expect(epochsOf(listedCheckpoints({ name: 'long', checkpoints }, chosen))).toEqual([7, 42, 300]);
  expect(epochsOf(listedCheckpoints({ name: 'other', checkpoints }, chosen))).toEqual([42, 300]);
});

test('where the train form is asked for, the newest and the best of it are listed, never a merged one', () => {
  const merged: CheckpointRecord = { ...checkpoint(301), form: 'merged' };
  const checkpoints = [...epochs(300), merged];
  expect(epochsOf(listedCheckpoints({ name: 'long', checkpoints }, ''))).toEqual([42, 301]);
  expect(epochsOf(trainCheckpoints({ name: 'long', checkpoints }, ''))).toEqual([42, 300]);
});
