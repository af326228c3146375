// Channel pairs are told apart.
import { expect, test } from 'vitest';
import { normalArray, randomFrom, seed } from '../tensor/random';
import { channelPairs } from './channel-pairs';
import { localityOf } from './locality';
import { energiesOf } from './energies';

test('one pair that looks one pixel aside and one that looks nowhere near are seen as such', () => {
  const shape = { O: 2, channels: 2, h: 4, w: 4 };
  const matrix = new Float32Array(32 * 32);
  // Pair (0, 1): output (i, 0) reads (i, 1). Pair (1, 0): output (0, 0) reads (3, 3).
  for (let i = 0; i < 4; i++) matrix[i * 4 * 32 + 16 + i * 4 + 1] = 1;
  matrix[16 * 32 + 15] = 2;
  const { longRangeShare, halfEnergyRadius } = channelPairs(matrix, shape, 3);
  expect(longRangeShare).toEqual([0, 0, 1, 0]);
  expect(halfEnergyRadius).toEqual([0, 1, Math.hypot(3, 3), 0]);
});

test('the only pair of a matrix is the matrix', () => {
  const shape = { O: 1, channels: 1, h: 3, w: 4 };
  const matrix = normalArray(randomFrom(seed(1)), 144, 1);
  const whole = localityOf(energiesOf(matrix, shape).byDisplacement, shape, 3);
  const { longRangeShare, halfEnergyRadius } = channelPairs(matrix, shape, 3);
  expect(longRangeShare[0]).toBeCloseTo(whole.longRangeShare, 12);
  expect(halfEnergyRadius[0]).toBe(whole.halfEnergyRadius);
});
