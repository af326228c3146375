// Matrices as the explorer shows them: what a figure of a view holds, and what it says of itself.
import { describe, expect, it } from 'vitest';
import { headOf, source } from '../../../testing/figure/figure-examples';
import { smallSources } from '../../../testing/figure/figure-sources';
import { UserError } from '../../base/user-error';
import { colourScale } from '../../colour/scales';
import { lutIndex, lutOf, rgbOf } from '../../colour/table';
import { rowsOf } from '../../matrix/geometry';
import { blockOf } from '../block-of';
import type { CellsMark, DisplayList } from '../page/display-list';
import { parseFigureRecipe, readFigure } from '../registry';

const VIEW = {
  ...headOf(170, 8),
  kind: 'matrix-view',
  source,
  arrangement: 'stored',
  colours: 'blue-orange',
  transform: 'linear',
} as const;
const KERNEL = { ...VIEW, weight: { name: 'conv.weight', merged: true, map: [4, 4] } } as const;

async function drawn(recipe: object): Promise<DisplayList> {
  return (await readFigure(parseFigureRecipe(recipe), smallSources)).draw();
}
const cellsOf = ({ marks }: DisplayList): CellsMark[] => marks.flatMap((mark) => (mark.kind === 'cells' ? [mark] : []));
const colourOf = ({ rgba }: CellsMark, index: number): string => rgba.slice(4 * index, 4 * index + 4).join();

/** The colour of a value on a linear scale of blue and orange to ±limit. */
function colourAt(value: number, limit: number): string {
  const index = lutIndex((value / limit + 1) / 2);
  return [...new Uint8Array(lutOf('blue-orange').buffer).slice(4 * index, 4 * index + 4)].join();
}

describe('a view of matrices', () => {
  it('has a kernel of a file as the matrix it is on its map, every cell in its colour', async () => {
    const { data, rows, columns } = await smallSources.weight(source, { name: 'conv.weight' });
    const [cells, ...others] = cellsOf(await drawn(KERNEL));
    expect(others).toEqual([]);
    expect([cells.rows, cells.columns]).toEqual([rows, columns]);
    const limit = data.reduce((most, w) => Math.max(most, Math.abs(w)), 0);
    for (let i = 0; i < data.length; i += 7) expect(colourOf(cells, i)).toBe(colourAt(data[i], limit));
  });

  it('marks what lies beyond its limits in the colours of the window, and says so', async () => {
    const { data } = await smallSources.weight(source, { name: 'conv.weight' });
    const limits = { kind: 'numbers', low: -0.05, high: 0.05 } as const;
    const figure = await drawn({ ...KERNEL, limits, markClipped: true });
    const [cells] = cellsOf(figure);
    const { under, over } = colourScale('blue-orange');
    const beyond = [...data.keys()].filter((i) => Math.abs(data[i]) > 0.05);
    expect(beyond.length).toBeGreaterThan(0);
    for (const i of beyond) expect(colourOf(cells, i)).toBe([...rgbOf(data[i] < 0 ? under : over), 255].join());
    for (const i of [...data.keys()].filter((at) => Math.abs(data[at]) < 0.049)) expect(colourOf(cells, i)).toBe(colourAt(data[i], 0.05));
    const words = figure.marks.flatMap((mark) => (mark.kind === 'text' ? [mark.text] : []));
    expect(words).toContain('above the limits');
    expect(figure.caption).toMatch(/lie beyond the limits and have colours of their own/);
  });

  it('lays a map of maps as the explorer does: the maps of input channel c at output (i, j) of channel o', async () => {
    const { data, geometry } = await smallSources.weight(source, { name: 'conv.weight' });
    if (geometry === null) throw new Error('a kernel on a map has a geometry');
    const { h, w, channels } = geometry;
    const stored = cellsOf(await drawn(KERNEL))[0];
    const maps = cellsOf(await drawn({ ...KERNEL, arrangement: 'gridOfGrids' }))[0];
    expect([maps.rows, maps.columns]).toEqual([geometry.O * h * h, channels * w * w]);
    for (const [o, i, j, c, a, b] of [
      [0, 0, 0, 0, 0, 0],
      [3, 1, 2, 1, 2, 3],
      [2, 3, 0, 0, 1, 1],
    ]) {
      const at = ((o * h + i) * w + j) * channels * h * w + (c * h + a) * w + b;
      const picture = ((o * h + i) * h + a) * channels * w * w + (c * w + j) * w + b;
      expect(colourOf(maps, picture)).toBe(colourOf(stored, at));
    }
    expect(stored.values.data).toEqual(data);
  });

  it('shows a part, and says which', async () => {
    const whole = cellsOf(await drawn(KERNEL))[0];
    const figure = await drawn({ ...KERNEL, region: { row: 10, column: 4, rows: 5, columns: 6 } });
    const part = cellsOf(figure)[0];
    expect([part.rows, part.columns]).toEqual([5, 6]);
    for (let row = 0; row < 5; row++)
      for (let column = 0; column < 6; column++)
        expect(colourOf(part, row * 6 + column)).toBe(colourOf(whole, (row + 10) * whole.columns + column + 4));
    expect(figure.caption).toContain(`Shown: rows 10 to 14, columns 4 to 9 of ${whole.rows} x ${whole.columns}.`);
  });

  it('splits one picture between the first matrix and the last, and says which is on which side', async () => {
    const figure = await drawn({ ...VIEW, splitAt: 0.25 });
    const [left, right, ...others] = cellsOf(figure);
    expect(others).toEqual([]);
    expect(left.x + left.width).toBeCloseTo(right.x, 9);
    expect(right.width / left.width).toBeCloseTo(3, 1);
    expect(figure.caption).toContain('Left of the line: FC3 before merging; right of it: FC3 after merging.');
    const { matrices } = await blockOf(source, smallSources);
    expect(left.values.data).toEqual(matrices.before);
    expect(right.values.data).toEqual(matrices.after);
  });

  it('compares two sets of weights: A, B - A and B', async () => {
    const { matrices } = await blockOf(source, smallSources);
    const halved = {
      ...smallSources,
      network: async (of: { readonly path: string }) => {
        const { spec, weights } = await smallSources.network({ path: of.path });
        if (of.path !== 'half') return { spec, weights };
        const half = [...weights].map(
          ([name, tensor]) =>
            [
              name,
              /fc3.*weight$/.test(name) ? { ...tensor, data: Float32Array.from(tensor.data as Float32Array, (w) => w / 2) } : tensor,
            ] as const,
        );
        return { spec, weights: new Map(half) };
      },
    };
    const other = await blockOf({ path: 'half' }, halved);
    const figure = (await readFigure(parseFigureRecipe({ ...VIEW, against: { path: 'half' } }), halved)).draw();
    const [a, difference, b] = cellsOf(figure).map(({ values }) => values.data);
    expect(a).toEqual(matrices.after);
    expect(b).toEqual(other.matrices.after);
    expect(difference).toEqual(Float32Array.from(b, (value, i) => value - a[i]));
    expect(figure.caption).toMatch(/^A: one, FC3 of .*, merged\. B: half, FC3 of .*, merged\./);
  });

  it('marks a cell of the picture', async () => {
    const [cells] = cellsOf(await drawn(KERNEL));
    const { marks } = await drawn({ ...KERNEL, marked: { row: 8, column: 4 } });
    const [x, y] = [cells.x + (4.5 * cells.width) / cells.columns, cells.y + (8.5 * cells.height) / cells.rows];
    const over = marks.flatMap((mark) => (mark.kind === 'rect' && mark.fill === null && mark.width < 20 ? [mark] : []));
    expect(over).toHaveLength(1);
    expect(over[0].x + over[0].width / 2).toBeCloseTo(x, 6);
    expect(over[0].y + over[0].height / 2).toBeCloseTo(y, 6);
  });

  it('shows no weight where there is none, in a colour of its own', async () => {
    const { geometry } = await smallSources.weight(source, { name: 'conv.weight' });
    const figure = await drawn({ ...KERNEL, arrangement: 'offsets' });
    const [cells] = cellsOf(figure);
    const grey = Array.from({ length: cells.rows * cells.columns }, (_, i) => colourOf(cells, i)).filter(
      (colour) => colour === '217,217,217,255',
    );
    // Of (2h - 1)(2w - 1) offsets of a channel, h w are inside the map at every position.
    expect(geometry).not.toBeNull();
    if (geometry === null) return;
    const { h, w, channels } = geometry;
    expect(grey).toHaveLength(rowsOf(geometry) * channels * ((2 * h - 1) * (2 * w - 1) - h * w));
    expect(figure.caption).toContain('Grey: no weight stands there.');
  });

  it.each([
    ['a matrix that is not there', { ...KERNEL, panes: ['before'] }, /"panes": conv.weight has no matrix "before"; it has "after"/],
    ['a part beyond its edge', { ...KERNEL, region: { row: 0, column: 0, rows: 9999, columns: 1 } }, /"region": rows 0 to 9998/],
    ['a marked cell beyond its edge', { ...KERNEL, marked: { row: 0, column: 9999 } }, /"marked": row 0, column 9999 is not in/],
    ['a split of one matrix', { ...KERNEL, splitAt: 0.5 }, /"splitAt": a split picture is of two matrices/],
  ])('refuses %s', async (_, recipe, message) => {
    await expect(drawn(recipe)).rejects.toThrow(UserError);
    await expect(drawn(recipe)).rejects.toThrow(message);
  });
});
