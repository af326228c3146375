import { expect, test } from 'vitest';
import type { WeightsReference } from '@shared/link/studio';
import { seed } from '@shared/tensor/random';
import { formOf, mayHoldScenes, trainedOnOther } from './evaluation';
import { BUNDLED } from '../../../studio/network/weights';

test('sliding windows are offered for streets and for folders, which may hold scenes, and not for classes or faces', () => {
  const embedded = (name: 'shapes' | 'faces' | 'streets') => ({ kind: 'embedded', name, seed: seed(1) }) as const;
  expect([mayHoldScenes(embedded('streets')), mayHoldScenes({ kind: 'folder', path: '/data' })]).toEqual([true, true]);
  expect([mayHoldScenes(embedded('shapes')), mayHoldScenes(embedded('faces'))]).toEqual([false, false]);
});

test('the form of weights is known for the bundled ones, recognised files and checkpoints of runs, else not', () => {
  const opened = [
    { id: 'a', recognised: { form: 'merged' } as const },
    { id: 'b', recognised: null },
  ];
  const list = [{ name: 'run', checkpoints: [{ file: 'checkpoints/merged.safetensors', form: 'merged' }] }] as const;
  const references: WeightsReference[] = [
    BUNDLED,
    { kind: 'file', id: 'a' },
    { kind: 'file', id: 'b' },
    { kind: 'run', run: 'run', checkpoint: 'checkpoints/merged.safetensors' },
    { kind: 'run', run: 'gone', checkpoint: 'x' },
  ];
  expect(references.map((reference) => formOf(reference, opened, list))).toEqual(['train', 'merged', null, 'merged', null]);
});

test('weights trained on other data than the chosen are told apart by name and seed, not by the number of samples', () => {
  const data = { kind: 'embedded', name: 'faces', seed: seed(3), trainCount: 256 } as const;
  const list = [{ name: 'run', config: { dataset: data } }];
  const own: WeightsReference = { kind: 'run', run: 'run', checkpoint: 'x' };
  expect(trainedOnOther(own, { ...data, trainCount: undefined }, list)).toBeNull();
  expect(trainedOnOther(own, { ...data, seed: seed(1) }, list)).toBe('faces:train=256,seed=3');
  expect(trainedOnOther(own, { kind: 'folder', path: '/faces' }, list)).toBe('faces:train=256,seed=3');
  expect(trainedOnOther(BUNDLED, data, list)).toBeNull();
});
