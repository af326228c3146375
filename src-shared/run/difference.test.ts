import { expect, test } from 'vitest';
import { configDifference } from './difference';

test('the difference of two configurations names the settings that differ, and only those', () => {
  const a = { seed: 2, recipe: { epochs: 3, schedule: { base: 0.1 } } };
  expect(configDifference(a, { seed: 10, recipe: { ...a.recipe, schedule: { base: 0.2, final: 0 } } })).toEqual([
    { path: 'seed', a: '2', b: '10' },
    { path: 'recipe.schedule.base', a: '0.1', b: '0.2' },
    { path: 'recipe.schedule.final', a: '–', b: '0' },
  ]);
  expect(configDifference(a, structuredClone(a))).toEqual([]);
});
