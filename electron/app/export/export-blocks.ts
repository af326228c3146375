// The merged blocks of a file of another family as ONNX, judged: ONNX Runtime runs what is written, and every block is held against its
// training form in double precision. Invariant: what was judged is what is written.
import { decodeModel, encodeMetadata, encodeModel } from '@shared/checkpoint/onnx/messages';
import { VERDICT_METADATA } from '@shared/merge/onnx-answer';
import { mergeGroups } from '@shared/merge/recipes/merge-groups';
import { placeText } from '@shared/merge/recipes/summaries';
import {
  blockDifference,
  blocksGraph,
  exportedBlocks,
  inputName,
  ONNX_BLOCKS_TOLERANCE,
  outputName,
  type ExportedBlock,
} from '@shared/proof/recipes/onnx-blocks';
import type { NamedTensors } from '@shared/tensor/tensor';
import { UserError } from '@shared/base/user-error';
import { STUDIO_VERSION } from '../../files/version';
import { groupsOf, type FamilyPlan } from '../merge/families';
import type { ChosenGroups } from '../merge/recipe-groups';
import type { ExportSource } from './export-network';
import { runOnnxInputs } from './onnx-runtime';

/** One block's verdict. */
export interface BlockVerdict {
  readonly weight: string;
  readonly equivalent: boolean;
  readonly maxAbs: number;
  /** As a share of what is admitted. */
  readonly worstShare: number;
  readonly inputShape: readonly number[];
}

export interface ExportedBlocks {
  readonly equivalent: boolean;
  readonly toleranceReason: string;
  readonly blocks: readonly BlockVerdict[];
  /** Groups that were left, and why. */
  readonly left: readonly string[];
  /** The file, where all agree. */
  readonly parts: readonly Uint8Array[];
}

/** Exports what a plan would merge; `weights` are the file's tensors. Rejects with UserError where there is nothing to export. */
export async function exportBlocks(plan: FamilyPlan, weights: NamedTensors, source: ExportSource, seed: number): Promise<ExportedBlocks> {
  return exportGroups(await groupsOf(plan, weights), weights, source, seed);
}

/** As `exportBlocks`, of groups that were found. */
export async function exportGroups(
  { found, settings }: ChosenGroups,
  weights: NamedTensors,
  source: ExportSource,
  seed: number,
): Promise<ExportedBlocks> {
  const made = mergeGroups(weights, found, { settings });
  const left = made.left.map(({ at, reason }) => `${placeText(at)}: ${reason}`);
  const blocks: ExportedBlock[] = [];
  for (const { group } of made.merged) {
    const own = exportedBlocks(group, weights, made.weights, settings, seed);
    if (own === null) left.push(`${placeText(group.prefix)}: its matrix is stored turned, so that its bias belongs to the other axis`);
    else blocks.push(...own);
  }
  if (blocks.length === 0)
    throw new UserError(`${source.fileName}: there is no block to export; ${left.join('; ') || 'none of a known family was found'}`);
  const model = blocksGraph(source.fileName, blocks, made.weights, {
    'repmlp.source': JSON.stringify(source),
    'repmlp.studio': STUDIO_VERSION,
  });
  const bytes = encodeModel(model);
  const outputs = await runOnnxInputs(encodeModel(decodeModel(bytes)), new Map(blocks.map(({ path, input }) => [inputName(path), input])));
  const verdicts = blocks.map((block): BlockVerdict => {
    const output = outputs.get(outputName(block.path));
    if (output === undefined) throw new UserError(`ONNX Runtime gave no output ${outputName(block.path)}`);
    const difference = blockDifference(block, output);
    return { weight: block.weight, equivalent: difference.worstShare <= 1, ...difference, inputShape: block.input.shape };
  });
  const verdict = { equivalent: verdicts.every(({ equivalent }) => equivalent), toleranceReason: ONNX_BLOCKS_TOLERANCE, blocks: verdicts };
  return { ...verdict, left, parts: [bytes, encodeMetadata({ [VERDICT_METADATA]: JSON.stringify(verdict) })] };
}
