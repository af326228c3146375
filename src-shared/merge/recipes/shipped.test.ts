import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { checkRecipe } from './check-recipe';
import { recipeJsonSchema } from './schema';
import { shippedRecipes } from './shipped';

const assets = fileURLToPath(new URL('../../../assets/recipes', import.meta.url));
const read = (path: string): unknown => JSON.parse(readFileSync(`${assets}/${path}`, 'utf8'));

test('every recipe file is shipped, under its own name, and right', () => {
  const files = readdirSync(`${assets}/merge`).sort();
  expect(files.flatMap((file) => checkRecipe(read(`merge/${file}`)).errors.map((error) => ({ file, ...error })))).toEqual([]);
  expect(
    shippedRecipes()
      .map(({ name }) => `${name}.json`)
      .sort(),
  ).toEqual(files);
});

test('the published JSON Schema is the one recipes are checked with', () => {
  expect(read('merge-recipe.schema.json')).toEqual(recipeJsonSchema());
});

test('every step says what it does in a sentence', () => {
  for (const { name, steps, formula, about } of shippedRecipes()) {
    expect(formula.length * about.length, name).toBeGreaterThan(0);
    for (const step of steps) expect(step.explain, `${name}.${step.name}`).toMatch(/[.]$/);
  }
});
