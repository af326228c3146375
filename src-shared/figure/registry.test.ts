// Recipes written by hand: right ones come back as they are, wrong ones are answered with the field and the reason.
import { describe, expect, it } from 'vitest';
import { PAPER_CONVENTION } from '../cost/convention';
import { buildModel } from '../model/zoo';
import { UserError } from '../base/user-error';
import { figureKinds, parseFigureRecipe } from './registry';

const layout = { widthMm: 85, fontPt: 8, title: null };
const head = { format: 'repmlp-figure', version: 1, layout };
const source = { path: 'runs/one', layer: 'stage1.mix1' };
const shapes = { kind: 'embedded', name: 'shapes', seed: 1 };
const figure5 = { ...head, kind: 'figure5', source, outputChannel: 0, row: 6, column: 6, inputChannel: 0 };

describe('parseFigureRecipe', () => {
  it('returns every kind of recipe unchanged', () => {
    const recipes = [
      figure5,
      { ...head, kind: 'matrices', source, colours: 'blue-orange', transform: 'symlog' },
      { ...head, kind: 'cost-bars', model: 'pure-mlp-small', set: { g: '2' }, metric: 'macs' },
      { ...head, kind: 'cost-bars', network: buildModel('pure-mlp-small'), metric: 'bytes', convention: PAPER_CONVENTION, level: 'layer' },
      { ...head, kind: 'diagram', model: 'pure-mlp-small', form: 'train', open: ['stage1'] },
      { ...head, kind: 'samples', dataset: shapes, split: 'validation', first: 4, count: 12 },
      { ...head, kind: 'accuracy-cost', runs: ['runs/one', 'runs/two'], convention: PAPER_CONVENTION },
      { ...head, kind: 'locality', source },
      {
        ...head,
        kind: 'kernel-patterns',
        source: { path: 'net.safetensors', families: { adapter: 'a.safetensors', config: { fileName: 'a.json', text: '{"r":4}' } } },
      },
      { ...head, kind: 'locality', source, against: { path: 'runs/two' } },
      { ...head, kind: 'projection', source: { path: 'runs/one' }, epochs: true, outputChannel: 0, inputChannel: 3 },
      { ...head, kind: 'position-maps', source, group: null },
      { ...head, kind: 'row-kinds', source, group: 2 },
      { ...head, kind: 'rest-vectors', source, group: 0 },
      { ...head, kind: 'overlay', source, group: null, map: 'input', picture: { file: 'cat.png' }, partitions: 2 },
      { ...head, kind: 'overlay', source, group: null, map: 'output', picture: { dataset: shapes, of: { classMean: 3 } } },
      { ...head, kind: 'merge-equation', source, step: 'add', scaling: 'one', colours: 'blue-orange' },
      { ...head, kind: 'matrix-epochs', source, stage: 'before', colours: 'viridis', transform: 'linear' },
      { ...head, kind: 'contact-sheet', source, colours: 'blue-orange', transform: 'symlog' },
      { ...head, kind: 'run-curves', runs: ['runs/one'], seeds: 'apart', shown: 'both', lossAxis: 'logarithmic' },
      { ...head, kind: 'curves', source: { path: 'runs/one' } },
      { ...head, kind: 'receptive-field', source, layer: 'stage1.mix1', inputs: 4, seed: 1 },
      { ...head, kind: 'int8', source, batch: 4, seed: 1, scales: 'channel' },
      { ...head, kind: 'weight-changes', source, against: { path: 'runs/two' } },
    ];
    for (const recipe of recipes) expect(parseFigureRecipe(recipe)).toEqual(recipe);
  });

  it.each([
    ['not an object', [], /a figure recipe is a JSON object, got a list/],
    ['another format', { format: 'repmlp-run' }, /"format" of a figure recipe must be "repmlp-figure", got "repmlp-run"/],
    ['a later version', { ...figure5, version: 2 }, /written by a newer program \(version 2, this reads up to 1\)/],
    ['an unknown kind', { ...figure5, kind: 'pie' }, /"kind": .*got "pie"/],
    ['a negative index', { ...figure5, row: -1 }, /"row": an index is a whole number, counted from 0, got -1/],
    ['a missing field', { ...figure5, column: undefined }, /"column"/],
    ['a poster', { ...figure5, layout: { ...layout, widthMm: 9000 } }, /"layout.widthMm": a figure is at most 1000 mm wide, got 9000/],
    ['a cost figure of no network', { ...head, kind: 'cost-bars', metric: 'macs' }, /either "model" or "network"/],
    ['a rest of no group', { ...head, kind: 'rest-vectors', source, group: null }, /"group"/],
    ['a misspelt field', { ...figure5, rows: 3 }, /rows/],
  ])('refuses %s', (_, recipe, message) => {
    expect(() => parseFigureRecipe(recipe, 'figure.json')).toThrow(UserError);
    expect(() => parseFigureRecipe(recipe, 'figure.json')).toThrow(message);
    expect(() => parseFigureRecipe(recipe, 'figure.json')).toThrow(/^figure\.json/);
  });
});

describe('every kind', () => {
  const focus = {
    source: { path: 'runs/one', layer: 'stage1.mix1' },
    network: { model: 'pure-mlp-small', set: { g: '2' } },
    run: 'runs/one',
    runs: ['runs/one'],
    convention: PAPER_CONVENTION,
    picture: { file: 'cat.png' },
    against: { path: 'runs/two' },
  };

  it.each(figureKinds.map((kind) => [kind.kind, kind] as const))('%s starts with a recipe that the parser takes', (name, kind) => {
    const recipe = kind.start({ format: 'repmlp-figure', version: 1, layout }, focus);
    expect(recipe.kind).toBe(name);
    expect(parseFigureRecipe(recipe)).toEqual(recipe);
    // A composed figure begins without panels.
    if (kind.about !== 'nothing') expect(kind.lacks(recipe)).toBeNull();
  });

  it.each(figureKinds.map((kind) => [kind.kind, kind] as const))(
    '%s takes all that its form offers, and each of its values is offered',
    (_, kind) => {
      const recipe = kind.start({ format: 'repmlp-figure', version: 1, layout }, focus);
      for (const field of kind.form(recipe)) {
        const values = field.widget === 'choice' ? field.options.map(([value]) => value) : [field.value];
        expect(values).toContain(field.value);
        for (const value of values) {
          const changed = { ...recipe, [field.field]: value };
          expect(parseFigureRecipe(changed)).toEqual(changed);
        }
      }
    },
  );

  it('has a name and a title of its own', () => {
    for (const of of ['kind', 'title'] as const) expect(new Set(figureKinds.map((kind) => kind[of])).size).toBe(figureKinds.length);
  });
});
