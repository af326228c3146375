import { expect, it } from 'vitest';
import { printable, steers } from './printable';

const STEERING = ['\u001b[31m', '\u009b31m', '\u007f', '\r', '\b', '\u202e', '\u2066', '\u2028', '\0'];

it('writes out every character that steers a terminal or turns the direction of writing', () => {
  for (const text of STEERING) {
    expect(steers(`a${text}b`)).toBe(true);
    expect(printable(`a${text}b`)).toMatch(/^a\\u[\da-f]{4}(\[?\d*m)?b$|^a\\u[\da-f]{4}b$/);
    expect(steers(printable(`a${text}b`))).toBe(false);
  }
});

it('keeps names of every script, and line ends and tabs only where the program puts them', () => {
  for (const name of ['stages.0.conv.weight', 'Größe', '重み', 'وزن', '😀']) expect([printable(name), steers(name)]).toEqual([name, false]);
  expect(printable('a\n\tb')).toBe('a\\u000a\\u0009b');
  expect(printable('a\n\tb\u001b', 'lines')).toBe('a\n\tb\\u001b');
});
