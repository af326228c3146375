// The marks of a figure.
import { expect, test } from 'vitest';
import { textAt } from './display-list';

test('names in a figure turn nothing around and hide nothing: what steers is written out', () => {
  expect(textAt(0, 0, 'class \u202eevil\u202c \u001b[2J', 8).text).toBe('class \\u202eevil\\u202c \\u001b[2J');
  expect(textAt(0, 0, 'straße, 文字, עברית', 8).text).toBe('straße, 文字, עברית');
});
