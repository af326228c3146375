// repmlp verify for groups that merge recipes know: each run in both forms, inside, edges and corners apart, and everything
// else of the two files compared value by value.
import type { CheckpointFile } from '@shared/checkpoint/checkpoint-file';
import type { LayerComparison, VerifyReport } from '@shared/merge/report';
import { TOLERANCE_REASON, type GroupVerdict, type ModuleVerdict } from '@shared/proof/recipes/verdict';
import { verifyFile, type FileVerdict } from '@shared/proof/recipes/verify-file';
import { tensorInfos } from '@shared/tensor/tensor';
import { UserError } from '@shared/base/user-error';
import { chooseGroups, takenByBlocks } from '../../app/merge/recipe-groups';
import { leftLine, leftSummaries, withAdapter, withConfigBeside } from '../merge/groups';
import type { LeftSummary } from '../merge/merged-file';
import { understandFile } from '../../files/checkpoint-network';
import { choicesFrom } from '../network';
import { readShown, type StatusLine } from '../progress';
import { print, seedFrom, type NetworkOptions, type RecipeOptions } from '../verb';

/** A report on groups: the usual one, and what recipes tell besides. */
export interface GroupReport extends VerifyReport {
  readonly groups: readonly GroupVerdict[];
  readonly problems: readonly string[];
  readonly remarks: readonly string[];
  readonly left: readonly LeftSummary[];
}

export function isGroupReport(report: VerifyReport): report is GroupReport {
  return 'groups' in report;
}

/** The verdict by recipes; null where the training file is a known network or has no group of a known family. */
export async function verifyByRecipes(
  trainFile: CheckpointFile,
  mergedFile: CheckpointFile,
  given: NetworkOptions & RecipeOptions & { readonly seed: string; readonly input?: string },
  status: StatusLine,
): Promise<GroupReport | null> {
  if (given.model !== undefined || given.block !== undefined) return null;
  const understood = understandFile(trainFile, choicesFrom(given));
  if (understood.spec !== null || understood.blocks.some(({ block }) => block.form === 'train')) return null;
  const options = await withConfigBeside(given);
  const taken = takenByBlocks(understood.blocks, trainFile.tensors);
  const { found: first } = await chooseGroups(trainFile, trainFile.tensors, options, taken);
  if (
    options.adapter === undefined &&
    !first.groups.some(({ form }) => form !== 'merged') &&
    first.left.every(({ recipe }) => recipe === null)
  )
    return null;
  if (options.input !== undefined)
    throw new UserError('--input goes with networks and RepMLP blocks; groups of other families are run on inputs of their own');
  const train = await withAdapter(await readShown(trainFile, status), options, status);
  const merged = await readShown(mergedFile, status);
  const { found, settings } = await chooseGroups(trainFile, tensorInfos(train), options, taken);
  const seed = seedFrom('--seed', options.seed);
  return reportOf(verifyFile(train, merged, found, settings, seed), seed);
}

function reportOf({ equivalent, groups, problems, remarks, left }: FileVerdict, seed: number): GroupReport {
  const layers = groups.flatMap(({ recipe, modules }) => modules.map((module) => layerOf(recipe, module)));
  const worst = layers.reduce<LayerComparison | null>(
    (a, b) => (a === null || b.maxRel / b.tolerance > a.maxRel / a.tolerance ? b : a),
    null,
  );
  return {
    equivalent: equivalent && layers.length > 0,
    tolerance: worst?.tolerance ?? 0,
    toleranceReason: TOLERANCE_REASON,
    storage: null,
    maxAbs: worst?.maxAbs ?? 0,
    maxRel: worst?.maxRel ?? 0,
    argMaxAgreement: null,
    layers,
    firstDivergentLayer: layers.find((layer) => !layer.equivalent)?.path ?? null,
    backend: 'double precision',
    inputs: {
      source: 'standard normal inputs, each group on its own',
      shape: null,
      seed,
      blocks: groups.flatMap(({ modules }) =>
        modules.flatMap(({ weight, inputShape }) => (inputShape ? [{ path: pathOf(weight), shape: inputShape }] : [])),
      ),
    },
    groups,
    problems: layers.length > 0 ? problems : [...problems, 'no group of the first file is merged in the second'],
    remarks,
    left: leftSummaries(left),
  };
}

function pathOf(weight: string): string {
  return weight.replace(/\.?weight$/, '') || 'the whole file';
}

/** A merged layer as a line of the report: its worst region stands for it, and the tolerance is what was admitted there. */
function layerOf(recipe: string, { weight, equivalent, regions, problem }: ModuleVerdict): LayerComparison {
  const region = [...regions].sort((a, b) => b.worstShare - a.worstShare)[0];
  const scale = Math.max(0, ...regions.map(({ largest }) => largest));
  const maxAbs = region ? Math.max(...regions.map((one) => one.maxAbs)) : Infinity;
  const maxRel = region ? maxAbs / (scale || 1) : Infinity;
  const tolerance = region && region.worstShare > 0 && Number.isFinite(region.worstShare) ? maxRel / region.worstShare : 0;
  return {
    path: pathOf(weight),
    kind: recipe,
    maxAbs,
    maxRel,
    scale,
    tolerance,
    equivalent,
    unusable: problem,
    worst: region?.worst ?? { index: [], train: NaN, merged: NaN },
  };
}

/** The report in a terminal. */
export function printGroupReport({ equivalent, groups, problems, remarks, left, toleranceReason }: GroupReport): void {
  for (const { prefix, recipe, refusal, modules } of groups) {
    if (refusal !== null) print(`differs   ${prefix || 'the whole file'} (${recipe}): ${refusal}`);
    for (const module of modules) print(moduleLine(recipe, module));
  }
  problems.forEach((problem) => print(`differs   ${problem}`));
  remarks.forEach((text) => print(`odd       ${text}`));
  left.forEach((one) => print(leftLine(one)));
  print(`tolerance: ${toleranceReason}`);
  print(equivalent ? `equivalent: ${groups.length} ${groups.length === 1 ? 'group' : 'groups'}` : 'NOT equivalent');
}

function moduleLine(recipe: string, { weight, equivalent, regions, problem }: ModuleVerdict): string {
  const numbers = regions.map(
    ({ region, maxAbs, worstShare }) => `${region} ${maxAbs.toExponential(1)} (${worstShare.toPrecision(2)} of what is admitted)`,
  );
  return `${equivalent ? 'equal     ' : 'differs   '}${pathOf(weight)} (${recipe}): ${problem ?? numbers.join(', ')}`;
}
