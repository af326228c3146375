// The close look at one group, on matrices whose answer is known by construction.
import { expect, test } from 'vitest';
import { normalArray, randomFrom, seed } from '../tensor/random';
import { detailOf } from './detail';

const shape = { O: 4, channels: 1, h: 3, w: 3 };
const options = { groups: 4, largestKernel: 1, kinds: 2, vectors: 2, seed: seed(1) };
const [rows, columns] = [36, 9];

test('a group that looks at one place only has one kind of rows there, whatever the other groups do', () => {
  const matrix = normalArray(randomFrom(seed(2)), rows * columns, 1);
  for (let row = 18; row < 27; row++)
    for (let column = 0; column < columns; column++) matrix[row * columns + column] = column === 5 ? 1 : 0;
  const { kinds, positions } = detailOf(matrix, shape, { ...options, group: 2 });
  expect(kinds).toEqual([{ size: 9, map: [0, 0, 0, 0, 0, 1, 0, 0, 0], exampleRow: 18 }]);
  expect(positions.input).toEqual([0, 0, 0, 0, 0, 9, 0, 0, 0]);
});

test('the rest of a group is what no convolution gives, its vectors sorted by their share', () => {
  const matrix = new Float32Array(rows * columns);
  const [u, v] = [normalArray(randomFrom(seed(3)), 9, 1), normalArray(randomFrom(seed(4)), 9, 1)];
  u.forEach((a, i) => v.forEach((b, j) => (matrix[(9 + i) * columns + j] = a * b)));
  const { restVectors, restShare } = detailOf(matrix, shape, { ...options, group: 1 });
  // The invariant part of an outer product is not zero, so the rest is no outer product; its share is what is left.
  expect(restShare).toBeGreaterThan(0);
  expect(restShare).toBeLessThan(1);
  expect(restVectors[0].outputChannel).toBe(1);
  expect(restVectors[0].energyShare).toBeGreaterThan(restVectors[1].energyShare);
});

test('a pure convolution leaves no rest', () => {
  const identity = new Float32Array(rows * columns);
  for (let row = 0; row < rows; row++) identity[row * columns + (row % columns)] = 1;
  expect(detailOf(identity, shape, { ...options, group: null }).restShare).toBe(0);
});
