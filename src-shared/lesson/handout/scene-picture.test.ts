// The drawings of a scene: as many cells as are not zero, the followed one outlined where it is.
import { expect, test } from 'vitest';
import { convolutionScene } from '../../matrix/convolution-scene';
import { resolveScene } from '../../merge/convolution/resolve';
import { scenePicture } from './scene-picture';

const none = () => Promise.reject(new Error('not in this test'));
const scene = convolutionScene({
  h: 4,
  w: 5,
  pad: 0,
  kernels: [{ kind: 'weights', K: 3, weight: [1, 2, 3, 4, 5, 6, 7, 8, 9] }],
  picture: { kind: 'values', values: Array.from({ length: 20 }, (_, at) => (at === 7 ? 9 : 0)) },
  follow: { kind: 'window', o: 0, i: 1, j: 2 },
});
const model = await resolveScene(scene, { loadDigits: none, loadBlock: none });
/** Cells, without the ground and the outline. */
const cellsIn = (svg: string): number => (svg.match(/<rect /g)?.length ?? 0) - 2;

test('the matrix of 2 x 3 outputs shows nine cells in each of its six rows, and outlines row 5', () => {
  const svg = scenePicture(model, 'matrix', 'a <matrix>');
  expect(svg).toContain('<title>a &lt;matrix&gt;</title>');
  expect(cellsIn(svg)).toBe(6 * 9);
  // Twenty columns of 21 units each: row 5 begins at 105, less half the line.
  expect(svg).toMatch(/<rect x="-1" y="104" width="421" height="22" fill="none"/);
});

test('the picture shows its one bright pixel, under a window of three by three at row 1, column 2', () => {
  const svg = scenePicture(model, 'picture', 'p');
  expect(cellsIn(svg)).toBe(1);
  expect(svg).toMatch(/<rect x="167" y="83" width="253" height="253" fill="none"/);
});
