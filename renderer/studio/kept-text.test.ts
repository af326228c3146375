// What a window keeps of itself.
import { expect, test } from 'vitest';
import { KeptTexts } from './kept-text';

const store = () => {
  const texts = new Map<string, string>();
  return { getItem: (key: string) => texts.get(key) ?? null, setItem: (key: string, text: string) => void texts.set(key, text) };
};

test('the desktop comes back to what was kept after its end; a reload to what this window kept', () => {
  const lasting = store();
  new KeptTexts(store(), lasting).write('view', 'zoomed');
  const next = store();
  expect(new KeptTexts(next, lasting).read('view')).toBe('zoomed');
  new KeptTexts(store(), lasting).write('view', 'of another');
  new KeptTexts(next, lasting).write('view', 'mine');
  new KeptTexts(store(), lasting).write('view', 'of another');
  expect(new KeptTexts(next, lasting).read('view')).toBe('mine');
});

test('a new window of a browser begins anew', () => {
  new KeptTexts(store(), undefined).write('view', 'zoomed');
  expect(new KeptTexts(store(), undefined).read('view')).toBeNull();
});

test('a store that is full takes nothing down', () => {
  const full = {
    getItem: () => null,
    setItem: () => {
      throw new Error('QuotaExceededError');
    },
  };
  const session = store();
  const kept = new KeptTexts(session, full);
  kept.write('view', 'zoomed');
  expect(kept.read('view')).toBe('zoomed');
});
