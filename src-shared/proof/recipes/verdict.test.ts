import { describe, expect, test } from 'vitest';
import { group } from '../../../tests/reference';
import {
  caseTensors,
  familyCase,
  familyCases,
  mergedCase,
  namedRecipes,
  settingsOf,
  trainWeights,
  type FamilyCase,
} from '../../../testing/families/cases';
import { toFloatType } from '../../tensor/convert';
import { floatTensor, tensorInfos, type NamedTensors } from '../../tensor/tensor';
import { findGroups } from '../../merge/recipes/find-groups';
import { selfTestOfVerdict } from './planted-faults';
import { mergeGroups } from '../../merge/recipes/merge-groups';
import { verifyFile, verifyFileStepwise, type FileVerdict } from './verify-file';

const cases = familyCases.filter(({ family }) => family !== 'repmlpnet_multipart');
const named = (list: readonly FamilyCase[]): [string, FamilyCase][] => list.map((one) => [one.id, one]);

function judged(one: FamilyCase, merged: NamedTensors): FileVerdict {
  const train = trainWeights(one);
  return verifyFile(train, merged, findGroups(tensorInfos(train), { named: namedRecipes(one) }), settingsOf(one));
}

describe('the verdict', () => {
  test.each(named(cases.filter(({ official_conversion_equivalent }) => official_conversion_equivalent)))(
    'passes the official merge of %s',
    (_, one) => {
      const { groups, problems, left, equivalent } = judged(one, group(caseTensors(one), 'deploy'));
      expect({ problems, left, wrong: groups.filter((each) => !each.equivalent) }).toEqual({ problems: [], left: [], wrong: [] });
      expect([equivalent, groups.length > 0]).toEqual([true, true]);
    },
  );

  test.each(named(cases.filter(({ exact_single_conv_exists }) => exact_single_conv_exists !== false)))(
    'passes our merge of %s, inside, at edges and in corners',
    (_, one) => {
      const { groups, equivalent, problems } = judged(one, mergedCase(one).weights);
      expect([equivalent, problems]).toEqual([true, []]);
      // Ours is rounded once: an eighth of what is admitted and no more, but for the half-precision case, whose storage dominates.
      const shares = groups.flatMap(({ modules }) => modules.flatMap(({ regions }) => regions.map(({ worstShare }) => worstShare)));
      expect(shares.length).toBeGreaterThan(0);
      for (const share of shares) expect(share).toBeLessThanOrEqual(one.id === 'lora_float16' ? 1 : 0.2);
    },
  );

  test.each([
    'repvit_residual_group_conv_wrong',
    'repvit_stray_bn_dropped',
    'border_bias_1x1_then_3x3',
    'border_bias_1x1_then_5x5_groups2',
  ])('does not pass the official, wrong merge of %s', (id) => {
    const one = familyCase(id);
    expect(judged(one, group(caseTensors(one), 'deploy')).equivalent).toBe(false);
  });

  test('judges border and inside apart: a corner tap that is wrong shows in all three regions, one that is only read inside does not', () => {
    const one = familyCase('repvgg_identity');
    const { groups } = judged(one, mergedCase(one).weights);
    expect(groups[0].modules[0].regions.map(({ region, outputs }) => [region, outputs])).toEqual([
      ['inside', 2 * 8 * 2 * 3],
      ['edge', 2 * 8 * (2 * 2 + 2 * 3)],
      ['corner', 2 * 8 * 4],
    ]);
  });

  test('allows the rounding of half precision, and no more', () => {
    const one = familyCase('repvgg_stress');
    const halves = new Map(
      [...mergedCase(one).weights].map(([name, tensor]) => [name, tensor.dtype === 'float32' ? toFloatType(tensor, 'bfloat16') : tensor]),
    );
    expect(judged(one, halves).equivalent).toBe(true);
    const off = new Map(
      [...halves].map(([name, tensor]) => [
        name,
        name.endsWith('weight') ? { ...tensor, data: (tensor.data as Uint16Array).map((bits) => bits + 2) } : tensor,
      ]),
    );
    expect(judged(one, off).equivalent).toBe(false);
  });

  test('says that the official RT-DETR merge keeps its branches, and passes it', () => {
    const one = familyCase('rtdetr_relu');
    const { remarks, equivalent } = judged(one, group(caseTensors(one), 'deploy'));
    expect([equivalent, remarks.length]).toEqual([true, 12]);
    expect(remarks[0]).toMatch(/conv1\..* belongs to a branch and is still in the merged file, where nothing reads it/);
  });

  test('with the wrong eps does not pass YOLOv9', () => {
    const one = familyCase('yolov9_repconvn');
    const train = trainWeights(one);
    const found = findGroups(tensorInfos(train), { named: ['yolov9-repconvn'] });
    expect(verifyFile(train, group(caseTensors(one), 'deploy'), found, { eps: 1e-5 }).equivalent).toBe(false);
  });
});

test('a large group gives way within, and comes to the same verdict', () => {
  const C = 256;
  const filled = (value: number, ...shape: number[]) => floatTensor(shape, new Float32Array(shape.reduce((a, b) => a * b, 1)).fill(value));
  const norm = (at: string) =>
    ['weight', 'bias', 'running_mean', 'running_var'].map(
      (part) => [`${at}.${part}`, filled(part === 'running_var' ? 1 : 0.5, C)] as const,
    );
  const train = new Map([
    ['rbr_dense.conv.weight', filled(0.01, C, C, 3, 3)],
    ['rbr_1x1.conv.weight', filled(0.02, C, C, 1, 1)],
    ...norm('rbr_dense.bn'),
    ...norm('rbr_1x1.bn'),
  ]);
  const found = findGroups(tensorInfos(train));
  const { weights } = mergeGroups(train, found);
  const steps = verifyFileStepwise(train, weights, found);
  let count = 0;
  let step = steps.next();
  for (; !step.done; step = steps.next()) count++;
  // One group: a single step would be the end of it.
  expect(count).toBeGreaterThan(5);
  expect(step.value.equivalent).toBe(true);
  expect(step.value).toEqual(verifyFile(train, weights, found));
});

test('every planted fault is caught, and the right merge passes', () => {
  const results = selfTestOfVerdict();
  expect(results.filter(({ caught }) => !caught)).toEqual([]);
  expect(results.length).toBe(14);
});
