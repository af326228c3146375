// Names of one network under a wrapper's prefix, renamed, and with tensors that have no counterpart.
import { describe, expect, test } from 'vitest';
import type { TensorInfo } from '../../tensor/tensor';
import { matchNames } from './match-names';

const info = (name: string, ...shape: number[]): TensorInfo => ({ name, dtype: 'float32', shape });
const A = [info('stem.conv.weight', 8, 3, 3, 3), info('stem.bn.bias', 8), info('head.weight', 10, 8), info('head.bias', 10)];
const unread = { a: () => Promise.reject(new Error('read')), b: () => Promise.reject(new Error('read')) };

describe('names are matched', () => {
  test('as they are, without reading a value', async () => {
    const { pairs, names } = await matchNames(A, A.toReversed(), unread);
    expect(pairs).toEqual(A.map(({ name }) => [name, name]));
    expect(names).toMatchObject({ matched: 4, renamed: [], onlyA: [], onlyB: [] });
  });

  test('past a prefix of either file', async () => {
    const inB = A.map((one) => ({ ...one, name: `student.backbone.${one.name}` }));
    const found = await matchNames(A, inB, unread);
    expect(found.names.prefixes).toEqual({ a: '', b: 'student.backbone.' });
    expect(found.pairs).toEqual(A.map(({ name }) => [name, `student.backbone.${name}`]));
    expect((await matchNames(inB, A, unread)).names.prefixes).toEqual({ a: 'student.backbone.', b: '' });
  });

  test('past renames by the same values, then by place, and each is said', async () => {
    const renamed = [info('conv1.w', 8, 3, 3, 3), info('conv1.b', 8), info('fc.w', 10, 8), info('fc.b', 10)];
    const keys = {
      a: (name: string) => Promise.resolve(name.includes('weight') ? 'x' : name),
      b: (name: string) => Promise.resolve(name.endsWith('.w') ? 'x' : name),
    };
    const { pairs, names } = await matchNames(A, renamed, keys);
    expect(new Map(pairs)).toEqual(new Map(A.map(({ name }, at) => [name, renamed[at].name])));
    expect(names.renamed.map(({ b, how }) => [b, how])).toEqual([
      ['conv1.w', 'values'],
      ['fc.w', 'values'],
      ['conv1.b', 'place'],
      ['fc.b', 'place'],
    ]);
  });

  test('never to another shape: what is left over is listed', async () => {
    const other = [A[0], A[1], info('head.weight', 7, 8), info('extra', 3)];
    const keys = { a: (name: string) => Promise.resolve(name), b: (name: string) => Promise.resolve(name) };
    const { names } = await matchNames(A, other, keys);
    expect(names).toMatchObject({
      matched: 2,
      onlyA: ['head.bias'],
      onlyB: ['extra'],
      otherShape: [{ name: 'head.weight', a: [10, 8], b: [7, 8] }],
    });
  });
});
