// The list of all commands.
import { expect, test } from 'vitest';
import { allCommandRecords } from '@shared/link/commands';
import { STAGE_TEXT } from '../studio/navigation';
import { commands } from './commands';

test('every record has a command, and every command its record', () => {
  const ids = (list: readonly { readonly id: string }[]) => list.map(({ id }) => id).sort();
  expect(ids(commands)).toEqual(ids(allCommandRecords));
});

test('no two commands that can run together share a shortcut without a stage to part them', () => {
  const open = commands.filter(({ keys, when }) => keys && !when).map(({ keys }) => keys);
  expect(new Set(open).size).toBe(open.length);
});

test('stages are called in the palette, the menus and the headings of commands as in the rail', () => {
  for (const [stage, { title }] of Object.entries(STAGE_TEXT)) {
    const going = allCommandRecords.find(({ id }) => id === `go-${stage}`);
    expect(going?.label).toBe(`Show ${title.toLowerCase()}`);
  }
  const titles = Object.values(STAGE_TEXT).map(({ title }) => title);
  const headings = new Set(allCommandRecords.map(({ group }) => group));
  expect([...headings].filter((heading) => !['Go', 'Window'].includes(heading) && !titles.includes(heading))).toEqual([]);
});

test('the palette knows the words people use', () => {
  const found = (word: string) => commands.filter(({ label, words = '' }) => `${label} ${words}`.toLowerCase().split(/\W+/).includes(word));
  const ids = (word: string) => found(word).map(({ id }) => id);
  expect(ids('help')).toContain('learn');
  expect(ids('lesson')).toContain('learn');
  expect(ids('settings')).toEqual(expect.arrayContaining(['go-model', 'go-training', 'next-theme']));
  expect(ids('convolution')).toEqual(expect.arrayContaining(['learn', 'go-merge', 'go-matrix']));
  expect(ids('undo')).toEqual(['go-back']);
});
