// The state of the stage without a window: what is shown after changes, refusals and scenes that are read late.
import { beforeEach, expect, test } from 'vitest';
import { convolutionScene } from '@shared/matrix/convolution-scene';
import { sceneOfText } from './files';
import {
  changeKernels,
  changeScene,
  follow,
  followKind,
  goToChapter,
  paint,
  setWeight,
  showPart,
  showScene,
  shown,
  step,
  takeTool,
} from './scene';

const model = () => {
  const { model: now } = shown.getState();
  if (!now) throw new Error('no model is shown');
  return now;
};
/** Scenes of drawn pictures are read without waiting for anything but a turn. */
const read = () => new Promise((resolve) => setTimeout(resolve));

beforeEach(() => goToChapter('window'));

test('of two scenes that are asked for the last one is shown, though the first may be read later', async () => {
  const first = showScene(convolutionScene({ picture: { kind: 'sample', of: 'faces', index: 2 }, h: 9, w: 9 }));
  await showScene(convolutionScene({ h: 4, w: 4 }));
  await first;
  expect(model().sizes.h).toBe(4);
});

test('a change that makes no scene is refused and changes nothing', () => {
  const before = shown.getState();
  expect(() => changeScene({ groups: 2 })).toThrow('groups must divide');
  expect(shown.getState()).toBe(before);
});

test('following moves marks alone: the numbers stay the same arrays', () => {
  const { matrix } = model().shown;
  follow({ kind: 'window', o: 0, i: 99, j: 0 });
  expect(model().scene.follow).toEqual({ kind: 'window', o: 0, i: 6, j: 0 });
  expect(model().shown.matrix).toBe(matrix);
  step(1);
  expect(model().scene.follow).toEqual({ kind: 'window', o: 0, i: 6, j: 1 });
  followKind('pixel');
  expect(model().scene.follow).toEqual({ kind: 'pixel', c: 0, a: 6, b: 1 });
});

test('stepping goes around: after the last row comes the first', () => {
  follow({ kind: 'window', o: 0, i: 6, j: 6 });
  step(1);
  expect(model().scene.follow).toEqual({ kind: 'window', o: 0, i: 0, j: 0 });
  step(-1);
  expect(model().scene.follow).toEqual({ kind: 'window', o: 0, i: 6, j: 6 });
});

test('a weight that is set stands in the matrix at once, a pixel that is painted in the picture', async () => {
  setWeight(0, 4, 7);
  expect(model().shown.matrix[0]).toBe(7);
  takeTool('paint');
  expect(model().scene.follow.kind).toBe('pixel');
  shown.setState({ ink: 3 });
  paint(10);
  await read();
  expect(model().picture[10]).toBe(3);
  expect(model().scene.picture).toMatchObject({ kind: 'values' });
});

test('a kernel that is added can be shown alone, and is shown no longer once it is gone', async () => {
  changeKernels([...model().scene.kernels, { kind: 'weights', K: 5, weight: Array(25).fill(1), norm: null }]);
  await read();
  expect(model().sizes).toMatchObject({ K: 5, pad: 2, rows: 49 });
  showPart(1);
  expect(model().shown.part).toBe(1);
  changeKernels(model().scene.kernels.slice(0, 1));
  await read();
  expect(model().shown.part).toBe('whole');
  expect(model().sizes).toMatchObject({ K: 3, pad: 1, rows: 49 });
});

test('a source that cannot be read says so and keeps what was shown', async () => {
  const before = model();
  await showScene(convolutionScene({ fc: { kind: 'layer', block: 'stage1.mix1', o: 0, c: 0 } }));
  expect(shown.getState().problem).not.toBeNull();
  expect(model()).toBe(before);
});

test('a file with a view is read, and one without says what is wrong in it', () => {
  expect(sceneOfText('{ "h": 4, "w": 4 }', 'a.json')).toEqual(convolutionScene({ h: 4, w: 4 }));
  expect(() => sceneOfText('{ "h": 4, "pad": -1 }', 'a.json')).toThrow(/^a\.json holds no view of the convolution: pad /);
  expect(() => sceneOfText('picture', 'a.json')).toThrow('a.json is no JSON; a view of the convolution is saved as one');
});
