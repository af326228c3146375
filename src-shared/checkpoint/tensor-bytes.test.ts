import { expect, test } from 'vitest';
import { latin1Text } from './tensor-bytes';

test('every byte is the Latin-1 character of its number, at any length', () => {
  const bytes = Uint8Array.from({ length: 20_000 }, (_, i) => i % 256);
  expect([...latin1Text(bytes)].map((character) => character.charCodeAt(0))).toEqual([...bytes]);
});
