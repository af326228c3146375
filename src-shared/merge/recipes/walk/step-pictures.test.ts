import { expect, test } from 'vitest';
import { familyCase, namedRecipes, settingsOf, trainWeights } from '../../../../testing/families/cases';
import { tensorInfos } from '../../../tensor/tensor';
import { findGroups } from '../find-groups';
import { picturedStep, tiles } from './step-pictures';
import { walkSteps } from './walk-steps';

test('kernels are tiles with a zero between them, outputs down and inputs across', () => {
  const { rows, columns, data } = tiles(
    Float32Array.from({ length: 16 }, (_, i) => i + 1),
    [2, 2, 2, 2],
  );
  expect([rows, columns]).toEqual([5, 5]);
  expect([...data]).toEqual([1, 2, 0, 5, 6, 3, 4, 0, 7, 8, 0, 0, 0, 0, 0, 9, 10, 0, 13, 14, 11, 12, 0, 15, 16]);
});

test('kernels of a depthwise convolution are a near-square, 1x1 kernels a matrix, vectors a row', () => {
  const square = tiles(
    Float32Array.from({ length: 5 * 9 }, () => 1),
    [5, 1, 3, 3],
  );
  expect([square.rows, square.columns]).toEqual([7, 11]);
  const matrix = tiles(Float32Array.of(1, 2, 3, 4, 5, 6), [2, 3, 1, 1]);
  expect([matrix.rows, matrix.columns, [...matrix.data]]).toEqual([2, 3, [1, 2, 3, 4, 5, 6]]);
  expect(tiles(Float32Array.of(1, 2), [2])).toMatchObject({ rows: 1, columns: 2 });
});

test('a step shows what it works on and its batch norm, and not what it takes a size from', () => {
  const one = familyCase('repvgg_identity');
  const train = trainWeights(one);
  const [group] = findGroups(tensorInfos(train), { named: namedRecipes(one) }).groups;
  const steps = walkSteps(group, train, settingsOf(one)).map((step) => picturedStep(step, 64));
  const byOp = (op: string) => steps.filter((step) => step.op === op);
  expect(byOp('foldBnAfter').length).toBeGreaterThan(1);
  for (const { before } of byOp('foldBnAfter'))
    expect(before.map(({ label }) => label.replace(/^[^:]*/, ''))).toEqual(expect.arrayContaining([': factor', ': shift']));
  for (const { before, after } of byOp('padTo')) {
    expect(before.filter(({ shape }) => shape.length === 4).map(({ shape }) => shape.slice(2))).toEqual([[1, 1]]);
    expect(after.filter(({ shape }) => shape.length === 4).map(({ shape }) => shape.slice(2))).toEqual([[3, 3]]);
  }
  expect(byOp('identityKernel').map(({ before }) => before)).toEqual([[]]);
});

test('of a layer with more values than can be drawn the first output channels are, and how many is said', () => {
  const shape = [3000, 1000];
  const rows = (from: number, to: number): Float64Array => new Float64Array((to - from) * 1000);
  const array = { name: 'w', indexes: {}, shape, bias: null, rows };
  const step = { name: 'w', op: 'add', explain: '', merged: null, operands: [], norms: [], arrays: [array] } as const;
  const [{ outputs, picture }] = picturedStep(step, 64).after;
  expect(outputs).toBe(2097);
  expect(picture.rows).toBe(Math.ceil(2097 / picture.factor));
});
