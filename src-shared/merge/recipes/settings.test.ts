import { expect, test } from 'vitest';
import { familyCase, trainWeights } from '../../../testing/families/cases';
import { floatTensor, tensorInfos, type NamedTensors, type Tensor } from '../../tensor/tensor';
import { findGroups } from './find-groups';
import { mergeGroups } from './merge-groups';
import type { GivenSettings } from './settings';

const VARIANCE = 0.002;
const filled = (value: number, ...shape: number[]): Tensor =>
  floatTensor(shape, new Float32Array(shape.reduce((a, b) => a * b, 1)).fill(value));

/** A 3x3 convolution of 3 channels to 8 with the batch norm after it, of ones but for the variance. */
function unit(at: string): [string, Tensor][] {
  return [
    [`${at}.conv.weight`, filled(1, 8, 3, 3, 3)],
    [`${at}.bn.weight`, filled(1, 8)],
    [`${at}.bn.bias`, filled(0, 8)],
    [`${at}.bn.running_mean`, filled(0, 8)],
    [`${at}.bn.running_var`, filled(VARIANCE, 8)],
  ];
}

function mergedUnit(weights: NamedTensors, at: string, settings: GivenSettings = {}): { readonly first: number; readonly assumed: string } {
  const { weights: merged, merged: groups } = mergeGroups(weights, findGroups(tensorInfos(weights)), { settings });
  const assumed = groups.find(({ group }) => group.prefix === at)?.assumed.join('; ') ?? '';
  return { first: merged.get(`${at}.conv.weight`)?.data[0] as number, assumed };
}

const factor = (eps: number): number => 1 / Math.sqrt(Math.fround(VARIANCE) + eps);

test.each([
  ['YOLOv5, v8 and later', 'model.1', ['model.2.cv1.conv.weight']],
  ['YOLOv7', 'model.1', ['model.0.conv.weight']],
  ['YOLOX', 'backbone.backbone.stem.conv', ['backbone.backbone.dark2.0.conv.weight']],
  ['YOLOv6', 'backbone.stem', ['backbone.ERBlock_2.0.rbr_dense.conv.weight']],
])('names of %s speak for eps 1e-3, which is said', (_, at, others) => {
  const weights = new Map([...unit(at), ...others.map((name) => [name, filled(1, 4, 4, 1, 1)] as const)]);
  const { first, assumed } = mergedUnit(weights, at);
  expect(first).toBeCloseTo(factor(1e-3), 5);
  expect(assumed).toMatch(/eps = 0\.001 \(names of the YOLO line/);
});

test('the RepConv of an Ultralytics file is not asked about: its names speak for the family whose eps is 1e-3', () => {
  const train = trainWeights(familyCase('yolov9_repconvn'));
  const block = [...train].map(([name, tensor]) => [`model.22.m.0.${name}`, tensor] as const);
  const { groups, left } = findGroups(tensorInfos(new Map([...block, ['model.22.cv1.conv.weight', filled(1, 4, 4, 1, 1)] as const])));
  expect([groups.map(({ recipe }) => recipe.name), left]).toEqual([['yolov9-repconvn'], []]);
});

test("without such names it is PyTorch's 1e-5, and what the user says comes before both", () => {
  expect(mergedUnit(new Map(unit('stem')), 'stem')).toEqual({
    first: Math.fround(factor(1e-5)),
    assumed: 'eps = 0.00001; bn follows conv directly, no activation in between',
  });
  const yolo = new Map([...unit('model.1'), ['model.2.cv1.conv.weight', filled(1, 4, 4, 1, 1)] as const]);
  for (const name of ['eps', 'conv-bn.eps', 'model.1:eps'])
    expect(mergedUnit(yolo, 'model.1', { [name]: 0.01 }).first).toBeCloseTo(factor(0.01), 5);
});
