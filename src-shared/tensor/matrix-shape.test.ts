import { expect, test } from 'vitest';
import { matrixColumnText, matrixRowText, matrixShapeOf } from './matrix-shape';

test('a fully-connected weight is a matrix as it stands, a convolution O x C*K*L', () => {
  expect(matrixShapeOf({ dtype: 'float32', shape: [10, 64] })).toEqual({ rows: 10, columns: 64 });
  expect(matrixShapeOf({ dtype: 'bfloat16', shape: [16, 3, 5, 2] })).toEqual({ rows: 16, columns: 30 });
});

test.each([
  ['a vector', 'float32', [64]],
  ['a scalar counter', 'int64', []],
  ['integers', 'int64', [4, 4]],
  ['a 3-D tensor', 'float32', [2, 3, 4]],
  ['an empty tensor', 'float32', [0, 4]],
] as const)('%s is none', (_, dtype, shape) => {
  expect(matrixShapeOf({ dtype, shape })).toBeNull();
});

test('columns of a convolution are named by channel and kernel cell, in row-major order', () => {
  const shape = [16, 3, 5, 2];
  // 1 * 10 + 3 * 2 + 1
  expect(matrixColumnText(shape, 17)).toBe('input channel 1 of its group, kernel [3, 1]');
  expect(matrixRowText(shape, 7)).toBe('output channel 7');
  expect([matrixRowText([10, 64], 3), matrixColumnText([10, 64], 5)]).toEqual(['output 3', 'input 5']);
});
