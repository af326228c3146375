import { expect, test } from 'vitest';
import { convolutionScene } from '../../matrix/convolution-scene';
import { changedScene, withKernels } from './edit';

const base = convolutionScene({ kernels: [{ kind: 'weights', K: 3, weight: [1, 2, 3, 4, 5, 6, 7, 8, 9] }] });
const weightOf = (scene: typeof base): readonly number[] => (scene.kernels[0].kind === 'weights' ? scene.kernels[0].weight : []);

test('more channels repeat the planes there are, and fewer take the first', () => {
  const two = changedScene(base, { C: 2, O: 2 });
  expect(weightOf(two)).toHaveLength(36);
  expect(weightOf(two).slice(27)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
  expect(weightOf(changedScene(two, { C: 1, O: 1 }))).toEqual(weightOf(base));
});

test('groups leave each output the planes of its own group', () => {
  const weight = [...Array(9).fill(1), ...Array(9).fill(2), ...Array(9).fill(3), ...Array(9).fill(4)];
  const two = convolutionScene({ C: 2, O: 2, kernels: [{ kind: 'weights', K: 3, weight }] });
  expect(weightOf(changedScene(two, { groups: 2 }))).toEqual([...Array(9).fill(1), ...Array(9).fill(3)]);
});

test('a painted picture takes the nearest pixels when its size changes', () => {
  const painted = convolutionScene({ h: 2, w: 2, picture: { kind: 'values', values: [1, 2, 3, 4] } });
  const larger = changedScene(painted, { h: 4, w: 4 });
  expect(larger.picture).toMatchObject({ values: [1, 1, 2, 2, 1, 1, 2, 2, 3, 3, 4, 4, 3, 3, 4, 4] });
});

test('an FC of numbers goes when its matrix changes, and stays when it does not', () => {
  const fc = { kind: 'values' as const, values: Array.from({ length: 49 * 49 }, () => 1) };
  const scene = convolutionScene({ fc, matrix: 'fc' });
  expect(changedScene(scene, { stride: 2 })).toMatchObject({ fc: null, matrix: 'whole' });
  expect(changedScene(scene, { picture: { kind: 'drawn', name: 'cross' } }).fc).toEqual(fc);
});

test('what is followed and gone becomes the window in the middle', () => {
  const corner = convolutionScene({ follow: { kind: 'window', o: 0, i: 6, j: 6 } });
  expect(changedScene(corner, { stride: 2 }).follow).toEqual({ kind: 'window', o: 0, i: 2, j: 2 });
  expect(changedScene(corner, { w: 9 }).follow).toEqual(corner.follow);
});

test('a change that makes no scene is refused in a sentence, and the scene is as it was', () => {
  expect(() => changedScene(base, { h: 2, w: 2, pad: 0 })).toThrow(
    'pad a 3x3 kernel does not fit on 2x2 with 0 zeros around: make pad larger',
  );
  expect(() => changedScene(base, { groups: 2 })).toThrow('groups must divide 1 input and 1 output channels, but is 2');
  const identity = convolutionScene({ kernels: [{ kind: 'identity' }] });
  expect(() => changedScene(identity, { O: 2 })).toThrow('an identity needs as many outputs as inputs, but there are 2 and 1');
});

test('a larger kernel brings its zeros with it, and takes them along when it goes: the FC beside still fits', () => {
  const fc = { kind: 'values' as const, values: Array.from({ length: 49 * 49 }, () => 1) };
  const scene = convolutionScene({ fc });
  const larger = withKernels(scene, [...scene.kernels, { kind: 'weights', K: 5, weight: Array(25).fill(1), norm: null }]);
  expect(larger).toMatchObject({ pad: 2, fc });
  expect(withKernels(larger, scene.kernels)).toMatchObject({ pad: 1, fc });
});
