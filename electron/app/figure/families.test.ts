// Figures of files of families: the merged kernels are those of the families' own code (tests/reference), and a figure is drawn
// again from its file alone.
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { kernelMatrix } from '@shared/merge/kernel-matrix';
import { RECIPE_FORMAT } from '@shared/figure/recipe';
import { parseFigureRecipe, readFigure, type FigureRecipe } from '@shared/figure/registry';
import { float32Of, group } from '../../../tests/reference';
import { caseTensors, familyCase, trainWeights } from '../../../testing/families/cases';
import { writeCheckpointFile } from '../../files';
import { datasetsHere } from '../dataset/datasets-here';
import { familyLayers, weightMatrix } from './families';
import { readProvenance } from './open';
import { renderFigure, sourcesOf } from './render';

const one = familyCase('acnet_k3');
const deployed = float32Of(group(caseTensors(one), 'deploy'), 'fused_conv.weight');
/** The official conversion is made in single precision: sums of three kernels, each a few units. */
const SINGLE = 1e-5;
let [folder, path] = ['', ''];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'families-'));
  path = join(folder, 'acnet.safetensors');
  await writeCheckpointFile(path, trainWeights(one));
});

const head = { ...RECIPE_FORMAT, layout: { widthMm: 120, fontPt: 8, title: null } } as const;
const mergedName = async (): Promise<string> => (await familyLayers({ path })).kernels[0].name;

describe('a file of families', () => {
  it('has its merged kernel as the matrix that the official one is, on the map asked for', async () => {
    const name = await mergedName();
    const { data, rows, columns, geometry } = await weightMatrix({ path }, { name, merged: true, map: [5, 4] });
    const expected = kernelMatrix('official', deployed, [5, 4]);
    expect([rows, columns]).toEqual([8 * 20, 6 * 20]);
    expect(geometry).toMatchObject({ h: 5, w: 4 });
    expect(data.length).toBe(expected.length);
    expect(data.reduce((most, value, i) => Math.max(most, Math.abs(value - expected[i])), 0)).toBeLessThan(SINGLE);
  });

  it('is counted in a figure of its cost: three kernels and three norms against one kernel with its bias', async () => {
    const recipe = parseFigureRecipe({ ...head, kind: 'cost-bars', source: { path }, metric: 'params' });
    const figure = (await readFigure(recipe, sourcesOf({ datasets: datasetsHere }))).draw();
    const [train, merged] = [8 * 6 * (9 + 3 + 3) + 3 * 2 * 8, 8 * 6 * 9 + 8];
    const sums = [1, 2].map((column) => figure.tables[0].rows.reduce((sum, row) => sum + Number(row[column]), 0));
    expect(sums).toEqual([train, merged]);
    expect(figure.caption).toContain('assumed, as no weights tell it');
  });

  it.each<[string, () => Promise<FigureRecipe>]>([
    [
      'its matrix',
      async () =>
        parseFigureRecipe({
          ...head,
          kind: 'matrix-view',
          source: { path },
          weight: { name: await mergedName(), merged: true, map: 'usual' },
          arrangement: 'gridOfGrids',
          colours: 'blue-orange',
          transform: 'symlog',
        }),
    ],
    ['where it looks', async () => parseFigureRecipe({ ...head, kind: 'kernel-patterns', source: { path }, map: [7, 7] })],
    ['its cost', async () => parseFigureRecipe({ ...head, kind: 'cost-bars', source: { path }, metric: 'macs', map: [8, 8] })],
  ])('gives a figure of %s that is drawn again from its file, byte for byte', async (_, recipeOf) => {
    const readers = { base: folder, datasets: datasetsHere };
    const { bytes, provenance } = await renderFigure(await recipeOf(), 'svg', readers);
    expect(provenance.sources.map((source) => source.path)).toEqual(['acnet.safetensors']);
    const before = await readProvenance(bytes, 'a.svg');
    const again = await renderFigure(before.recipe, 'svg', readers, { before });
    expect(again.changes).toEqual([]);
    expect(Buffer.compare(again.bytes, bytes)).toBe(0);
  });

  it.each([
    ['no such weight', { name: 'nothing.weight' }, /acnet\.safetensors has no tensor called nothing\.weight/],
    ['no such merged weight', { name: 'nothing.weight', merged: true }, /has nothing\.weight once it is merged; it has /],
  ])('refuses %s by name', async (_, asked, message) => {
    await expect(weightMatrix({ path }, asked)).rejects.toThrow(message);
  });
});
