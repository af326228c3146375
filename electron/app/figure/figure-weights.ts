// The network and block a figure's source names: a checkpoint, a run folder or its checkpoints.
import { basename, dirname } from 'node:path';
import type { FigureSource } from '@shared/figure/recipe';
import { repBlockAt } from '@shared/merge/block-at';
import { blockMatrices } from '@shared/merge/mathematics/matrices';
import type { WeightedNetwork } from '@shared/merge/merge-network';
import type { BlockMatrices } from '@shared/merge/report';
import { isRepBlock, type NetworkSpec, type RepBlock } from '@shared/model/spec';
import { leavesOf } from '@shared/model/walk';
import { UserError } from '@shared/base/user-error';

/** Reads the network of a source. */
export type LoadSource = (source: FigureSource) => Promise<WeightedNetwork>;

/** A block of a source with its matrices. */
export interface SourceBlock {
  readonly spec: NetworkSpec;
  readonly path: string;
  readonly block: RepBlock;
  readonly matrices: BlockMatrices;
}

/** The block a source names, or the first of its network. Throws UserError where there is none. */
export async function sourceBlock(source: FigureSource, load: LoadSource): Promise<SourceBlock> {
  const { spec, weights } = await load(source);
  const path = blockPath(spec, source);
  return { spec, path, block: repBlockAt(spec, path), matrices: blockMatrices(spec, weights, path) };
}

function blockPath(spec: NetworkSpec, { layer, path }: FigureSource): string {
  if (layer !== undefined) return layer;
  const first = leavesOf(spec).find((visit) => isRepBlock(visit.layer));
  if (first === undefined) throw new UserError(`${path} holds ${spec.name}, which has no RepMLP block to draw`);
  return first.path;
}

/** A source's name in a figure's note: a file's name, or a run's with its epoch. */
export function sourceName({ path }: FigureSource): string {
  const name = basename(path);
  if (basename(dirname(path)) !== 'checkpoints') return name;
  return `${basename(dirname(dirname(path)))} ${name.replace(/\.safetensors$/, '')}`;
}
