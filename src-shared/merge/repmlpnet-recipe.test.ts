// RepMLPNet's block written as a recipe: the one evaluator of every family, the official merge and the fast path of this program
// have to agree, matrix and bias.
import { describe, expect, test } from 'vitest';
import { float32Of, group, readReferenceTensors, referenceCases, type ReferenceCase } from '../../tests/reference';
import { blockSpec } from '../model/block-families';
import { leavesOf } from '../model/walk';
import { isRepBlock } from '../model/spec';
import { tensorInfos, type NamedTensors } from '../tensor/tensor';
import { mergeBlock } from './merge-layer';
import { parseRecipe } from './recipes/check-recipe';
import { findGroups } from './recipes/find-groups';
import { mergeGroups } from './recipes/merge-groups';

/** FC3's batch norm shifts every row of a share-set alike: as the bias of a 1x1 convolution it is repeated over positions. */
const recipe = parseRecipe(
  {
    ...{ format: 'repmlp-merge-recipe', version: 1, name: 'repmlpnet', family: 'RepMLP', title: 'RepMLPNet block' },
    ...{ formula: '-', about: '-', source: { repository: 'DingXiaoH/RepMLP' } },
    settings: { eps: { default: 1e-5, about: 'eps' }, h: { about: 'h' }, w: { about: 'w' } },
    parts: {
      fc3: { kind: 'layer', at: 'fc3', shape: ['R', 'A', 1, 1], bias: 'none' },
      fc3Bn: { kind: 'norm', at: 'fc3_bn', channels: 'S' },
      one: { kind: 'layer', at: 'repconv1.conv', shape: ['S', 1, 1, 1], bias: 'none' },
      conv: { kind: 'layer', at: 'repconv{k}.conv', shape: ['S', 1, 'k', 'k'], bias: 'none' },
      convBn: { kind: 'norm', at: 'repconv{k}.bn', channels: 'S' },
    },
    keeps: ['gp.*'],
    steps: [
      { name: 'perShareSet', op: 'reshape', of: 'fc3', shape: ['S', ['*', ['/', 'R', 'S'], 'A']], explain: 'A row a share-set.' },
      { name: 'fcFolded', op: 'foldBnAfter', of: 'perShareSet', bn: 'fc3Bn', explain: 'BN into FC.' },
      { name: 'weights', op: 'weightOnly', of: 'fcFolded', explain: 'The bias apart.' },
      { name: 'matrix', op: 'reshape', of: 'weights', shape: ['R', 'A'], explain: 'The matrix again.' },
      { name: 'passing', op: 'identityKernel', like: 'one', explain: 'Passing on.' },
      { name: 'passingFolded', op: 'foldBnAfter', of: 'passing', bn: 'fc3Bn', explain: 'With the shift of FC3.' },
      { name: 'shifted', op: 'convToFc', of: 'passingFolded', height: 'h', width: 'w', explain: 'The shift at every position.' },
      { name: 'shiftedWeights', op: 'weightOnly', of: 'shifted', explain: 'Without it.' },
      { name: 'shift', op: 'subtract', from: 'shifted', take: 'shiftedWeights', explain: 'The shift alone.' },
      { name: 'folded', op: 'foldBnAfter', of: 'conv', bn: 'convBn', explain: 'BN into conv.' },
      { name: 'fc', op: 'convToFc', of: 'folded', height: 'h', width: 'w', explain: 'Conv to FC.' },
      { name: 'sum', op: 'add', of: ['matrix', 'fc', 'shift'], explain: 'The sum.' },
      { name: 'out', op: 'reshape', of: 'sum', shape: ['R', 'A', 1, 1], explain: 'As stored.' },
    ],
    merged: { fc3: 'out' },
    mergedShows: true,
  },
  'the test',
);

const cases = referenceCases.filter(
  ({ family, config }) => family === 'repmlpnet_block' && (config.reparam_conv_k as number[] | null)?.includes(1),
);

function byFastPath({ family, config }: ReferenceCase, train: NamedTensors): NamedTensors {
  const leaf = leavesOf(blockSpec(family, config)).find(({ layer }) => isRepBlock(layer));
  if (!leaf || !isRepBlock(leaf.layer)) throw new Error('the case holds no block');
  return mergeBlock(leaf.layer, train, leaf.path);
}

test('there are cases with one share-set, several, one a channel, one partition and several, plain and extreme statistics', () => {
  expect(cases.length).toBeGreaterThanOrEqual(6);
});

describe.each(cases.map((one) => [one.id, one] as const))('%s', (_, one) => {
  const tensors = readReferenceTensors(one.file);
  const train = group(tensors, 'train');
  const { h, w } = one.config as { h: number; w: number };
  const { weights, left } = mergeGroups(train, findGroups(tensorInfos(train), { recipes: [recipe] }), { settings: { h, w } });

  test.each(['fc3.weight', 'fc3.bias'])('%s of the recipe is that of the official merge and of the fast path', (name) => {
    expect(left).toEqual([]);
    const ours = float32Of(weights, name).data;
    // The recipe rounds once from doubles, the others several times in float32: a few units in the last place of the largest value.
    for (const other of [group(tensors, 'deploy'), byFastPath(one, train)]) {
      const { data } = float32Of(other, name);
      const largest = data.reduce((a, b) => Math.max(a, Math.abs(b)), 0);
      expect(data.length).toBe(ours.length);
      const worst = data.reduce((most, value, i) => Math.max(most, Math.abs(value - ours[i])), 0);
      expect(worst).toBeLessThanOrEqual(4e-7 * Math.max(1, largest));
    }
  });
});
