// What is looked at within a stage, kept by the name of its part and by what it is about.
import { afterEach, expect, test } from 'vitest';
import { z } from 'zod';
import { changeLook, lookAt, looksOf, showLooks } from './looks';
import { undoableParts } from './undo/parts';

const group = { stage: 'pattern', name: 'group', schema: z.number().nullable(), first: null } as const;

afterEach(() => ['pattern', 'cost'].forEach((stage) => showLooks(stage as 'pattern' | 'cost', {})));

test('a choice made about one block is not that of another, and comes again with the first', () => {
  changeLook({ ...group, about: 'stage1.mix1' }, 3);
  expect(lookAt({ ...group, about: 'stage2.mix1' })).toBeNull();
  expect(lookAt({ ...group, about: 'stage1.mix1' })).toBe(3);
});

test('what was looked at is shown again whole, and nothing else of that time on', () => {
  changeLook(group, 3);
  const before = looksOf('pattern');
  changeLook(group, 5);
  changeLook({ ...group, name: 'map' }, 1);
  showLooks('pattern', before);
  expect(lookAt(group)).toBe(3);
  expect(lookAt({ ...group, name: 'map' })).toBeNull();
});

test('what another version of the program kept is not looked at', () => {
  showLooks('pattern', { group: { about: '', value: 'all' } });
  expect(lookAt(group)).toBeNull();
});

test('stages keep apart what is looked at in them', () => {
  changeLook(group, 3);
  expect(lookAt({ ...group, stage: 'cost' })).toBeNull();
});

test('undo takes back what is looked at, stage by stage', () => {
  const part = undoableParts().find(({ name }) => name === 'looks:pattern');
  changeLook(group, 3);
  const before: unknown = JSON.parse(JSON.stringify(part?.now()));
  changeLook(group, 5);
  void part?.show(before);
  expect(lookAt(group)).toBe(3);
});
