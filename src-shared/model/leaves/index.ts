// The kinds of leaves, each a record of one file: the only list of them.
import type { z } from 'zod';
import { convBn, conv2d } from './convolution';
import { activation, batchNorm, dropout } from './elementwise';
import type { LeafRecord } from './kind';
import { cosineLinear, linear } from './linear';
import { repmlpNetBlock } from './repmlpnet';
import { globalPerceptron, repmlp } from './repmlp';
import { adaptiveAveragePool, flatten, pool, resize } from './resampling';

/** By `kind`. */
export const LEAVES = {
  conv2d,
  convBn,
  batchNorm,
  linear,
  cosineLinear,
  repmlp,
  globalPerceptron,
  repmlpNetBlock,
  activation,
  pool,
  adaptiveAveragePool,
  flatten,
  resize,
  dropout,
} as const;

/** A layer without others inside, which owns its tensors. */
export type LeafSpec = { [Kind in keyof typeof LEAVES]: Readonly<z.infer<(typeof LEAVES)[Kind]['schema']>> }[keyof typeof LEAVES];

/** What is known of a leaf's kind. */
export function leafRecord(leaf: LeafSpec): LeafRecord<LeafSpec> {
  return LEAVES[leaf.kind];
}
