// Figures of many matrices: every block of a checkpoint, every epoch of a run, every step of a merge; compared on one scale.
import { describe, expect, it } from 'vitest';
import { headOf } from '../../../testing/figure/figure-examples';
import { runOf, smallSources } from '../../../testing/figure/figure-sources';
import { blockMatrices } from '../../merge/mathematics/matrices';
import type { CellsMark, DisplayList } from '../page/display-list';
import { readFigure, type FigureRecipe } from '../registry';

const head = { ...headOf(170, 8), layout: { ...headOf(170, 8).layout, title: null } };
const source = { path: 'one.safetensors' };
const choice = { colours: 'blue-orange', transform: 'linear' } as const;
const { spec, weights } = await smallSources.network(source);
const BLOCKS = ['stage1.mix1', 'stage2.mix1', 'stage3.mix1'];

const cellsOf = ({ marks }: DisplayList): CellsMark[] => marks.flatMap((mark) => (mark.kind === 'cells' ? [mark] : []));
const textsOf = ({ marks }: DisplayList): string[] => marks.flatMap((mark) => (mark.kind === 'text' ? [mark.text] : []));

/** Most colours that one value has, of a part of the cells that are drawn one by one. */
function mostColours(figures: readonly DisplayList[]): number {
  const found = new Map<number, Set<number>>();
  for (const { rgba, values, rows, columns } of figures.flatMap(cellsOf)) {
    if (rows !== values.rows || columns !== values.columns) continue;
    const pixels = new Uint32Array(rgba.slice().buffer);
    for (let i = 0; i < values.data.length; i += 53) found.set(values.data[i], (found.get(values.data[i]) ?? new Set()).add(pixels[i]));
  }
  expect(found.size).toBeGreaterThan(100);
  return Math.max(...[...found.values()].map(({ size }) => size));
}

const largest = (values: Float32Array): number => values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);

describe('a contact sheet', () => {
  const recipe: FigureRecipe = { ...head, kind: 'contact-sheet', source, ...choice, stage: 'added' };

  it('has the matrix of every block, its size and its largest weight', async () => {
    const figure = (await readFigure(recipe, smallSources)).draw();
    expect(cellsOf(figure).map(({ name }) => name)).toEqual(BLOCKS);
    BLOCKS.forEach((path, i) => {
      const { rows, columns, added } = blockMatrices(spec, weights, path);
      expect(largest(cellsOf(figure)[i].values.data)).toBe(largest(added));
      expect(textsOf(figure)).toContain(`${rows} x ${columns}`);
      expect(figure.description).toContain(`${path} ${rows} x ${columns}, largest |w| `);
    });
  });

  it('gives one value one colour in all of them', async () => {
    const figure = (await readFigure(recipe, smallSources)).draw();
    expect(mostColours([figure])).toBe(1);
    // The largest of all has the colour of an end, the largest of the others has not.
    const ends = cellsOf(figure).map(({ values, rgba }) => {
      const most = largest(values.data);
      const at = values.data.findIndex((value) => Math.abs(value) === most);
      return [most, rgba.subarray(4 * at, 4 * at + 3).join()] as const;
    });
    const [first, ...others] = ends.toSorted((a, b) => b[0] - a[0]);
    for (const [, colour] of others) expect(colour).not.toBe(first[1]);
  });

  it('of a network without blocks is refused by name', async () => {
    const none = { ...smallSources, network: () => Promise.resolve({ spec: { ...spec, layers: [] }, weights }) };
    await expect(readFigure(recipe, none)).rejects.toThrow(/one\.safetensors holds .* no RepMLP block/);
  });
});

describe('the matrix over the epochs', () => {
  const recipe: FigureRecipe = { ...head, kind: 'matrix-epochs', source: { path: 'runs/one' }, ...choice };
  const sourcesOf = (epochs: number) => ({
    ...smallSources,
    run: () => Promise.resolve(runOf(epochs)),
    // Every checkpoint has the weights of its number's size.
    network: ({ path }: { path: string }) => {
      const factor = Number(/(\d+)\.safetensors$/.exec(path)?.[1]);
      const grown = [...weights].map(
        ([name, tensor]) =>
          [name, name.endsWith('fc3.weight') ? { ...tensor, data: (tensor.data as Float32Array).map((w) => w * factor) } : tensor] as const,
      );
      return Promise.resolve({ spec, weights: new Map(grown) });
    },
  });

  it('shows all of few epochs, and of many the first, the last and those between evenly, which it says', async () => {
    const few = (await readFigure(recipe, sourcesOf(3))).draw();
    expect(cellsOf(few).map(({ name }) => name)).toEqual(['epoch 1', 'epoch 2', 'epoch 3']);
    const many = (await readFigure(recipe, sourcesOf(23))).draw();
    const names = cellsOf(many).map(({ name }) => name);
    expect(names).toEqual([1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23].map((epoch) => `epoch ${epoch}`));
    expect(many.caption).toContain('12 of its 23 checkpoints, evenly chosen');
  });

  it('as a film has a frame for every epoch, all of one size and one scale, the numbers those of the epoch', async () => {
    const seen: number[] = [];
    const read = await readFigure(recipe, sourcesOf(15), { purpose: 'film', progress: (done) => seen.push(done) });
    const frames = (read.frames() ?? []).map((draw) => draw());
    expect(seen).toEqual(Array.from({ length: 15 }, (_, i) => i + 1));
    expect(frames.length).toBe(15);
    expect(new Set(frames.map(({ height, width }) => `${width} ${height}`)).size).toBe(1);
    frames.forEach((frame, i) => expect(cellsOf(frame)[0].name).toBe(`epoch ${i + 1}`));
    expect(mostColours(frames)).toBe(1);
    const [first, last] = [frames[0], frames[14]].map((frame) => largest(cellsOf(frame)[0].values.data));
    expect(last).toBeGreaterThan(first);
  });

  it('is read no further when it is cancelled', async () => {
    const stop = new AbortController();
    const read = readFigure(recipe, sourcesOf(9), { purpose: 'film', progress: (done) => done === 2 && stop.abort(), signal: stop.signal });
    await expect(read).rejects.toThrow(/abort/i);
  });
});

describe('the merge as equations', () => {
  const recipe = { ...head, kind: 'merge-equation', source, scaling: 'one', colours: 'blue-orange' } as const;
  const drawn = async (change: Partial<Extract<FigureRecipe, { kind: 'merge-equation' }>>) =>
    (await readFigure({ ...recipe, ...change }, smallSources)).draw();

  it('has the arrays of the step, whose numbers are the sum they say', async () => {
    const cells = cellsOf(await drawn({ step: 'add' }));
    const [fc, band, merged] = cells.map(({ values }) => values.data);
    expect(cells.slice(0, 3).map(({ name }) => name)).toEqual([
      'add: FC3, BN folded in, given',
      'add: the convolution as FC, given',
      'add: merged FC3, made',
    ]);
    const matrices = blockMatrices(spec, weights, 'stage1.mix1');
    // At 512 x 256 nothing is pooled.
    expect(merged).toEqual(matrices.after);
    expect(largest(merged.map((value, i) => value - (fc[i] + band[i])))).toBeLessThan(1e-6);
  });

  it('makes cells pale that a step left as they were, and no other', async () => {
    const [, band, merged] = cellsOf(await drawn({ step: 'add' }));
    const pixel = (mark: CellsMark, i: number): number => mark.rgba[4 * i] + mark.rgba[4 * i + 1] + mark.rgba[4 * i + 2];
    const kept = band.values.data.findIndex((value, i) => value === 0 && Math.abs(merged.values.data[i]) > 0.1);
    const changed = band.values.data.findIndex((value) => Math.abs(value) > 0.3);
    expect(pixel(merged, kept)).toBeGreaterThan(600);
    expect(pixel(merged, changed)).toBeLessThan(600);
  });

  it('names every array once, so that what changed in its numbers can be told', async () => {
    const names = cellsOf(await drawn({ step: undefined })).map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    expect(names.length).toBeGreaterThan(20);
  });

  it('as a film has a step after the other, on the scales of all steps', async () => {
    const frames = ((await readFigure(recipe, smallSources)).frames() ?? []).map((draw) => draw());
    expect(frames.map(({ title }) => title).length).toBe(6);
    // A cell that a step left alone is pale: of one value there are two colours at most.
    expect(mostColours(frames)).toBeLessThanOrEqual(2);
    const rules = frames.map(({ caption }) => /all weights to ±[\d.]+, all vectors to ±[\d.]+/.exec(caption)?.[0]);
    expect(new Set(rules).size).toBe(1);
    expect(textsOf(frames[1]).join(' ')).toContain('2 of 6: Fold each batch norm');
  });

  it('of a step the block does not have is refused, its steps named', async () => {
    const bare = { ...smallSources, network: () => Promise.resolve({ spec: withoutKernels, weights }) };
    await expect(readFigure({ ...recipe, step: 'add' }, bare).then((figure) => figure.draw())).rejects.toThrow(
      /has no step "add"; its steps: bn-into-fc, pool-bn-into-fc1/,
    );
  });

  const withoutKernels = JSON.parse(JSON.stringify(spec).replaceAll(/"kernels":\[[^\]]*\]/g, '"kernels":[]')) as typeof spec;
});
