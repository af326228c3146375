import { expect, it } from 'vitest';
import { seed } from '../tensor/random';
import { datasetReferenceText, parseDatasetReference } from './reference';

it('reads embedded names with options, and folders with or without their layout', () => {
  expect(parseDatasetReference('shapes')).toEqual({ kind: 'embedded', name: 'shapes', seed: seed(1) });
  expect(parseDatasetReference('shapes:train=2000,validation=500,seed=3')).toEqual({
    kind: 'embedded',
    name: 'shapes',
    seed: seed(3),
    trainCount: 2000,
    validationCount: 500,
  });
  expect(parseDatasetReference('cifar10:/data/c')).toEqual({ kind: 'folder', path: '/data/c', layout: 'cifar10' });
  expect(parseDatasetReference('C:\\data\\faces')).toEqual({ kind: 'folder', path: 'C:\\data\\faces' });
});

it('writes what it reads', () => {
  for (const text of ['streets', 'faces:train=10,seed=4', 'idx:data/mnist', './photos'])
    expect(datasetReferenceText(parseDatasetReference(text))).toBe(text);
});

it('refuses a seed that does not fit into 32 bits, instead of taking another', () => {
  expect(parseDatasetReference('shapes:seed=4294967295')).toMatchObject({ seed: 4294967295 });
  expect(() => parseDatasetReference('shapes:seed=4294967296')).toThrow('at most 4294967295');
});

it.each(['shapes:train=many', 'shapes:test=5', 'shapes:train'])('refuses %s in one sentence', (text) => {
  expect(() => parseDatasetReference(text)).toThrow('expected train=N, validation=N or seed=N');
});
