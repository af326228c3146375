// The blocks the pattern verb is about, analysed.
import { isRepBlock, type NetworkSpec } from '@shared/model/spec';
import { leavesOf } from '@shared/model/walk';
import { repBlockAt } from '@shared/merge/block-at';
import { blockMatrices } from '@shared/merge/mathematics/matrices';
import { fcShapeOf } from '@shared/matrix/geometry';
import { analyseNetwork, type BlockPattern } from '@shared/pattern/analyse';
import { CLOSER, detailOf, groupsOf, type MatrixDetail } from '@shared/pattern/detail';
import type { NamedTensors } from '@shared/tensor/tensor';
import { UserError } from '@shared/base/user-error';
import type { PatternFigureOptions } from './figure';
import { remark, wholeNumber } from '../verb';

export interface PatternOptions extends PatternFigureOptions {
  readonly json?: boolean;
  readonly csv?: boolean;
  readonly closer?: boolean;
}

/** What was found: printed once the figure is written, so that a figure that cannot be drawn prints nothing. */
export interface PatternAnswer {
  /** Path of the first block analysed. */
  readonly layer: string;
  readonly print: () => void;
}

/** A block's pattern, with a closer look at both matrices where --closer asks for it. */
export interface AnalysedBlock extends BlockPattern {
  readonly closer?: Readonly<Record<'before' | 'after', MatrixDetail>>;
}

/** The patterns of the block asked for, else of all. Throws UserError where the network has none. */
export async function analyse(spec: NetworkSpec, weights: NamedTensors, options: PatternOptions): Promise<AnalysedBlock[]> {
  const patterns = await analyseBlocks(spec, weights, options);
  return options.closer ? patterns.map((pattern) => ({ ...pattern, closer: closerLook(spec, weights, pattern, options) })) : patterns;
}

function closerLook(spec: NetworkSpec, weights: NamedTensors, { path, largestKernel }: BlockPattern, { group }: PatternOptions) {
  const matrices = blockMatrices(spec, weights, path);
  const block = repBlockAt(spec, path);
  const chosen = group === undefined ? null : wholeNumber('--group', group, 0);
  const how = { ...CLOSER, group: chosen, groups: groupsOf(block), largestKernel };
  const of = (stage: 'before' | 'after'): MatrixDetail => detailOf(matrices[stage], fcShapeOf(block), how);
  return { before: of('before'), after: of('after') };
}

async function analyseBlocks(spec: NetworkSpec, weights: NamedTensors, { layer, json, csv }: PatternOptions): Promise<BlockPattern[]> {
  const blocks = leavesOf(spec).flatMap(({ path, layer: own }) => (isRepBlock(own) ? [path] : []));
  if (blocks.length === 0) throw new UserError(`${spec.name} has no re-parameterizable block to analyse`);
  if (layer !== undefined && !blocks.includes(layer))
    throw new UserError(`${spec.name} has no block ${layer}; it has ${blocks.join(', ')}`);
  const quiet = json === true || csv === true;
  return analyseNetwork(spec, weights, {
    layer,
    onProgress: quiet ? undefined : ({ done, total }) => remark(`analysed ${done} of ${total}`),
  });
}
