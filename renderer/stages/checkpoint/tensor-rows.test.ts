import { expect, test } from 'vitest';
import type { TensorStatistics } from '@shared/link/studio';
import type { TensorInfo } from '@shared/tensor/tensor';
import { brokenTensors, shownTensors } from './tensor-rows';

const tensors: TensorInfo[] = [
  { name: 'stem.conv.weight', dtype: 'float32', shape: [64, 3, 7, 7] },
  { name: 'fc.weight', dtype: 'float16', shape: [10, 64] },
  { name: 'fc.bias', dtype: 'float16', shape: [10] },
];
const own = (name: string, nans: number, max: number): TensorStatistics => ({
  name,
  min: 0,
  max,
  mean: 0,
  deviation: 1,
  zeros: 0,
  nans,
  infinities: 0,
});
const known = new Map([own('stem.conv.weight', 0, 2), own('fc.weight', 3, 5)].map((one) => [one.name, one]));
const names = (query: string, key: 'order' | 'shape' | 'max' | 'broken', descending = false) =>
  shownTensors(tensors, known, query, { key, descending }).map(({ info }) => info.name);

test('a search looks into names, shapes and types; all its words have to occur', () => {
  expect(names('fc float16', 'order')).toEqual(['fc.weight', 'fc.bias']);
  expect(names('64x3x7x7', 'order')).toEqual(['stem.conv.weight']);
  expect(names('fc float32', 'order')).toEqual([]);
});

test('the file order is kept until another order is asked for', () => {
  expect(names('', 'order')).toEqual(tensors.map(({ name }) => name));
  expect(names('', 'shape')).toEqual(['fc.bias', 'fc.weight', 'stem.conv.weight']);
  expect(names('', 'max', true)).toEqual(['fc.weight', 'stem.conv.weight', 'fc.bias']);
});

test('tensors with NaN are named', () => {
  expect(brokenTensors(known)).toEqual(['fc.weight']);
  expect(names('', 'broken', true)[0]).toBe('fc.weight');
});
