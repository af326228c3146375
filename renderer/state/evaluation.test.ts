import { expect, test } from 'vitest';
import { seed } from '@shared/tensor/random';
import { mayHoldScenes } from './evaluation';

test('sliding windows are offered for streets and for folders, which may hold scenes, and not for classes or faces', () => {
  const embedded = (name: 'shapes' | 'faces' | 'streets') => ({ kind: 'embedded', name, seed: seed(1) }) as const;
  expect([mayHoldScenes(embedded('streets')), mayHoldScenes({ kind: 'folder', path: '/data' })]).toEqual([true, true]);
  expect([mayHoldScenes(embedded('shapes')), mayHoldScenes(embedded('faces'))]).toEqual([false, false]);
});
