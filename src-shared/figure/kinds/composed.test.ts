// Figures composed of others: their grid, what panels share, and what they carry.
import { describe, expect, it } from 'vitest';
import { lutIndex, lutOf } from '../../colour/table';
import { headOf, MATRICES, source } from '../../../testing/figure/figure-examples';
import { smallSources } from '../../../testing/figure/figure-sources';
import { UserError } from '../../base/user-error';
import { blockOf } from '../block-of';
import type { CellsMark, DisplayList, TextMark } from '../page/display-list';
import { measuredData } from '../provenance';
import { composed, parseFigureRecipe, readFigure, type ComposedRecipe, type PanelRecipe } from '../registry';
import { travelling } from '../travelling';
import { gridPlaces } from './composed-sheet';

const head = headOf(170, 8);
const maps: PanelRecipe = { ...head, kind: 'position-maps', source, group: null };
const run: PanelRecipe = { ...head, kind: 'curves', source };

function recipeOf(panels: readonly PanelRecipe[], change: Partial<ComposedRecipe> = {}): ComposedRecipe {
  return {
    ...head,
    kind: 'composed',
    columns: 2,
    panels: panels.map((recipe) => ({ recipe })),
    scale: 'shared',
    axes: 'aligned',
    ...change,
  };
}

/** Sources whose second file has weights ten times the first's. */
const larger = {
  ...smallSources,
  network: async (asked: { readonly path: string }) => {
    const { spec, weights } = await smallSources.network(asked);
    if (asked.path !== 'ten') return { spec, weights };
    const scaled = [...weights].map(
      ([name, tensor]) =>
        [
          name,
          /fc3.*weight$/.test(name) ? { ...tensor, data: Float32Array.from(tensor.data as Float32Array, (value) => 10 * value) } : tensor,
        ] as const,
    );
    return { spec, weights: new Map(scaled) };
  },
};

async function drawn(recipe: ComposedRecipe, sources = smallSources): Promise<DisplayList> {
  return (await readFigure(parseFigureRecipe(recipe), sources)).draw();
}

const cellsOf = ({ marks }: DisplayList): CellsMark[] => marks.flatMap((mark) => (mark.kind === 'cells' ? [mark] : []));
const textsOf = ({ marks }: DisplayList): TextMark[] => marks.flatMap((mark) => (mark.kind === 'text' ? [mark] : []));
const colourOf = ({ rgba }: CellsMark, index: number): string => rgba.slice(4 * index, 4 * index + 4).join();

const TWO = recipeOf([MATRICES, { ...MATRICES, source: { path: 'ten' } }], { columns: 1 });

describe('a composed figure', () => {
  it('has a letter and a heading over each panel, and all sentences below', async () => {
    const figure = await drawn(recipeOf([MATRICES, maps]));
    expect(
      textsOf(figure)
        .filter(({ bold }) => bold)
        .map(({ text }) => text)
        .join(' '),
    ).toContain('(a) FC3 before, added, after');
    expect(textsOf(figure).some(({ text, bold }) => bold && text.startsWith('(b) Position maps'))).toBe(true);
    expect(figure.caption).toMatch(/^\(a\) FC3 before.*\(b\) Position maps/);
    expect(figure.description).toMatch(/^\(a\) The FC3 matrix of block.*\(b\) /);
  });

  it('names the numbers of its panels apart, so that a change of one is told', async () => {
    const names = measuredData(await drawn(TWO, larger)).map(({ name }) => name);
    expect(names).toEqual(['(a) before', '(a) added', '(a) after', '(b) before', '(b) added', '(b) after']);
  });

  it('has one scale and one bar for panels of one quantity: the same value has the same colour in all', async () => {
    const shared = cellsOf(await drawn(TWO, larger));
    const own = cellsOf(await drawn({ ...TWO, scale: 'own' }, larger));
    const largest = (cells: CellsMark): number =>
      cells.values.data.reduce((at, value, i, all) => (Math.abs(value) > Math.abs(all[at]) ? i : at), 0);
    // Where a panel has a scale of its own, its largest weight has the colour of an end.
    const ends = [0, 1].map((position) =>
      [...new Uint8Array(lutOf('blue-orange').buffer).slice(4 * lutIndex(position), 4 * lutIndex(position) + 4)].join(),
    );
    const [a, b] = [own[2], own[5]];
    expect(ends).toContain(colourOf(a, largest(a)));
    expect(ends).toContain(colourOf(b, largest(b)));
    // Where they share one, only that of the larger weights has.
    expect(ends).not.toContain(colourOf(shared[2], largest(shared[2])));
    expect(ends).toContain(colourOf(shared[5], largest(shared[5])));
  });

  it('says which panels share a scale, and its limits', async () => {
    const { caption } = await drawn(TWO, larger);
    const { matrices } = await blockOf({ path: 'ten' }, larger);
    const limit = Math.max(
      ...[matrices.before, matrices.added, matrices.after].map((data) => data.reduce((most, w) => Math.max(most, Math.abs(w)), 0)),
    );
    expect(caption).toContain(`limits ±${String(Number(limit.toPrecision(3)))}, shared by panels (a) and (b)`);
    expect((await drawn({ ...TWO, scale: 'own' }, larger)).caption).not.toContain('shared by');
  });

  it('never gives one scale to numbers of two quantities, or drawn in two ways', async () => {
    const linear: PanelRecipe = { ...MATRICES, transform: 'linear' };
    for (const other of [linear, { ...MATRICES, colours: 'viridis' } as const, maps])
      expect((await drawn(recipeOf([MATRICES, other], { columns: 1 }))).caption).not.toContain('shared by');
  });

  it('has one scale for the matrices of a merge and those of a block, and one for the vectors of two merges', async () => {
    const merge = (path: string): PanelRecipe => ({
      ...head,
      kind: 'merge-equation',
      source: { path },
      step: 'add',
      scaling: 'one',
      colours: 'blue-orange',
    });
    const both = recipeOf([{ ...MATRICES, transform: 'linear' }, merge('one.safetensors')], { columns: 1 });
    expect((await drawn(both)).caption).toMatch(/weights linear, zero in the middle, limits ±[\d.]+, shared by panels \(a\) and \(b\)/);
    const two = recipeOf([merge('one.safetensors'), merge('ten')], { columns: 1 });
    const figure = await drawn(two, larger);
    expect(figure.caption).toMatch(/vectors linear, [^;]+, shared by panels \(a\) and \(b\)/);
    const own = recipeOf([{ ...MATRICES, transform: 'linear' }, { ...merge('one.safetensors'), scaling: 'own' } as PanelRecipe], {
      columns: 1,
    });
    expect((await drawn(own)).caption).not.toContain('shared by');
  });

  it('begins the pictures of a row at one height', async () => {
    const figure = await drawn(recipeOf([MATRICES, maps], { layout: { ...head.layout, widthMm: 250 } }));
    const [first] = cellsOf(figure).filter(({ name }) => name.startsWith('(a)'));
    const [second] = cellsOf(figure).filter(({ name }) => name.startsWith('(b)'));
    expect(second.y).toBeCloseTo(first.y, 9);
    expect(second.x).toBeGreaterThan(first.x + 3 * first.width);
  });

  it('gives plots of one quantity the same limits', async () => {
    const events = (factor: number) =>
      [1, 2, 3].map((epoch) => {
        const pair = { loss: factor / epoch, metric: 0.5 };
        return { type: 'epoch', epoch, train: pair, validation: pair, learningRate: 0.1, seconds: 1 } as const;
      });
    const sources = { ...smallSources, events: (path: string) => Promise.resolve(events(path === 'ten' ? 10 : 1)) };
    const asked = recipeOf([run, { ...run, source: { path: 'ten' } }], { layout: { ...head.layout, widthMm: 250 } });
    const tens = (figure: DisplayList): number => textsOf(figure).filter(({ text }) => text === '10').length;
    expect(tens(await drawn(asked, sources))).toBe(2);
    expect(tens(await drawn({ ...asked, axes: 'own' }, sources))).toBe(1);
  });

  it('refuses a panel whose words have no room, and says what to do', async () => {
    const narrow = recipeOf([maps, maps, maps, maps, maps, maps], { columns: 6, layout: { ...head.layout, widthMm: 84 } });
    await expect(drawn(narrow)).rejects.toThrow(UserError);
    await expect(drawn(narrow)).rejects.toThrow(
      /panel \(a\), "Position maps", is \d+ mm wide, and .* take fewer columns, more of them for this panel, or a wider page/,
    );
  });

  it('reads a file once, however many panels are of it', async () => {
    let reads = 0;
    const sources: typeof smallSources = { ...smallSources, network: (asked) => (reads++, smallSources.network(asked)) };
    await drawn(recipeOf([MATRICES, maps]), sources);
    expect(reads).toBe(1);
  });

  it('travels without a folder of this machine, in all of its panels', () => {
    const local = recipeOf([
      { ...MATRICES, source: { path: '/home/me/nets/net.pth' } },
      { ...run, source: { path: '/home/me/runs/one' } },
    ]);
    expect(JSON.stringify(travelling(local))).not.toContain('home');
    expect(JSON.parse(JSON.stringify(travelling(local)))).toMatchObject({
      panels: [{ recipe: { source: { path: 'net.pth' } } }, { recipe: { source: { path: 'one' } } }],
    });
  });
});

describe('a recipe of a composed figure', () => {
  it.each([
    ['a panel that is composed', [recipeOf([])], /"panels.0.recipe.kind": there is no such panel, expected one of "matrices"/],
    ['a wrong field of a panel', [MATRICES, { ...MATRICES, colours: 'mud' }], /"panels.1.recipe.colours"/],
  ])('is refused with %s, by its place', (_, recipes, message) => {
    const json: unknown = { ...recipeOf([]), panels: recipes.map((recipe) => ({ recipe })) };
    expect(() => parseFigureRecipe(json)).toThrow(message);
  });

  it('comes back as it was written', () => {
    const recipe = { ...recipeOf([MATRICES, maps]), panels: [{ recipe: MATRICES, heading: '', span: 2 }, { recipe: maps }] };
    expect(parseFigureRecipe(JSON.parse(JSON.stringify(recipe)))).toEqual(recipe);
    expect(composed.lacks(recipe)).toBeNull();
  });
});

describe('the grid', () => {
  it('takes panels in reading order; one that does not fit begins the next row', () => {
    expect(gridPlaces([1, 1, 2, 1, 2], 2)).toEqual([
      { row: 0, column: 0, span: 1 },
      { row: 0, column: 1, span: 1 },
      { row: 1, column: 0, span: 2 },
      { row: 2, column: 0, span: 1 },
      { row: 3, column: 0, span: 2 },
    ]);
    expect(gridPlaces([4], 3)).toEqual([{ row: 0, column: 0, span: 3 }]);
  });
});
