import { expect, test } from 'vitest';
import { bothForms } from '../../cost/both-forms';
import { isRepBlock, type RepBlock } from '../../model/spec';
import { leavesOf } from '../../model/walk';
import { buildModel } from '../../model/zoo';
import { flowOf, type Flow, type Fork } from './block-flow';

function blocksOf(name: string): Record<'train' | 'merged', RepBlock> {
  const forms = bothForms(buildModel(name));
  const first = (form: 'train' | 'merged'): RepBlock => {
    const block = leavesOf(forms[form])
      .map(({ layer }) => layer)
      .find(isRepBlock);
    if (!block) throw new Error(`${name} has blocks`);
    return block;
  };
  return { train: first('train'), merged: first('merged') };
}

const forksOf = (flow: readonly Flow[]): Fork[] =>
  flow.flatMap((one) => (one.kind === 'fork' ? [one, ...one.branches.flatMap((branch) => forksOf(branch.flow))] : []));

const localBranches = (block: RepBlock): number =>
  forksOf(flowOf(block)).flatMap(({ branches }) => branches.filter(({ label }) => label === 'Local Perceptron')).length;

test.each(['pure-mlp-small', 'repmlp-res50-light-224', 'repmlpnet-small'])(
  'a block of %s has a branch for each kernel before the merge and none after it',
  (name) => {
    const { train, merged } = blocksOf(name);
    expect(localBranches(train)).toBe(train.kernels.length);
    expect(train.kernels.length).toBeGreaterThan(0);
    expect(localBranches(merged)).toBe(0);
  },
);

test('the Global Perceptron of a RepMLP is added before FC3, that of a RepMLPNet multiplied after it', () => {
  const joins = (name: string): string[] => forksOf(flowOf(blocksOf(name).train)).map(({ join }) => join);
  expect(joins('pure-mlp-small')).toEqual(['+', '+']);
  expect(joins('repmlpnet-small')).toEqual(['×', '+']);
});

test('a block without a Global Perceptron, or without branches, has no fork for it', () => {
  expect(forksOf(flowOf(blocksOf('pure-mlp-small-no-global').train))).toHaveLength(1);
  expect(forksOf(flowOf(blocksOf('pure-mlp-small-no-local').train))).toHaveLength(1);
});
