// Places of cells that were written out by hand: rows of FC3 are (output channel, y, x), columns (input channel, y, x).
import { describe, expect, test } from 'vitest';
import { changeMaps, layoutOf, placeText } from './weight-places';

const shape = { O: 2, channels: 3, h: 4, w: 5 };
const fc3 = new Map([['block.fc3.weight', shape]]);
const layout = layoutOf('block.fc3.weight', [2 * 20, 3 * 20, 1, 1], fc3);

describe('a cell of FC3', () => {
  // To output channel 1 at (2, 3): row 20 + 2*5 + 3. From input channel 2 at (0, 4): column 40 + 0*5 + 4.
  const offset = 33 * 60 + 44;

  test('is told by both places and the way between them', () => {
    expect(placeText(layout, offset)).toBe(
      'row 33, column 44: to output channel 1 at (2, 3) from input channel 2 at (0, 4), 2 up, 1 right',
    );
  });

  test('moves one place of each map, as the root mean square over the weights that meet there', () => {
    const before = new Float32Array(40 * 60);
    const after = before.slice();
    after[offset] = 3;
    const [input, output, displacement] = changeMaps(layout, before, after);
    const alone = (values: readonly number[]): [number, number][] => values.flatMap((value, at) => (value === 0 ? [] : [[at, value]]));
    // Every input place is read by O*channels*h*w = 120 weights, every output place is written by as many.
    expect(alone(input.values)).toEqual([[4, Math.sqrt(9 / 120)]]);
    expect(alone(output.values)).toEqual([[2 * 5 + 3, Math.sqrt(9 / 120)]]);
    // (dy, dx) = (-2, 1): (4 - 2)(5 - 1) pairs of places, for each of O*channels = 6.
    expect(alone(displacement.values)).toEqual([[1 * 9 + 5, Math.sqrt(9 / 48)]]);
  });
});

describe('a cell of a kernel', () => {
  const kernel = layoutOf('conv.weight', [2, 3, 3, 5], fc3);

  test('is told by channels and by its tap from the centre', () => {
    expect(placeText(kernel, ((1 * 3 + 2) * 3 + 0) * 5 + 4)).toBe(
      'output channel 1, input channel 2 of its group, tap (0, 4), 1 up, 2 right',
    );
  });

  test('moves its tap of the map', () => {
    const before = new Float32Array(90);
    const after = before.slice();
    after[15 + 7] = 2;
    const [map] = changeMaps(kernel, before, after);
    expect([map.rows, map.columns]).toEqual([3, 5]);
    // Tap (1, 2) of the second of 6 kernels: the mean of 4 over 6.
    expect(map.values.map((value, at) => [at, value]).filter(([, value]) => value !== 0)).toEqual([[7, Math.sqrt(4 / 6)]]);
  });
});

test('weights without places in the image have no maps', () => {
  expect(changeMaps(layoutOf('head.weight', [10, 8], fc3), new Float32Array(80), new Float32Array(80).fill(1))).toEqual([]);
});
