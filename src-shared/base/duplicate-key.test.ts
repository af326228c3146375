import { expect, it } from 'vitest';
import { duplicateKey } from './duplicate-key';

it('finds a name that stands twice in one object, however it is spelled and however deep', () => {
  expect(duplicateKey('{"a": 1, "b": 2, "a" : 3}')).toBe('a');
  expect(duplicateKey('{"a": 1, "\\u0061": 3}')).toBe('a');
  expect(duplicateKey('[{"w": {"dtype": "F32", "dtype": "I8"}}]')).toBe('dtype');
  expect(duplicateKey('{"a\\"b": 1, "a\\"b": 2}')).toBe('a"b');
  expect(duplicateKey('{"__proto__": 1, "__proto__": 2}')).toBe('__proto__');
});

it('finds none where one name stands in several objects, in texts or in lists', () => {
  for (const json of [
    '{"a": {"a": {"a": 1}}, "b": {"a": 2}}',
    '[{"a": 1}, {"a": 1}]',
    '{"a": "{\\"a\\": 1, \\"a\\": 2}"}',
    '{"a": ["a", "a"]}',
    '{}',
    '"a"',
    '3',
  ])
    expect(duplicateKey(json)).toBeNull();
});
