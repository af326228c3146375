// Figures travel: they tell nothing of the machine they were made on, are drawn again from their file byte for byte, and say
// what changed in their numbers since.
import { copyFile, mkdir, mkdtemp, rename, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { PDFDocument } from 'pdf-lib';
import { RECIPE_FORMAT } from '@shared/figure/recipe';
import { parseFigureRecipe, type FigureRecipe } from '@shared/figure/registry';
import { referencePath } from '../../../tests/reference';
import { openCheckpointFile, writeCheckpointFile } from '../../files';
import { datasetsHere } from '../dataset/datasets-here';
import { openFigureFile, readProvenance } from './open';
import { renderFigure } from './render';

const layout = { widthMm: 84, fontPt: 7, title: null } as const;
const FORMATS = ['svg', 'pdf', 'png'] as const;
let [home, weights] = ['', ''];

beforeAll(async () => {
  home = join(await mkdtemp(join(tmpdir(), 'alice-')), 'secret-project');
  await mkdir(home);
  weights = join(home, 'net.pth');
  await copyFile(referencePath('pth/net_tiny_train.pth'), weights);
});

const readers = () => ({ base: home, datasets: datasetsHere });
const recipeOf = (path: string): FigureRecipe => ({
  ...RECIPE_FORMAT,
  layout,
  kind: 'position-maps',
  source: { path, layer: 'stages.1.0.repmlp_block' },
  group: null,
});

/** All that a file says, its compressed parts opened. */
async function saidBy(bytes: Uint8Array, format: (typeof FORMATS)[number]): Promise<string> {
  const raw = Buffer.from(bytes).toString('utf8');
  if (format !== 'pdf') return raw;
  const { recipe } = await readProvenance(bytes, 'a.pdf');
  const pdf = await PDFDocument.load(bytes);
  return [
    raw,
    JSON.stringify(recipe),
    pdf.getSubject(),
    pdf.getTitle(),
    pdf.getKeywords(),
    String(pdf.context.lookup(pdf.context.trailerInfo.Info)),
  ].join();
}

describe.each(FORMATS)('%s', (format) => {
  it('holds no folder and no user of the machine it was made on, but the name and hash of its source', async () => {
    const { bytes, provenance } = await renderFigure(recipeOf(weights), format, readers());
    const said = await saidBy(bytes, format);
    expect(said).not.toMatch(/alice|secret-project|\/tmp|home\//);
    expect(provenance.sources).toEqual([{ path: 'net.pth', sha256: expect.stringMatching(/^[0-9a-f]{64}$/) }]);
    expect((await readProvenance(bytes, `a.${format}`)).recipe).toEqual(recipeOf('net.pth'));
  });

  it('is drawn again from its own file, byte for byte', async () => {
    const { bytes } = await renderFigure(recipeOf(weights), format, readers());
    const before = await readProvenance(bytes, `a.${format}`);
    const again = await renderFigure(before.recipe, format, readers(), { before });
    expect(Buffer.compare(Buffer.from(again.bytes), Buffer.from(bytes))).toBe(0);
    expect(again.changes).toEqual([]);
  });

  it('stripped carries nothing', async () => {
    const { bytes } = await renderFigure(recipeOf(weights), format, readers(), { strip: true });
    await expect(readProvenance(bytes, `a.${format}`)).rejects.toThrow(/carries no recipe/);
  });
});

it('a source that was changed since is said to be, by how much', async () => {
  const { provenance } = await renderFigure(recipeOf(weights), 'svg', readers());
  const file = await openCheckpointFile(weights);
  const tensors = await file.readAll();
  await file.close();
  const changed = [...tensors].map(
    ([name, tensor], i) =>
      [
        name,
        i === 0 || !(tensor.data instanceof Float32Array)
          ? tensor
          : { ...tensor, data: tensor.data.map((value, k) => value * (1 + (k % 3))) },
      ] as const,
  );
  const other = join(await mkdtemp(join(tmpdir(), 'bob-')), 'net.pth');
  await writeCheckpointFile(other, new Map(changed), { force: true });
  const again = await renderFigure(recipeOf(other), 'svg', readers(), { before: provenance });
  expect(again.changes.length).toBeGreaterThan(0);
  expect(again.changes.join()).toMatch(/by output position": .*(least value|largest value|root mean square) [\d.e−]+ then, [\d.e−]+ now/);
});

it('a source that lies elsewhere is found by name and hash, the right one of several', async () => {
  const { bytes, provenance } = await renderFigure(recipeOf(weights), 'svg', readers());
  const [figures, elsewhere] = [join(home, 'figures'), await mkdtemp(join(tmpdir(), 'elsewhere-'))];
  await mkdir(figures, { recursive: true });
  await writeFile(join(figures, 'net.pth'), 'not the one');
  const opened = await openFigureFile(provenance, join(figures, 'a.svg'), { datasets: datasetsHere });
  expect('source' in opened.recipe && opened.recipe.source?.path).toBe(weights);
  await rename(weights, join(elsewhere, 'net.pth'));
  const found = await openFigureFile(provenance, join(home, 'a.svg'), { datasets: datasetsHere, search: [elsewhere] });
  expect('source' in found.recipe && found.recipe.source?.path).toBe(join(elsewhere, 'net.pth'));
  expect(found.changes).toEqual([]);
  await rename(join(elsewhere, 'net.pth'), weights);
  expect(bytes.length).toBeGreaterThan(1000);
});

it('a source that is nowhere is named', async () => {
  await expect(renderFigure(recipeOf('gone.pth'), 'svg', readers())).rejects.toThrow(/gone\.pth/);
});

describe('a composed figure', () => {
  it.each(FORMATS)('is drawn again from its %s, byte for byte, every panel with its own source found', async (format) => {
    const panels = [recipeOf(weights), { ...recipeOf(weights), kind: 'row-kinds' }].map((recipe) => ({ recipe }));
    const whole = parseFigureRecipe({ ...RECIPE_FORMAT, layout, kind: 'composed', columns: 1, panels, scale: 'shared', axes: 'aligned' });
    const first = await renderFigure(whole, format, readers());
    expect(first.provenance.sources).toHaveLength(1);
    const before = await readProvenance(first.bytes, `a.${format}`);
    expect(JSON.stringify(before.recipe)).not.toContain('secret-project');
    const again = await renderFigure(before.recipe, format, readers(), { before });
    expect(again.changes).toEqual([]);
    expect(Buffer.compare(again.bytes, first.bytes)).toBe(0);
  });
});
