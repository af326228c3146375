// Pattern figures from files: what a recipe names is found, and what it misses is refused by name.
import { expect, test } from 'vitest';
import { referencePath } from '../../../tests/reference';
import { evenly } from '@shared/figure/kinds/pattern-data';
import { readFigure, type FigureRecipe, type PatternRecipe } from '@shared/figure/registry';
import { seed } from '@shared/tensor/random';
import { networkOf } from '../../files/checkpoint-network';
import { datasetsHere } from '../dataset/datasets-here';
import { sourcesOf } from './render';
import type { LoadSource } from './source';
import { openCheckpointFile } from '../../files';

const source = { path: referencePath('pth/net_tiny_train.pth'), layer: 'stages.1.0.repmlp_block' };
const head = { format: 'repmlp-figure', version: 1, layout: { widthMm: 120, fontPt: 8, title: null }, source } as const;
const shapes = { kind: 'embedded', name: 'shapes', seed: seed(1) } as const;

const load: LoadSource = async ({ path }) => {
  const file = await openCheckpointFile(path);
  const spec = networkOf(file);
  if (!spec) throw new Error('the file holds no network');
  const weights = await file.readAll();
  await file.close();
  return { spec, weights };
};

/** A recipe of a pattern figure without what all of them have. */
type PatternFigure = PatternRecipe extends infer R
  ? R extends PatternRecipe
    ? Omit<R, keyof typeof head | 'against' | 'epochs'>
    : never
  : never;

async function textOf(
  figure: PatternFigure & Partial<Pick<Extract<FigureRecipe, { kind: 'locality' }>, 'against' | 'source'>>,
): Promise<string> {
  const recipe: FigureRecipe = { ...head, ...figure };
  const sources = sourcesOf({ base: '.', load, datasets: datasetsHere });
  const { marks } = (await readFigure(recipe, sources)).draw();
  return marks.map((mark) => (mark.kind === 'text' ? mark.text : '')).join(' ');
}

test('the figure says which block of which file it shows, and of which share-set', async () => {
  const text = await textOf({ kind: 'position-maps', group: 3 });
  expect(text).toContain('block stages.1.0.repmlp_block');
  expect(text).toContain('(share-set) 3');
  expect(text).toContain('net_tiny_train.pth');
});

test('an overlay repeats the map over as many partitions as the block has in its network', async () => {
  // A 32 x 32 image becomes 8 x 8 at stage 0, which is one partition of 8 x 8, and 4 x 4 at stage 1.
  const overlay = { kind: 'overlay', group: null, map: 'input', picture: { dataset: shapes, of: { classMean: 2 } } } as const;
  expect(await textOf(overlay)).toContain('The map covers the whole picture.');
  expect(await textOf({ ...overlay, partitions: 3 })).toContain('repeated over 3 x 3');
});

test('two networks are named A and B, each with its block', async () => {
  const other = { path: source.path, layer: 'stages.0.0.repmlp_block' };
  const text = await textOf({ kind: 'locality', against: other });
  expect(text).toMatch(/A: net_tiny_train\.pth.*stages\.1\.0\.repmlp_block\. B: net_tiny_train\.pth.*stages\.0\.0\.repmlp_block/);
});

test.each<[string, PatternFigure, RegExp]>([
  ['a group', { kind: 'row-kinds', group: 99 }, /no group \(share-set\) 99; they are numbered 0 to 7/],
  ['an output channel', { kind: 'projection', outputChannel: 99, inputChannel: 0 }, /no output channel 99/],
  ['a picture', { kind: 'overlay', group: null, map: 'input', picture: { file: '/no/such.png' } }, /such\.png/],
  ['a class', { kind: 'overlay', group: null, map: 'input', picture: { dataset: shapes, of: { classMean: 77 } } }, /no class 77/],
])('%s that is not there is refused by name', async (_, figure, message) => {
  await expect(textOf(figure)).rejects.toThrow(message);
});

test('of many epochs few are shown, the first and the last among them', () => {
  expect(evenly([1, 2, 3, 4, 5, 6, 7], 4)).toEqual([1, 3, 5, 7]);
  expect(evenly([1, 2], 4)).toEqual([1, 2]);
});
