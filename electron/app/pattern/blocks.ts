// The patterns of a network's blocks: of one network, or of the checkpoints of a run, oldest first.
import { isRepBlock } from '@shared/model/spec';
import { leavesOf } from '@shared/model/walk';
import { repBlockAt } from '@shared/merge/block-at';
import { blockMatrices } from '@shared/merge/mathematics/matrices';
import { fcShapeOf } from '@shared/matrix/geometry';
import type { WeightedNetwork } from '@shared/merge/merge-network';
import { analyseNetwork, type BlockPattern } from '@shared/pattern/analyse';
import { CLOSER, detailOf, groupsOf, type MatrixDetail } from '@shared/pattern/detail';
import { UserError } from '@shared/base/user-error';
import { pathInside } from '../../files/inside';
import { isRunFolder, readRun } from '../../runs/read';

/** What is looked at of a network. */
export interface PatternQuestion {
  /** One block; all of them where it is left out. */
  readonly layer?: string;
  /** Also a closer look at both matrices: at the rows of this group, or of all (null). */
  readonly closer?: { readonly group: number | null };
  readonly onProgress?: (done: number, total: number) => void;
}

/** A block's pattern, with a closer look at both matrices where it was asked for. */
export interface AnalysedBlock extends BlockPattern {
  readonly closer?: Readonly<Record<'before' | 'after', MatrixDetail>>;
}

/** The patterns of the block asked for, else of all. Throws UserError where the network has none. */
export async function blockPatterns({ spec, weights }: WeightedNetwork, asked: PatternQuestion): Promise<AnalysedBlock[]> {
  const { layer, closer, onProgress } = asked;
  const blocks = leavesOf(spec).flatMap(({ path, layer: own }) => (isRepBlock(own) ? [path] : []));
  if (blocks.length === 0) throw new UserError(`${spec.name} has no re-parameterizable block to analyse`);
  if (layer !== undefined && !blocks.includes(layer))
    throw new UserError(`${spec.name} has no block ${layer}; it has ${blocks.join(', ')}`);
  const patterns = await analyseNetwork(spec, weights, { layer, onProgress: onProgress && (({ done, total }) => onProgress(done, total)) });
  return closer ? patterns.map((pattern) => ({ ...pattern, closer: closerLook({ spec, weights }, pattern, closer.group) })) : patterns;
}

function closerLook({ spec, weights }: WeightedNetwork, { path, largestKernel }: BlockPattern, group: number | null) {
  const matrices = blockMatrices(spec, weights, path);
  const block = repBlockAt(spec, path);
  const how = { ...CLOSER, group, groups: groupsOf(block), largestKernel };
  const of = (stage: 'before' | 'after'): MatrixDetail => detailOf(matrices[stage], fcShapeOf(block), how);
  return { before: of('before'), after: of('after') };
}

/** The patterns at one epoch of a run. */
export interface EpochPatterns {
  readonly epoch: number;
  readonly blocks: readonly AnalysedBlock[];
}

/** The patterns over a run's train-form checkpoints of whole epochs, which `read` reads. Throws UserError for what is no run, or has none yet. */
export async function epochPatterns(
  folder: string,
  read: (path: string) => Promise<WeightedNetwork>,
  asked: PatternQuestion,
): Promise<{ readonly run: string; readonly epochs: readonly EpochPatterns[] }> {
  if (!(await isRunFolder(folder))) throw new UserError(`--epochs goes with a run folder; ${folder} has no run.json`);
  const run = await readRun(folder);
  const epochs: EpochPatterns[] = [];
  for (const { epoch, file } of run.checkpoints.filter(({ form, step }) => form === 'train' && step === 0)) {
    epochs.push({ epoch, blocks: await blockPatterns(await read(await pathInside(folder, file)), asked) });
  }
  if (epochs.length === 0) throw new UserError(`run ${run.name} has no checkpoint of a whole epoch yet`);
  return { run: run.name, epochs };
}
