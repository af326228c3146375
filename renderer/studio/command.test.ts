import { expect, test } from 'vitest';
import { isPlainKey, keysText, matches } from './command';
import { commands } from '../shell/commands';

const press = (over: Partial<KeyboardEvent>) =>
  ({ key: '', code: '', ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, ...over }) as KeyboardEvent;

test('Mod means Ctrl on a PC and Cmd on a Mac', () => {
  expect(matches('Mod+K', press({ key: 'k', ctrlKey: true }), false)).toBe(true);
  expect(matches('Mod+K', press({ key: 'k', ctrlKey: true }), true)).toBe(false);
  expect(matches('Mod+K', press({ key: 'k', metaKey: true }), true)).toBe(true);
});

test('Alt with a digit works where Alt changes the character', () => {
  expect(matches('Alt+1', press({ key: '¡', code: 'Digit1', altKey: true }), true)).toBe(true);
});

test('a modifier too many is another shortcut', () => {
  expect(matches('Mod+K', press({ key: 'K', ctrlKey: true, shiftKey: true }), false)).toBe(false);
  expect(matches('P', press({ key: 'p', ctrlKey: true }), false)).toBe(false);
});

test('keys are written the way the platform writes them', () => {
  expect(keysText('Mod+K', false)).toBe('Ctrl+K');
  expect(keysText('Mod+K', true)).toBe('⌘K');
  expect(isPlainKey('P')).toBe(true);
  expect(isPlainKey('Alt+1')).toBe(false);
});

test('command ids are unique and say something', () => {
  const ids = commands.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  expect(commands.every(({ label }) => label.length > 2)).toBe(true);
});

test('no two commands that can run together share a shortcut without a stage to part them', () => {
  const open = commands.filter(({ keys, when }) => keys && !when).map(({ keys }) => keys);
  expect(new Set(open).size).toBe(open.length);
});
