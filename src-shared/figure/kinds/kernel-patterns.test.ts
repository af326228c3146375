// Where a merged kernel looks: the map of a figure against the kernel's own energies.
import { describe, expect, it } from 'vitest';
import { headOf, source } from '../../../testing/figure/figure-examples';
import { smallSources } from '../../../testing/figure/figure-sources';
import { parseFigureRecipe, readFigure } from '../registry';

const recipe = parseFigureRecipe({ ...headOf(84, 7), kind: 'kernel-patterns', source, map: [5, 5] });

describe('the pattern of a merged kernel', () => {
  it('has energy at the displacements of the kernel alone: its squares, per weight, relative to the mean of all', async () => {
    const { kernels } = await smallSources.layers(source);
    const { data, shape } = kernels[0].weight;
    const [O, C, K, L] = shape;
    const marks = (await readFigure(recipe, smallSources)).draw().marks;
    const cells = marks.flatMap((mark) => (mark.kind === 'cells' ? [mark] : []))[0];
    expect([cells.rows, cells.columns]).toEqual([9, 9]);
    const squares = Array.from({ length: K * L }, (_, at) =>
      Array.from({ length: O * C }, (_, pair) => Number(data[pair * K * L + at]) ** 2).reduce((sum, value) => sum + value, 0),
    );
    // At a displacement of (u, v) the kernel's weight stands at (5 - |u|)(5 - |v|) pairs of positions, of 5^4 in all.
    const pairs = squares.map((_, at) => (5 - Math.abs(Math.floor(at / L) - 1)) * (5 - Math.abs((at % L) - 1)));
    const all = squares.reduce((sum, square, at) => sum + square * pairs[at], 0);
    for (let row = 0; row < 9; row++)
      for (let column = 0; column < 9; column++) {
        const [u, v] = [row - 4 + 1, column - 4 + 1];
        const isInside = u >= 0 && u < K && v >= 0 && v < L;
        const expected = isInside ? (squares[u * L + v] / all) * 5 ** 4 : 0;
        expect(cells.values.data[row * 9 + column]).toBeCloseTo(expected, 4);
        const isGrey = [217, 217, 217].every((value, i) => cells.rgba[4 * (row * 9 + column) + i] === value);
        expect(isGrey).toBe(!isInside);
      }
  });

  it('refuses a layer that is not there, by the names of those that are', async () => {
    const asked = parseFigureRecipe({ ...recipe, source: { ...source, layer: 'nowhere' } });
    await expect(readFigure(asked, smallSources)).rejects.toThrow(
      /family\.safetensors has no merged kernel called nowhere larger than 1x1: it has conv/,
    );
  });
});
