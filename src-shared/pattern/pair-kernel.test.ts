// The kernel of one pair is that pair's part of the projection.
import { expect, test } from 'vitest';
import { normalArray, randomFrom, seed } from '../tensor/random';
import { displacementCount } from './displacement';
import { energiesOf } from './energies';
import { pairKernel } from './pair-kernel';
import { invariantKernel } from './projection';

const shape = { O: 3, channels: 2, h: 4, w: 3 };
const matrix = normalArray(randomFrom(seed(1)), 3 * 12 * 2 * 12, 1);

test('equals the slice of the whole projection for every pair', () => {
  const all = invariantKernel(energiesOf(matrix, shape));
  const D = displacementCount(shape);
  for (let pair = 0; pair < 6; pair++) {
    const own = pairKernel(matrix, shape, Math.floor(pair / 2), pair % 2);
    // Rounded to float32 once.
    own.forEach((value, k) => expect(Math.abs(value - all[pair * D + k])).toBeLessThanOrEqual(2 ** -24 * Math.abs(value)));
  }
});

test('refuses a channel there is not', () => {
  expect(() => pairKernel(matrix, shape, 3, 0)).toThrow('there is no output channel 3; they are numbered 0 to 2');
  expect(() => pairKernel(matrix, shape, 0, -1)).toThrow(/no input channel -1/);
});
