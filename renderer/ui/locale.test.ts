import { expect, test } from 'vitest';
import { usableLanguage } from './locale';

test('a language that is no tag becomes English, a real one is kept', () => {
  expect(usableLanguage('en-US@posix')).toBe('en-US');
  expect(usableLanguage('de-DE')).toBe('de-DE');
});
