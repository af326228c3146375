// Figure 5 of arXiv 2105.01883: the published numbers, the windows, and cells that do not exist.
import { describe, expect, it } from 'vitest';
import { UserError } from '../../base/user-error';
import { FIGURE5, small } from '../../../testing/figure/figure-examples';
import { logRatios } from '../../matrix/figure5';
import { cellText, figure5 } from './figure5';

// The published maps of figure 5 (arXiv 2105.01883), rows 0-2, left and right.
const PUBLISHED_LEFT =
  '3 3.1 2.8 2.3 2.4 3.5 3.3 4.6 4 3.3 2.3 3.8 3.1 2.3 0.25 2.8 3.5 4.8 4.6 3.7 2.5 4.1 3.4 2.9 3.3 2.8 3.8 4.9 4.6 2.9'.split(' ');

describe('figure 5', () => {
  it('prints weights as the paper does: ln(|w| / min |w|), two significant digits', () => {
    const weights = Float32Array.from([...PUBLISHED_LEFT, '0'], (text, i) => (-1) ** i * 0.01 * Math.exp(Number(text)));
    expect([...logRatios(weights)].slice(0, -1).map(cellText)).toEqual(PUBLISHED_LEFT);
    expect(logRatios(weights)[30]).toBe(0);
  });

  it('marks a zero weight instead of hiding it', () => {
    expect([...logRatios(Float32Array.from([0, 1, -Math.E]))].map(cellText)).toEqual(['−∞', '0', '1']);
    // One broken weight leaves the others their values.
    expect([...logRatios(Float32Array.from([NaN, 1, -Math.E]))]).toEqual([NaN, 0, expect.closeTo(1, 6)]);
  });

  it('draws the output position and the largest window, cut at the partition’s border', () => {
    const strokes = figure5.draw(FIGURE5, small).marks.filter((mark) => mark.kind === 'rect' && mark.fill === null && mark.stroke !== null);
    const [left, window, right] = strokes as { x: number; y: number; width: number; height: number }[];
    const cell = left.width;
    // Row 5, column 5 of 8 x 8 with K = 5: rows and columns 3 to 7.
    expect([window.width / cell, window.height / cell].map((n) => Number(n.toFixed(9)))).toEqual([5, 5]);
    expect([(right.x - window.x) / cell, (right.y - window.y) / cell].map((n) => Number(n.toFixed(9)))).toEqual([2, 2]);
  });

  it('says whether outside the largest window both maps differ by one constant, and if they do not', () => {
    const caption = (after: Float32Array): string =>
      figure5
        .draw(FIGURE5, { ...small, matrices: { ...small.matrices, after } })
        .marks.flatMap((mark) => (mark.kind === 'text' ? mark.text : []))
        .join(' ');
    expect(caption(small.matrices.after)).toMatch(/Outside it both maps (differ by the constant|are equal)/);
    // One weight that no kernel reaches: position (0, 0) of the map of output (5, 5).
    const at = ((FIGURE5.outputChannel * 8 + FIGURE5.row) * 8 + FIGURE5.column) * small.matrices.columns + FIGURE5.inputChannel * 64;
    const wrong = small.matrices.after.slice();
    wrong[at] *= 2;
    expect(caption(wrong)).toMatch(/maps do NOT differ by one constant/);
  });

  it('starts at the place the paper shows, (6, 6) of 10 x 10, in proportion to the partition', () => {
    const head = { format: 'repmlp-figure', version: 1, layout: FIGURE5.layout } as const;
    const started = figure5.start(head, { source: FIGURE5.source, network: {}, run: '', runs: [], picture: { file: 'none.png' } });
    // 0.6 of 8 x 8.
    expect(figure5.draw(started, small).description).toMatch(/input channel 0 .* output channel 0 at row 4, column 4/);
  });

  it('refuses a cell the block does not have', () => {
    expect(() => figure5.draw({ ...FIGURE5, row: 8 }, small)).toThrow(UserError);
    expect(() => figure5.draw({ ...FIGURE5, inputChannel: 4 }, small)).toThrow(/inputChannel must be between 0 and 3, got 4/);
  });
});
