import { expect, test } from 'vitest';
import { COMMAND_RECORDS } from '@shared/link/commands';
import { canRun, commandsOf, isPlainKey, keysText, matches } from './command';

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

test('a command is its record with its deed', () => {
  const { verify } = commandsOf('merge', { 'run-merge': { run: () => 0 }, verify: { when: () => false, run: () => 1 } });
  expect(COMMAND_RECORDS.merge.find(({ id }) => id === 'verify')).toMatchObject({ label: verify.label, group: verify.group });
  expect([canRun(verify), verify.run()]).toEqual([false, 1]);
});
