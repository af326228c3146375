import { expect, test } from 'vitest';
import { convolutionScene, type WrittenScene } from '../../matrix/convolution-scene';
import { sceneModel, type SceneModel } from './scene-model';
import { factorText, followedText, isExactText, valueText } from './words';

const weight = [0, -1, 0, -1, 4, -1, 0, -1, 0];

function modelOf(written: WrittenScene): SceneModel {
  const scene = convolutionScene({ h: 3, w: 3, kernels: [{ kind: 'weights', K: 3, weight }], ...written });
  return sceneModel(scene, { picture: Float64Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9), fc: null });
}

test('numbers have a true minus, four decimals, and powers of ten where they would vanish', () => {
  expect([-2, 0.1 + 0.2, 1 / 9, -0, 1.5e-7, Number.NaN].map(valueText)).toEqual(['−2', '0.3', '0.1111', '0', '1.5e−7', 'not a number']);
  expect([3, -3].map(factorText)).toEqual(['3', '(−3)']);
  expect([0.1 + 0.2, 0.25, 1 / 9].map(isExactText)).toEqual([true, true, false]);
});

test('a window says its row, what it reads, what lies outside, and its value', () => {
  // 4 x 5 - 2 - 4 - 6 - 8 = 0, and in the corner 4 x 1 - 2 - 4 = -2.
  expect(followedText(modelOf({ follow: { kind: 'window', o: 0, i: 1, j: 1 } }))).toBe('Row 4, output (1, 1): reads 9 pixels. Value 0.');
  expect(followedText(modelOf({ follow: { kind: 'window', o: 0, i: 0, j: 0 } }))).toBe(
    'Row 0, output (0, 0): reads 4 pixels, 5 of the window outside. Value −2.',
  );
});

test('a weight says its value and its cells, a pixel its column and its readers', () => {
  expect(followedText(modelOf({ follow: { kind: 'weight', o: 0, c: 0, u: 0, v: 1 } }))).toBe(
    'Weight (0, 1), −1: 6 cells of the matrix, one for each window whose cell lies on the picture.',
  );
  expect(followedText(modelOf({ follow: { kind: 'pixel', c: 0, a: 0, b: 2 } }))).toBe(
    'Column 2, pixel (0, 2), 3: read by 4 outputs through the kernel.',
  );
});

test('a cell says where it leads from and to, and whether the window reaches it', () => {
  expect(followedText(modelOf({ follow: { kind: 'cell', o: 0, i: 0, j: 0, c: 0, a: 0, b: 1 } }))).toBe(
    'Row 0, column 1: −1, from pixel (0, 1) to output (0, 0). Window cell (1, 2).',
  );
  expect(followedText(modelOf({ follow: { kind: 'cell', o: 0, i: 0, j: 0, c: 0, a: 2, b: 2 } }))).toBe(
    'Row 0, column 8: 0, from pixel (2, 2) to output (0, 0). The window does not reach that pixel.',
  );
});
