// The block a figure's source names, with its matrices: what most figures are drawn from.
import { UserError } from '../base/user-error';
import { repBlockAt } from '../merge/block-at';
import { blockMatrices } from '../merge/mathematics/matrices';
import type { BlockMatrices } from '../merge/report';
import { isRepBlock, type NetworkSpec, type RepBlock } from '../model/spec';
import { leavesOf } from '../model/walk';
import type { FigureSources } from './kind';
import type { FigureSource } from './recipe';

/** A block of a source with its matrices. */
export interface SourceBlock {
  readonly spec: NetworkSpec;
  readonly path: string;
  readonly block: RepBlock;
  readonly matrices: BlockMatrices;
}

/** The block a source names, or the first of its network. Rejects with UserError where there is none. */
export async function blockOf(source: FigureSource, sources: Pick<FigureSources, 'network'>): Promise<SourceBlock> {
  const { spec, weights } = await sources.network(source);
  const path = blockPath(spec, source);
  return { spec, path, block: repBlockAt(spec, path), matrices: blockMatrices(spec, weights, path) };
}

/** The path of the block a source names, or of the first of its network. Throws UserError where it has none. */
export function blockPath(spec: NetworkSpec, { layer, path }: FigureSource): string {
  if (layer !== undefined) return layer;
  const first = leavesOf(spec).find((visit) => isRepBlock(visit.layer));
  if (first === undefined) throw new UserError(`${path} holds ${spec.name}, which has no RepMLP block to draw`);
  return first.path;
}
