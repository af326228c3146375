// The records of the commands.
import { expect, test } from 'vitest';
import { allCommandRecords } from './commands';

test('command ids are unique and labels say something', () => {
  const ids = allCommandRecords.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  expect(allCommandRecords.every(({ label }) => label.length > 2)).toBe(true);
});

test('no two commands of one group share a name or a shortcut', () => {
  for (const group of new Set(allCommandRecords.map((record) => record.group))) {
    const own = allCommandRecords.filter((record) => record.group === group);
    const keys = own.flatMap((record) => record.keys ?? []);
    expect(new Set(own.map(({ label }) => label)).size).toBe(own.length);
    expect(new Set(keys).size).toBe(keys.length);
  }
});

test('every command of the menu is of a group that the menu shows under one heading', () => {
  const headings = allCommandRecords.filter(({ inMenu }) => inMenu).map(({ group }) => group);
  const changes = headings.filter((group, index) => group !== headings[index - 1]);
  expect(new Set(changes).size).toBe(changes.length);
});
