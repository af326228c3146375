// The RepMLP block of arXiv 2105.01883 (figure 1), and its Global Perceptron on its own.
import { z } from 'zod';
import { strictObject } from '../strict-object';
import { eps, form, kernels, name, size } from './fields';
import type { LeafKind } from './kind';
import { expectBranches, expectDivides, expectShape } from './shapes';
import { affineTensors, batchNormTensors, joinPath, type Parameter } from './tensors';

const blockSchema = strictObject({
  kind: z.literal('repmlp'),
  name,
  C: size,
  O: size,
  H: size,
  W: size,
  h: size,
  w: size,
  kernels,
  reduction: size,
  groups: size,
  /** Ablation C of the paper: no Global Perceptron although the map is partitioned. */
  withoutGlobal: z.boolean().optional(),
  form,
  eps,
});
/**
 * The RepMLP block: (N, C, H, W) -> (N, O, H, W), partitions of h x w, `groups` (g) for FC3 and every conv branch, conv
 * branches with the odd `kernels` K, `reduction` of the Global Perceptron's hidden width. The Global Perceptron exists where
 * H != h or W != w.
 */
export type RepMlp = Readonly<z.infer<typeof blockSchema>>;

export const repmlp: LeafKind<typeof blockSchema> = {
  schema: blockSchema,
  parameters: blockTensors,
  outputShape({ C, O, H, W }, input, path) {
    expectShape(path, 'its input', input, [C, H, W]);
    return [O, H, W];
  },
  text: (block) => [`RepMLP ${block.h}×${block.w}`, `g ${block.groups}`, branchText(block.kernels)].join(' · '),
  check(block, path) {
    checkPartitions(block, path);
    expectDivides(path, 'groups', block.groups, 'C', block.C);
    expectDivides(path, 'groups', block.groups, 'O', block.O);
    expectBranches(path, block.kernels);
  },
  // As in the official code.
  orthogonal: (block) => (block.form === 'train' ? ['fc3.weight'] : []),
};

const perceptronSchema = strictObject({
  kind: z.literal('globalPerceptron'),
  name,
  C: size,
  H: size,
  W: size,
  h: size,
  w: size,
  reduction: size,
  form,
  eps,
});
/**
 * The Global Perceptron of a v1 block on its own (ablation D, where a convolution stands for FC3): y = x + FC2(ReLU(FC1(BN(pool(x)))))
 * spread over each partition. Parameters `fc1_fc2.*` and, in train form, `avg.bn.*`.
 */
export type GlobalPerceptron = Readonly<z.infer<typeof perceptronSchema>>;

export const globalPerceptron: LeafKind<typeof perceptronSchema> = {
  schema: perceptronSchema,
  parameters: (layer, path) => [
    ...perceptronTensors(layer, path),
    ...(layer.form === 'train' ? batchNormTensors(joinPath(path, 'avg.bn'), layer.C) : []),
  ],
  outputShape({ C, H, W }, input, path) {
    expectShape(path, 'its input', input, [C, H, W]);
    return input;
  },
  text: () => 'Global Perceptron',
  check: checkPartitions,
};

/** Whether a v1 block has a Global Perceptron: its map is larger than one partition in either axis. */
export function hasGlobalPerceptron(block: RepMlp): boolean {
  return !block.withoutGlobal && (block.H !== block.h || block.W !== block.w);
}

function blockTensors(block: RepMlp, path: string): Parameter[] {
  const { C, O, h, w, groups, form } = block;
  const at = (suffix: string): string => joinPath(path, suffix);
  const global = hasGlobalPerceptron(block);
  const perceptron = global ? perceptronTensors(block, path) : [];
  const fc3Shape = [O * h * w, (C * h * w) / groups, 1, 1];
  if (form === 'merged') return [...perceptron, ...affineTensors(at('fc3'), fc3Shape, true)];
  return [
    ...perceptron,
    ...(global ? batchNormTensors(at('avg.bn'), C) : []),
    ...affineTensors(at('fc3'), fc3Shape, false),
    ...batchNormTensors(at('fc3_bn'), O * h * w),
    ...branchTensors(block.kernels, path, (K) => [O, C / groups, K, K]),
  ];
}

/** FC1 and FC2: (hidden, C*hp*wp) and back. */
function perceptronTensors(block: Pick<RepMlp, 'C' | 'H' | 'W' | 'h' | 'w' | 'reduction'>, path: string): Parameter[] {
  const width = block.C * (block.H / block.h) * (block.W / block.w);
  const hidden = Math.floor(width / block.reduction);
  return [
    ...affineTensors(joinPath(path, 'fc1_fc2.fc1'), [hidden, width], true),
    ...affineTensors(joinPath(path, 'fc1_fc2.fc2'), [width, hidden], true),
  ];
}

/** A convolution and a batch norm per kernel size K, weights of shape (O, ...). */
export function branchTensors(sizes: readonly number[], path: string, shapeOf: (K: number) => readonly number[]): Parameter[] {
  return sizes.flatMap((K) => {
    const branch = joinPath(path, `repconv${K}`);
    return [...affineTensors(`${branch}.conv`, shapeOf(K), false), ...batchNormTensors(`${branch}.bn`, shapeOf(K)[0])];
  });
}

export function branchText(sizes: readonly number[]): string {
  return sizes.length === 0 ? 'no conv branches' : `branches ${sizes.map((K) => `${K}×${K}`).join(' ')}`;
}

function checkPartitions(block: { h: number; H: number; w: number; W: number }, path: string): void {
  expectDivides(path, 'h', block.h, 'H', block.H);
  expectDivides(path, 'w', block.w, 'W', block.W);
}
