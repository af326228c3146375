// Values of the scene against a convolution computed here, pixel by pixel, from its definition.
import { describe, expect, test } from 'vitest';
import { convolutionScene, type WrittenScene } from '../../matrix/convolution-scene';
import { resolveScene } from '../../merge/convolution/resolve';
import { lessonValue } from './index';
import { gridOf } from './scene';
import type { World } from '../world';

const none = () => Promise.reject(new Error('not in this test'));
async function valuesOf(written: WrittenScene) {
  const scene = await resolveScene(convolutionScene(written), { loadDigits: none, loadBlock: none });
  const world: World = {
    stage: 'convolution',
    scene,
    network: { spec: null, weights: 'none', file: null, groups: 0 },
    verdict: null,
    training: null,
    setup: {},
  };
  return { scene, value: (name: string) => lessonValue(name)?.of(world) };
}

/** Pixels under the window at output (i, j): y = i s - p + u, if it lies on the picture. */
function under(h: number, w: number, K: number, pad: number, stride: number, i: number, j: number): number {
  let count = 0;
  for (let u = 0; u < K; u++)
    for (let v = 0; v < K; v++) {
      const [a, b] = [i * stride - pad + u, j * stride - pad + v];
      if (a >= 0 && a < h && b >= 0 && b < w) count++;
    }
  return count;
}
const weight = [1, 2, 3, 4, 5, 6, 7, 8, 9];

describe.each([
  { h: 5, w: 6, pad: 1, stride: 1, i: 0, j: 5 },
  { h: 5, w: 5, pad: 0, stride: 1, i: 1, j: 2 },
  { h: 7, w: 6, pad: 2, stride: 2, i: 0, j: 0 },
])('a picture of $h x $w, $pad zeros around, stride $stride', ({ h, w, pad, stride, i, j }) => {
  const written: WrittenScene = { h, w, pad, stride, kernels: [{ kind: 'weights', K: 3, weight }], follow: { kind: 'window', o: 0, i, j } };
  const Ho = Math.floor((h + 2 * pad - 3) / stride) + 1;
  const Wo = Math.floor((w + 2 * pad - 3) / stride) + 1;

  test('rows, columns and cells that are not zero', async () => {
    const { value } = await valuesOf(written);
    let all = 0;
    for (let y = 0; y < Ho; y++) for (let x = 0; x < Wo; x++) all += under(h, w, 3, pad, stride, y, x);
    expect([value('matrix.rows'), value('matrix.columns'), value('matrix.cells')]).toEqual([Ho * Wo, h * w, Ho * Wo * h * w]);
    expect([value('matrix.nonzero'), value('matrix.reached'), value('matrix.different')]).toEqual([all, all, 9]);
  });

  test('the followed row: its index, its cells, those outside, and its result', async () => {
    const { scene, value } = await valuesOf(written);
    const inside = under(h, w, 3, pad, stride, i, j);
    let sum = 0;
    for (let u = 0; u < 3; u++)
      for (let v = 0; v < 3; v++) {
        const [a, b] = [i * stride - pad + u, j * stride - pad + v];
        if (a >= 0 && a < h && b >= 0 && b < w) sum += weight[3 * u + v] * scene.picture[a * w + b];
      }
    expect([value('row.index'), value('row.cells'), value('row.outside'), value('row.nonzero')]).toEqual([
      i * Wo + j,
      inside,
      9 - inside,
      inside,
    ]);
    expect(value('row.result')).toBeCloseTo(sum, 9);
    expect(gridOf(scene, 'row').on.filter(Boolean)).toHaveLength(inside);
  });
});

test('a batch norm: scale, shift and the weights with it inside, by its formula', async () => {
  const norm = { gamma: [1.5], beta: [2], mean: [4], variance: [9], eps: 0.25 };
  const { value } = await valuesOf({ kernels: [{ kind: 'weights', K: 3, weight, norm }] });
  const scale = 1.5 / Math.sqrt(9 + 0.25);
  expect(value('norm.scale')).toBeCloseTo(scale, 12);
  expect(value('norm.shift')).toBeCloseTo(2 - 4 * scale, 12);
  expect([value('bare.middle'), value('norm.gamma'), value('norm.variance')]).toEqual([5, 1.5, 9]);
  expect(value('folded.middle')).toBeCloseTo(5 * scale, 12);
  expect(value('folded.bias')).toBeCloseTo(2 - 4 * scale, 12);
  expect(value('together.difference')).toBeLessThan(1e-9);
});

test('the sum of a 3x3 kernel, a 1x1 kernel and the identity changes the middle alone', async () => {
  const kernels: WrittenScene['kernels'] = [
    { kind: 'weights', K: 3, weight },
    { kind: 'weights', K: 1, weight: [2] },
    { kind: 'identity' },
  ];
  const { value } = await valuesOf({ kernels });
  expect([value('kernel.middle'), value('bare.middle'), value('scene.kernels')]).toEqual([5 + 2 + 1, 5, 3]);
});
