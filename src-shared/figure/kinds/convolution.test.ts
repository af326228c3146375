// The figure of a convolution holds the numbers of its scene, outlines what is followed, and reads layers and samples by name.
import { describe, expect, test } from 'vitest';
import { noSources, smallSources } from '../../../testing/figure/figure-sources';
import { headOf } from '../../../testing/figure/figure-examples';
import { convolutionScene, type WrittenScene } from '../../matrix/convolution-scene';
import type { CellsMark, Mark } from '../page/display-list';
import { convolution } from './convolution';

async function drawn(written: WrittenScene, sources = noSources) {
  const recipe = { ...headOf(170, 8), kind: 'convolution', scene: convolutionScene(written) } as const;
  return (await convolution.read(recipe, sources)).draw();
}

const cells = (marks: readonly Mark[]): CellsMark[] => marks.filter((mark) => mark.kind === 'cells');
const outlines = (marks: readonly Mark[]): Mark[] => marks.filter((mark) => mark.kind === 'rect' && mark.stroke === '#c2006b');

const TWO_BY_TWO: WrittenScene = {
  h: 3,
  w: 3,
  pad: 0,
  kernels: [{ kind: 'weights', K: 3, weight: [1, 2, 3, 4, 5, 6, 7, 8, 9] }],
  picture: { kind: 'values', values: [1, 0, 0, 0, 1, 0, 0, 0, 1] },
};

describe('the numbers', () => {
  test('picture, matrix and output are those of the scene', async () => {
    const [picture, matrix, output] = cells((await drawn(TWO_BY_TWO)).marks).map(({ values }) => values);
    expect(Array.from(picture.data)).toEqual([1, 0, 0, 0, 1, 0, 0, 0, 1]);
    // One stop of the window: one row, the kernel itself; 1 + 5 + 9 under the three bright pixels.
    expect([matrix.rows, matrix.columns, Array.from(matrix.data)]).toEqual([1, 9, [1, 2, 3, 4, 5, 6, 7, 8, 9]]);
    expect(Array.from(output.data)).toEqual([15]);
  });

  test('the text says how many cells the kernel reaches, and the sum of what is followed', async () => {
    const { caption } = await drawn({ h: 7, w: 7, follow: { kind: 'window', o: 0, i: 0, j: 0 } });
    // (7 + 6 + 6)^2 pairs of places that are at most one apart in both directions.
    expect(caption).toContain('49 rows (one an output) and 49 columns (one a pixel): 361 of its 2401 cells are reached');
    expect(caption).toMatch(/Outlined: Row 0, output \(0, 0\): reads 4 pixels, 5 of the window outside\./);
  });
});

describe('what is followed', () => {
  test('a window is one outline over the picture, its row and the nine cells in it, and one output', async () => {
    expect(outlines((await drawn({ h: 5, w: 5 })).marks)).toHaveLength(1 + 1 + 9 + 1);
  });

  test('a pixel in a corner is one outline, one column and the four outputs that read it', async () => {
    const { marks } = await drawn({ h: 5, w: 5, follow: { kind: 'pixel', c: 0, a: 0, b: 0 } });
    const boxes = outlines(marks).map((mark) => mark.kind === 'rect' && Math.round(mark.height / mark.width));
    // The column is as high as the 25 rows; the cells are square.
    expect(boxes.filter((ratio) => ratio === 25)).toHaveLength(1);
    expect(boxes.filter((ratio) => ratio === 1).length).toBeGreaterThanOrEqual(5);
  });
});

describe('what is named', () => {
  test('a sample is read as a picture, shrunk to the size of the scene', async () => {
    const { marks, caption } = await drawn({ h: 2, w: 2, picture: { kind: 'sample', of: 'shapes', index: 1 } }, smallSources);
    expect(cells(marks)[0].values.data).toHaveLength(4);
    expect(caption).toContain('Picture: sample 1 of shapes, averaged down to 2 × 2');
  });

  test('a layer of the bundled network brings its own sizes', async () => {
    const { marks } = await drawn({ fc: { kind: 'layer', block: 'stage1.mix1', o: 0, c: 0 } }, smallSources);
    expect(cells(marks).map(({ rows, columns }) => [rows, columns])).toEqual([
      [8, 8],
      [64, 64],
      [8, 8],
    ]);
  });

  test('a block that is not there is said', async () => {
    await expect(drawn({ fc: { kind: 'layer', block: 'stage9', o: 0, c: 0 } }, smallSources)).rejects.toThrow(/stage9/);
  });
});
