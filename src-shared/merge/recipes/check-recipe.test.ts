import { describe, expect, test } from 'vitest';
import { checkRecipe, parseRecipe } from './check-recipe';
import { shippedRecipe } from './shipped';

/** A right recipe as JSON, to be broken. */
function json(): Record<string, unknown> {
  return JSON.parse(JSON.stringify(shippedRecipe('repvgg'))) as Record<string, unknown>;
}

type Steps = Record<string, unknown>[];
type Parts = Record<string, Record<string, unknown>>;
const breakages: [what: string, spoil: (recipe: Record<string, unknown>) => void, path: string, message: RegExp][] = [
  ['an unknown field', (r) => (r.colour = 'red'), 'colour', /is no field here/],
  ['an unknown field of a step', (r) => ((r.steps as Steps)[0].bm = 'x'), 'steps[0].bm', /is no field here/],
  ['a version of the future', (r) => (r.version = 2), 'version', /expected 1/],
  ['an unknown operation', (r) => ((r.steps as Steps)[1].op = 'fold'), 'steps[1].op', /invalid/i],
  ['a name that nothing defines', (r) => ((r.steps as Steps)[0].of = 'dens'), 'steps[0].of', /dens is neither a part nor an earlier step/],
  ['a step used before it runs', (r) => ((r.steps as Steps)[0].of = 'sum'), 'steps[0].of', /sum is neither a part nor an earlier step/],
  ['a layer for a batch norm', (r) => ((r.steps as Steps)[0].bn = 'dense'), 'steps[0].bn', /dense is a layer.*takes a batch norm/],
  ['a batch norm for a layer', (r) => ((r.steps as Steps)[0].of = 'denseBn'), 'steps[0].of', /denseBn is a batch norm/],
  ['a sum of something unknown', (r) => ((r.steps as Steps).at(-1)!.of = ['denseFolded', 'x']), 'steps[5].of[1]', /x is neither/],
  [
    'two steps of one name',
    (r) => ((r.steps as Steps)[1].name = 'denseFolded'),
    'steps[1].name',
    /denseFolded is the name of a part or an earlier step already/,
  ],
  ['a merged tensor that is no step', (r) => (r.merged = { rbr_reparam: 'total' }), 'merged.rbr_reparam', /total is no step/],
  ['nothing merged', (r) => (r.merged = {}), 'merged', /nothing is merged/],
  ['batch norms without an eps', (r) => (r.settings = {}), 'settings.eps', /is missing/],
  [
    'no part that must be there',
    (r) => Object.values(r.parts as Parts).forEach((part) => (part.optional = true)),
    'parts',
    /must not be optional/,
  ],
  ['braces that do not match', (r) => ((r.parts as Parts).dense.at = 'rbr_dense.{i.conv'), 'parts.dense', /braces/],
];

describe('a recipe file is checked and what is wrong is said with its path', () => {
  test('a right one has no errors', () => expect(checkRecipe(json()).errors).toEqual([]));

  test.each(breakages)('%s', (_, spoil, path, message) => {
    const recipe = json();
    spoil(recipe);
    const { errors } = checkRecipe(recipe);
    const error = errors.find((one) => one.path === path);
    expect(errors.map((one) => one.path)).toContain(path);
    expect(error?.message).toMatch(message);
  });

  test('a formula with an unknown name, and one with too few operands', () => {
    const recipe = json();
    (recipe.steps as Steps).push({ name: 'half', op: 'multiply', of: 'sum', by: ['/', 'beta'], explain: 'Half.' });
    expect(checkRecipe(recipe).errors).toEqual([
      { path: 'steps[6].by', message: 'beta is no setting, size or index; known: eps, O, C, K, L' },
      { path: 'steps[6].by', message: '/ takes 2 operands, got 1' },
    ]);
  });

  test('everything wrong is said at once, with the file', () => {
    const recipe = { ...json(), version: 2, family: '' };
    expect(() => parseRecipe(recipe, 'mine.json')).toThrow(/mine\.json is no merge recipe:\n {2}.*\n {2}/);
  });

  test.each([[null], [[]], ['x'], [{ format: 'repmlp-figure' }]])('%j is no recipe', (value) => {
    expect(checkRecipe(value).recipe).toBeNull();
  });
});
