import { expect, test } from 'vitest';
import { convolutionScene, convolutionSceneSchema, outputSizeOf, type WrittenScene } from './convolution-scene';

const problemsOf = (written: WrittenScene): string[] =>
  convolutionSceneSchema.safeParse(written).error?.issues.map(({ path, message }) => `${path.join('.')}: ${message}`) ?? [];

test('nothing written is the whole default scene: a 3x3 kernel in the middle of a 7x7 picture', () => {
  const scene = convolutionScene();
  expect(scene).toMatchObject({ version: 1, chapter: 'window', h: 7, w: 7, C: 1, O: 1, groups: 1, pad: 1, stride: 1, fc: null });
  expect(scene.follow).toEqual({ kind: 'window', o: 0, i: 3, j: 3 });
  expect(convolutionScene(JSON.parse(JSON.stringify(scene)))).toEqual(scene);
});

test('the output has floor((h + 2 pad - K) / stride) + 1 rows, and columns alike', () => {
  // By counting positions of the window: 7 with pad 1 at stride 2 is 0, 2, 4, 6.
  expect(outputSizeOf(convolutionScene({ stride: 2 }))).toEqual({ Ho: 4, Wo: 4 });
  expect(outputSizeOf(convolutionScene({ pad: 0, w: 9 }))).toEqual({ Ho: 5, Wo: 7 });
  expect(outputSizeOf(convolutionScene({ pad: 2 }))).toEqual({ Ho: 9, Wo: 9 });
});

test('a wrong length names the field, what it needs and what it has', () => {
  expect(problemsOf({ kernels: [{ kind: 'weights', K: 3, weight: [1, 2, 3] }] })).toEqual([
    'kernels.0.weight: needs 9 values, (O, C/groups, K, K), but has 3',
  ]);
  expect(problemsOf({ picture: { kind: 'values', values: [1] }, h: 2, w: 3 })).toEqual([
    'picture.values: needs 6 values, (C, h, w), but has 1',
  ]);
  const norm = { gamma: [1, 2], beta: [0], mean: [0], variance: [1] };
  expect(problemsOf({ kernels: [{ kind: 'identity', norm }] })).toEqual([
    'kernels.0.norm.gamma: needs 1 values, one an output channel, but has 2',
  ]);
});

test('what does not exist cannot be followed or shown', () => {
  expect(problemsOf({ follow: { kind: 'window', o: 0, i: 7, j: 0 } })).toEqual(['follow.i: must be below 7, but is 7']);
  expect(problemsOf({ follow: { kind: 'weight', o: 0, c: 0, u: 3, v: 0 } })).toEqual(['follow.u: must be below 3, but is 3']);
  expect(problemsOf({ matrix: 'fc' })).toEqual(['matrix: is the FC, but the scene has none']);
  expect(problemsOf({ matrix: 1 })).toEqual(['matrix: is kernel 1, but the scene has 1, counted from 0']);
});

test('sizes that make no convolution are refused', () => {
  expect(problemsOf({ h: 2, w: 2, pad: 0 })).toEqual(['pad: a 3x3 kernel does not fit on 2x2 with 0 zeros around: make pad larger']);
  expect(problemsOf({ groups: 2 })).toEqual(['groups: must divide 1 input and 1 output channels, but is 2']);
  const weight = Array.from({ length: 16 }, () => 1);
  expect(problemsOf({ h: 14, w: 14, C: 4, O: 4, pad: 0, kernels: [{ kind: 'weights', K: 1, weight }] })).toEqual([
    'h: makes a matrix of 784 x 784, more than 262144 cells: make the picture smaller',
  ]);
  expect(problemsOf({ C: 2, kernels: [{ kind: 'identity' }] })).toEqual([
    'kernels.0: an identity needs as many outputs as inputs, but there are 1 and 2',
  ]);
});
