// The RepMLPNet block of arXiv 2112.11081.
import { z } from 'zod';
import { strictObject } from '../strict-object';
import { eps, form, kernels, name, size } from './fields';
import type { LeafKind } from './kind';
import { branchTensors, branchText } from './repmlp';
import { expectBranches, expectChannels, expectDivides, expectDivisible } from './shapes';
import { affineTensors, batchNormTensors, joinPath, type Parameter } from './tensors';

const schema = strictObject({
  kind: z.literal('repmlpNetBlock'),
  name,
  C: size,
  h: size,
  w: size,
  kernels,
  reduction: size,
  shareSets: size,
  form,
  eps,
  /** Whether FC3 has a bias before its batch norm too, `fc3.bias` (S*h*w): not in the official code, but in others'. */
  fc3Bias: z.boolean().optional(),
});
/**
 * The RepMLPNet block: C channels in `shareSets` (S) share-sets, partitions of h x w counted from the input, depthwise conv
 * branches over S channels, squeeze-and-excite Global Perceptron of width C / `reduction`.
 */
export type RepMlpNetBlock = Readonly<z.infer<typeof schema>>;

export const repmlpNetBlock: LeafKind<typeof schema> = {
  schema,
  parameters: blockTensors,
  outputShape(block, input, path) {
    expectChannels(path, input, block.C);
    expectDivisible(path, input, [block.h, block.w]);
    return input;
  },
  text: (block) => [`RepMLP block ${block.h}×${block.w}`, `S ${block.shareSets}`, branchText(block.kernels)].join(' · '),
  check(block, path) {
    expectDivides(path, 'shareSets', block.shareSets, 'C', block.C);
    expectBranches(path, block.kernels);
  },
};

function blockTensors(block: RepMlpNetBlock, path: string): Parameter[] {
  const { C, h, w, reduction, shareSets: S } = block;
  const at = (suffix: string): string => joinPath(path, suffix);
  const hidden = Math.floor(C / reduction);
  const perceptron = [...affineTensors(at('gp.fc1'), [hidden, C, 1, 1], true), ...affineTensors(at('gp.fc2'), [C, hidden, 1, 1], true)];
  const fc3Shape = [S * h * w, h * w, 1, 1];
  if (block.form === 'merged') return [...perceptron, ...affineTensors(at('fc3'), fc3Shape, true)];
  return [
    ...perceptron,
    ...affineTensors(at('fc3'), fc3Shape, block.fc3Bias === true),
    ...batchNormTensors(at('fc3_bn'), S),
    ...branchTensors(block.kernels, path, (K) => [S, 1, K, K]),
  ];
}
