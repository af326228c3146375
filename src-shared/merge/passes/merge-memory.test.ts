import { expect, test } from 'vitest';
import { MergeMemory } from './merge-memory';

const large = { name: 'fc3.weight', dtype: 'float32', shape: [256, 256] } as const;

test('large arrays are read into one memory, which has room for as many merged values', () => {
  const memory = new MergeMemory();
  memory.reserve([large]);
  const read = memory.bytes(4 * 256 * 256);
  const { arena } = memory.target;
  const merged = arena?.allocate(256 * 256);
  expect([read?.length, merged?.length]).toEqual([4 * 256 * 256, 256 * 256]);
  expect(merged?.buffer).toBe(read?.buffer);
  expect(memory.bytes(2 ** 20)).toBeNull();
});

test('small arrays, and those of a host that cannot give so much, are ordinary ones', () => {
  const memory = new MergeMemory();
  expect(memory.bytes(2 ** 20)).toBeNull();
  memory.reserve([large]);
  expect(memory.bytes(1024)).toBeNull();
  const beyond = new MergeMemory();
  beyond.reserve([{ ...large, shape: [2 ** 16, 2 ** 16] }]);
  expect([beyond.bytes(2 ** 20), beyond.target.arena]).toEqual([null, undefined]);
});
