// Presses and arrows on the three pictures.
import { expect, test } from 'vitest';
import { convolutionScene, type WrittenScene } from '@shared/matrix/convolution-scene';
import { sceneModel, type SceneModel } from '@shared/merge/convolution/scene-model';
import { asKind, endOf, moveInMatrix, moveInPicture, outputAbout, pixelAbout, pressOnInput, pressOnMatrix, pressOnOutput } from './moves';

function modelOf(written: WrittenScene = {}): SceneModel {
  const scene = convolutionScene(written);
  return sceneModel(scene, { picture: new Float64Array(scene.C * scene.h * scene.w), fc: null });
}

test('a press on the input puts the middle of the window there, in the zeros around it as near as it goes', () => {
  expect(pressOnInput(modelOf(), 0, 2, 5)).toEqual({ kind: 'window', o: 0, i: 2, j: 5 });
  expect(pressOnInput(modelOf(), 0, -1, 7)).toEqual({ kind: 'window', o: 0, i: 0, j: 6 });
  // Stride 2 without padding: windows have their middles at 1, 3, 5.
  expect(pressOnInput(modelOf({ stride: 2, pad: 0 }), 0, 3, 6)).toEqual({ kind: 'window', o: 0, i: 1, j: 2 });
});

test('a press on a channel of another group goes to an output that reads it', () => {
  const weight = Array.from({ length: 36 }, () => 1);
  const model = modelOf({ C: 4, O: 2, groups: 2, kernels: [{ kind: 'weights', K: 3, weight }] });
  expect(pressOnInput(model, 3, 2, 2)).toMatchObject({ o: 1 });
  expect(pressOnInput(model, 0, 2, 2)).toMatchObject({ o: 0 });
});

test('a press on the matrix follows the row, the column or the weight that is there', () => {
  expect(pressOnMatrix(modelOf(), 24, 3)).toEqual({ kind: 'window', o: 0, i: 3, j: 3 });
  expect(pressOnMatrix(modelOf({ follow: { kind: 'pixel', c: 0, a: 0, b: 0 } }), 24, 9)).toEqual({ kind: 'pixel', c: 0, a: 1, b: 2 });
  const weight = { kind: 'weight', o: 0, c: 0, u: 0, v: 0 } as const;
  // Row 24 is the window about (3, 3): column 25 is its right neighbour, column 0 is out of its reach.
  expect(pressOnMatrix(modelOf({ follow: weight }), 24, 25)).toEqual({ kind: 'weight', o: 0, c: 0, u: 1, v: 2 });
  expect(pressOnMatrix(modelOf({ follow: weight }), 24, 0)).toEqual(weight);
});

test('a press on the output follows its window, or the pixel under the middle of it', () => {
  expect(pressOnOutput(modelOf(), { o: 0, i: 4, j: 1 })).toEqual({ kind: 'window', o: 0, i: 4, j: 1 });
  const model = modelOf({ stride: 2, follow: { kind: 'pixel', c: 0, a: 0, b: 0 } });
  expect(pressOnOutput(model, { o: 0, i: 2, j: 1 })).toEqual({ kind: 'pixel', c: 0, a: 4, b: 2 });
});

test('window and pixel find each other at every place', () => {
  const model = modelOf();
  for (let i = 0; i < 7; i++)
    for (let j = 0; j < 7; j++) {
      const { a, b } = pixelAbout(model, { o: 0, i, j });
      expect(outputAbout(model, 0, a, b)).toEqual({ o: 0, i, j });
    }
});

test('arrows move what is followed by one and stop at the border', () => {
  const model = modelOf({ follow: { kind: 'window', o: 0, i: 0, j: 6 } });
  expect(moveInPicture(model, 'input', 1, 0)).toMatchObject({ i: 1, j: 6 });
  expect(moveInPicture(model, 'output', -1, 1)).toMatchObject({ i: 0, j: 6 });
  expect(moveInMatrix(model, 1, 0)).toEqual({ kind: 'window', o: 0, i: 1, j: 0 });
  expect(moveInMatrix(model, -9, 0)).toEqual({ kind: 'window', o: 0, i: 0, j: 0 });
  const pixel = modelOf({ follow: { kind: 'pixel', c: 0, a: 0, b: 6 } });
  expect(moveInMatrix(pixel, 0, 1)).toEqual({ kind: 'pixel', c: 0, a: 1, b: 0 });
  expect(moveInMatrix(pixel, 1, 0)).toEqual(pixel.scene.follow);
  expect(endOf(pixel, true)).toEqual({ kind: 'pixel', c: 0, a: 6, b: 6 });
});

test('what one looks at stays in sight when one follows another kind of thing', () => {
  const model = modelOf({ follow: { kind: 'window', o: 0, i: 4, j: 2 } });
  expect(asKind(model, 'pixel')).toEqual({ kind: 'pixel', c: 0, a: 4, b: 2 });
  expect(asKind(model, 'weight')).toEqual({ kind: 'weight', o: 0, c: 0, u: 1, v: 1 });
  expect(asKind(model, 'window')).toEqual(model.scene.follow);
  const corner = modelOf({ follow: { kind: 'pixel', c: 0, a: 6, b: 0 } });
  expect(asKind(corner, 'window')).toEqual({ kind: 'window', o: 0, i: 6, j: 0 });
  expect(asKind(corner, 'cell')).toEqual({ kind: 'cell', o: 0, i: 6, j: 0, c: 0, a: 6, b: 0 });
});
