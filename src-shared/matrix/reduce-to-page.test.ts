import { expect, test } from 'vitest';
import { emptyLevel, pooledValue, poolRow } from './pool';
import { asMatrix, reduceMatrix, strongestOf } from './reduce-to-page';
import { denseSource } from './source';

test('a matrix that fits is shown as it is', () => {
  const reduced = reduceMatrix(Float32Array.of(1, -2, 3, 4), 2, 2, 10);
  expect([...reduced.data]).toEqual([1, -2, 3, 4]);
  expect(reduced).toMatchObject({ rows: 2, columns: 2, factor: 1, largest: 4 });
});

test('reduction keeps the strongest value with its sign', () => {
  const values = Float32Array.of(0, 0, 0, 0, 0, -5, 0, 0, 0, 0, 0, 0, 0, 0, 2, 0);
  const reduced = reduceMatrix(values, 4, 4, 2);
  expect(reduced).toMatchObject({ rows: 2, columns: 2, factor: 2, largest: 5 });
  expect([...reduced.data]).toEqual([-5, 0, 0, 2]);
});

test('sides that the factor does not divide keep their last cells', () => {
  const reduced = reduceMatrix(Float32Array.of(1, 2, 3, 4, 9), 1, 5, 2);
  expect([...reduced.data]).toEqual([3, 9]);
});

test('kernels become tiles with output channels down and input channels across', () => {
  const kernels = Float32Array.from({ length: 2 * 2 * 4 }, (_, i) => i);
  const { rows, columns, data } = asMatrix(kernels, [2, 2, 2, 2]);
  expect([rows, columns]).toEqual([4, 4]);
  expect([...data]).toEqual([0, 1, 4, 5, 2, 3, 6, 7, 8, 9, 12, 13, 10, 11, 14, 15]);
});

test('reduction and pyramid pool alike, a NaN and equal magnitudes of both signs included', () => {
  const values = Float32Array.from({ length: 24 * 40 }, (_, k) => ((k * 37) % 23) - 11);
  values[5 * 40 + 17] = NaN;
  const source = denseSource(values, 24, 40);
  const level = emptyLevel(3, 24, 40);
  for (let row = 0; row < level.rows; row++) poolRow(source, level, row, 0, 0, 40);
  const pooled = Array.from(level.min, (_, k) => pooledValue(level, k, 'maxMagnitude'));
  expect(pooled.filter(Number.isNaN)).toHaveLength(1);
  expect([...strongestOf({ rows: 24, columns: 40, data: values }, { rows: 8, columns: 8 }).data]).toEqual(pooled);
});
