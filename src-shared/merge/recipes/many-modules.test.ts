// Files of thousands of modules: whoever looked at every name once for every module would not be done before the tests give up.
import { expect, test } from 'vitest';
import { canonicalInfos, canonicalise } from '../../model/canonical/canonical';
import { recognise } from '../../model/recognise/recognise';
import type { TensorInfo } from '../../tensor/tensor';
import { findGroups } from './find-groups';

const tensor = (name: string, shape: readonly number[]): TensorInfo => ({ name, dtype: 'float32', shape });
const norm = (at: string, channels: number): TensorInfo[] =>
  ['weight', 'bias', 'running_mean', 'running_var'].map((part) => tensor(`${at}.${part}`, [channels]));

test('eight thousand blocks of an unknown network are found, in the order of the file, under official names', () => {
  const count = 8000;
  const infos = Array.from({ length: count }, (_, i) => [tensor(`b.${i}.fc3.weight`, [4, 4]), ...norm(`b.${i}.fc3_norm`, 4)]).flat();
  const canonical = canonicalInfos(canonicalise(infos));
  expect(canonical.map(({ name }) => name)).toEqual(infos.map(({ name }) => name.replace('fc3_norm', 'fc3_bn')));
  expect(recognise(canonical).blocks.map(({ prefix }) => prefix)).toEqual(Array.from({ length: count }, (_, i) => `b.${i}.`));
});

test('five thousand groups of a family are found, each with its own tensors', () => {
  const count = 5000;
  const branch = (at: string, K: number): TensorInfo[] => [tensor(`${at}.conv.weight`, [1, 1, K, K]), ...norm(`${at}.bn`, 1)];
  const infos = Array.from({ length: count }, (_, i) => [...branch(`stage.${i}.rbr_dense`, 3), ...branch(`stage.${i}.rbr_1x1`, 1)]).flat();
  const { groups, left } = findGroups(infos);
  const found = [...groups.map(({ prefix, claims }) => [prefix, claims]), ...left.map(({ at, tensors }) => [at, tensors])];
  expect(new Map(found as [string, string[]][]).size).toBe(count);
  expect(found.flatMap(([, names]) => names)).toHaveLength(infos.length);
});
