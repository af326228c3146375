// The figure of FC3 before, added and after: every weight in the colour of its value, one scale, nothing hidden.
import { describe, expect, it } from 'vitest';
import { colourAt } from '../../colour/table';
import { plainMarks } from '../page/cells';
import type { ImageMark } from '../page/display-list';
import { matrices } from './matrices';
import { MATRICES, small } from '../../../testing/figure/figure-examples';
import { strongestOf } from '../../matrix/reduce-to-page';
import { poolingOf, poolingRule } from '../page/heat-map';

describe('matrices', () => {
  const images = (transform: 'linear' | 'rank'): ImageMark[] => {
    return plainMarks(matrices.draw({ ...MATRICES, transform }, small.matrices).marks).filter(
      (mark): mark is ImageMark => mark.kind === 'image',
    );
  };

  it('draw every weight in the colour of its value on the one scale', () => {
    const { rows, columns, before, added, after } = small.matrices;
    const all = [before, added, after];
    const limit = Math.max(...all.map((matrix) => matrix.reduce((most, value) => Math.max(most, Math.abs(value)), 0)));
    images('linear').forEach((image, panel) => {
      const zoom = image.rows / rows;
      for (const [row, column] of [
        [0, 0],
        [17, 5],
        [511, 255],
      ] as const) {
        const value = all[panel][row * columns + column];
        const at = 4 * (row * zoom * image.columns + column * zoom);
        // The table has 1024 steps: a channel may be off by the change over half a step.
        colourAt('blue-orange', 0.5 + value / (2 * limit)).forEach((channel, k) =>
          expect(Math.abs(image.rgba[at + k] - channel)).toBeLessThanOrEqual(2),
        );
      }
    });
  });

  it('draw zeros in the middle colour whatever the transform', () => {
    const white = [247, 247, 247, 255];
    const zero = small.matrices.added.indexOf(0);
    const { columns } = small.matrices;
    for (const transform of ['linear', 'rank'] as const) {
      const added = images(transform)[1];
      const zoom = added.columns / columns;
      const at = 4 * (Math.floor(zero / columns) * zoom * added.columns + (zero % columns) * zoom);
      [...added.rgba.subarray(at, at + 4)].forEach((channel, k) => expect(Math.abs(channel - white[k])).toBeLessThanOrEqual(1));
    }
  });

  it('refuse weights that are not numbers', () => {
    const broken = { ...small.matrices, before: small.matrices.before.map((value, i) => (i === 3 ? Number.NaN : value)) };
    expect(() => matrices.draw(MATRICES, broken)).toThrow(/NaN at index 3/);
  });

  it('pool large matrices by largest magnitude, sign kept, and name the rule', () => {
    const data = new Float32Array(1200 * 2).fill(0.1);
    data[4] = -5;
    const matrix = { rows: 2, columns: 1200, data };
    const pooled = strongestOf(matrix, poolingOf(matrix));
    expect([pooled.rows, pooled.columns]).toEqual([2, 600]);
    expect(pooled.data[2]).toBe(-5);
    expect(poolingRule({ rows: 2, columns: 1200 })).toBe('each pixel shows the weight of largest magnitude among 1 x 2');
    expect(poolingRule({ rows: 600, columns: 600 })).toBe('every weight is drawn');
  });
});
