import { describe, expect, test } from 'vitest';
import { familyCase, settingsOf, trainWeights } from '../../../../testing/families/cases';
import { directConv, linear, type Map64 } from '../../../../testing/families/direct';
import { randomFrom, seed } from '../../../tensor/random';
import { elementCount, tensorInfos } from '../../../tensor/tensor';
import { allRows, mapOfValues, type AffineMap } from './affine-map';
import { blockDiagonal, convToFc, takeInputs, takeOutputs, transpose } from './arrangements';
import { foldBnBefore } from './batch-norm-folds';
import { compose1x1ThenKxK, composeDepthwiseThen1x1, composeKxKThen1x1, composeRowColumn, linearThenLinear } from './compositions';
import { findGroups } from '../find-groups';
import { mergeGroups } from '../merge-groups';
import { concatGroups, dilateToDense, identityKernel, padTo, refocus } from './kernel-operations';
import { walkSteps } from '../walk/walk-steps';

const random = randomFrom(seed(7));
const values = (count: number): Float64Array => Float64Array.from({ length: count }, () => random.normal());
function map(shape: number[], withBias = false): AffineMap {
  return mapOfValues(shape, values(elementCount(shape)), withBias ? values(shape[0]) : null);
}
const array = ({ shape }: AffineMap, data: Float64Array): Map64 => ({ shape, data });
/** The map run as a convolution padded by `padding` (its half where left out), by the direct sum. */
function run(m: AffineMap, x: Map64, groups = 1, padding?: number, dilation = 1): Map64 {
  const window = { stride: 1, padding: padding ?? (m.shape[2] - 1) / 2, dilation, groups };
  return directConv(x, array(m, allRows(m)), m.bias && { shape: [m.bias.length], data: m.bias }, window);
}
const input = (...shape: number[]): Map64 => ({ shape, data: values(elementCount(shape)) });
function expectSame(a: Map64, b: Map64): void {
  expect(a.shape).toEqual(b.shape);
  // Sums of a few hundred doubles of size one: a few hundred units of 1e-16 each.
  a.data.forEach((value, i) => expect(Math.abs(value - b.data[i])).toBeLessThan(1e-11));
}

describe('each operation is the function it stands for', () => {
  test('identity, grouped', () => {
    const x = input(2, 6, 5, 4);
    expectSame(run(identityKernel(map([6, 3, 3, 3])), x, 2), x);
  });

  test('a kernel in the middle of a larger one', () => {
    const small = map([4, 3, 3, 3], true);
    const x = input(1, 3, 6, 7);
    expectSame(run(padTo(small, map([4, 3, 7, 7])), x), run(small, x));
  });

  test('a dilated kernel written out', () => {
    const kernel = map([4, 1, 3, 3]);
    const x = input(1, 4, 9, 8);
    expectSame(run(dilateToDense(kernel, 3), x, 4), run(kernel, x, 4, 3, 3));
  });

  test('1x1 then 3x3 over groups, with a bias where the padding carries it', () => {
    const [first, second] = [map([8, 3, 1, 1], true), map([6, 4, 3, 3], true)];
    const x = input(1, 6, 5, 6);
    const padded: Map64 = { shape: [1, 6, 7, 8], data: new Float64Array(6 * 56) };
    x.data.forEach((value, i) => (padded.data[Math.floor(i / 30) * 56 + (Math.floor((i % 30) / 6) + 1) * 8 + (i % 6) + 1] = value));
    expectSame(run(compose1x1ThenKxK(first, second, 'carriesBias'), x, 2), run(second, run(first, padded, 2), 2, 0));
    expect(() => compose1x1ThenKxK(first, second, 'zero')).toThrow(/no exact single convolution exists/);
    const silent = { ...first, bias: new Float64Array(8) };
    expectSame(run(compose1x1ThenKxK(silent, second, 'zero'), x, 2), run(second, run(silent, x, 2), 2));
  });

  test('3x3 then 1x1, with a bias, at the border too', () => {
    const [first, second] = [map([4, 3, 3, 3], true), map([5, 4, 1, 1], true)];
    const x = input(2, 3, 4, 5);
    expectSame(run(composeKxKThen1x1(first, second), x), run(second, run(first, x)));
  });

  test('several depthwise kernels a channel, then 1x1, over groups', () => {
    const [first, second] = [map([12, 1, 3, 3]), map([4, 6, 1, 1])];
    const x = input(1, 6, 5, 5);
    expectSame(run(composeDepthwiseThen1x1(first, second, map([4, 3, 3, 3])), x, 2), run(second, run(first, x, 6), 2));
  });

  test('a row then a column, and a column then a row', () => {
    const [row, column] = [map([4, 1, 1, 5]), map([4, 1, 3, 1], true)];
    const x = input(1, 4, 6, 7);
    const padded = (m: AffineMap, y: Map64): Map64 => run(padTo(m, map([4, 1, 5, 5])), y, 4);
    expectSame(padded(composeRowColumn(row, column), x), padded(column, padded(row, x)));
    const unbiased = { ...column, bias: null };
    expectSame(padded(composeRowColumn(unbiased, row), x), padded(row, padded(unbiased, x)));
    expect(() => composeRowColumn(column, row)).toThrow(/no exact single convolution exists/);
  });

  test('matrices one after the other, a slice of each, a norm before', () => {
    const [first, second] = [map([7, 4], true), map([3, 7], true)];
    const x = input(5, 4);
    const weights = (m: AffineMap): [Map64, Map64 | null] => [array(m, allRows(m)), m.bias && { shape: [m.shape[0]], data: m.bias }];
    const apply = (m: AffineMap, y: Map64): Map64 => linear(y, ...weights(m));
    expectSame(apply(linearThenLinear(first, second), x), apply(second, apply(first, x)));
    const [top, left] = [takeOutputs(first, 2, 7), takeInputs(second, 2, 7)];
    expect([top?.shape, left?.shape, takeOutputs(first, 3, 3)]).toEqual([[5, 4], [3, 5], null]);
    const norm = { at: 'bn', scale: values(4), shift: values(4) };
    const normed = { shape: x.shape, data: x.data.map((value, i) => value * norm.scale[i % 4] + norm.shift[i % 4]) };
    expectSame(apply(foldBnBefore(first, norm), x), apply(first, normed));
    expect(() => foldBnBefore(map([4, 4, 3, 3]), norm)).toThrow(/stands before a 3x3 convolution: the zeros of its padding/);
  });

  test('groups put together, taken apart, and as blocks on a diagonal', () => {
    const halves = [map([2, 3, 3, 3], true), map([2, 3, 3, 3], true)];
    const x = input(1, 6, 4, 4);
    const whole = run(concatGroups(halves), x, 2);
    const [left, right] = [0, 1].map((g) => run(halves[g], { shape: [1, 3, 4, 4], data: x.data.slice(g * 48, (g + 1) * 48) }));
    expectSame(whole, { shape: [1, 4, 4, 4], data: Float64Array.from([...left.data, ...right.data]) });
    const grouped = map([4, 3, 1, 1], true);
    const full = blockDiagonal(grouped, 2);
    expectSame(run({ ...full, shape: [4, 6, 1, 1] }, x), run(grouped, x, 2));
  });

  test('a convolution as the matrix of its map', () => {
    const kernel = map([3, 2, 5, 3], true);
    const x = input(2, 2, 4, 6);
    const matrix = convToFc(kernel, 4, 6);
    const square = run(padTo(kernel, map([3, 2, 5, 5])), x);
    const y = linear({ shape: [2, 48], data: x.data }, array(matrix, allRows(matrix)), {
      shape: [72],
      data: matrix.bias ?? new Float64Array(72),
    });
    expectSame({ shape: square.shape, data: y.data }, square);
  });

  test('a kernel run through its refocusing map', () => {
    const [kernel, filter] = [map([4, 2, 3, 3]), map([8, 4, 3, 3])];
    const image: Map64 = { shape: [1, 8, 3, 3], data: allRows(kernel) };
    const moved = run(filter, image, 2);
    expectSame(
      array(kernel, allRows(refocus(kernel, filter))),
      array(
        kernel,
        moved.data.map((value, i) => value + image.data[i]),
      ),
    );
  });

  test('turning twice is nothing', () => {
    const matrix = map([3, 5]);
    expect(allRows(transpose(transpose(matrix)))).toEqual(allRows(matrix));
  });
});

test('the steps of a merge are there with their arrays, one a branch, and the last is what is written', () => {
  const one = familyCase('unirep_k7');
  const train = trainWeights(one);
  const { groups } = findGroups(tensorInfos(train));
  const steps = walkSteps(groups[0], train, settingsOf(one));
  expect(
    steps.map(({ name, arrays }) => [name, arrays.map(({ indexes, shape }) => `${JSON.stringify(indexes)} ${shape.join('x')}`)]),
  ).toEqual([
    ['largeFolded', ['{} 6x1x7x7']],
    ['dilatedFolded', ['{"k":3,"r":2} 6x1x3x3', '{"k":3,"r":3} 6x1x3x3', '{"k":5,"r":1} 6x1x5x5']],
    ['spread', ['{"k":3,"r":2} 6x1x5x5', '{"k":3,"r":3} 6x1x7x7', '{"k":5,"r":1} 6x1x5x5']],
    ['spreadPadded', Array(3).fill(expect.stringMatching(/6x1x7x7/))],
    ['kernel', ['{} 6x1x7x7']],
  ]);
  const last = steps.at(-1);
  const merged = mergeGroups(train, findGroups(tensorInfos(train))).weights.get('lk_origin.weight');
  expect([last?.merged, last?.arrays[0].rows(2, 4).map(Math.fround)]).toEqual([
    'lk_origin',
    Float64Array.from((merged?.data as Float32Array).slice(98, 196)),
  ]);
});
