// repmlp verify for groups that merge recipes know: each run in both forms, inside, edges and corners apart, and everything
// else of the two files compared value by value.
import type { CheckpointFile } from '@shared/checkpoint/checkpoint-file';
import type { LayerComparison, VerifyReport } from '@shared/merge/report';
import { TOLERANCE_REASON, type GroupVerdict, type ModuleVerdict } from '@shared/proof/recipes/verdict';
import { verifyFile, type FileVerdict } from '@shared/proof/recipes/verify-file';
import { tensorInfos, type NamedTensors, type Tensor } from '@shared/tensor/tensor';
import type { FoundGroups } from '@shared/merge/recipes/find-groups';
import type { BlockInside } from '@shared/model/recognise/recognise';
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

/** What a verdict by recipes is asked of. */
export interface GroupsAsked {
  readonly trainFile: CheckpointFile;
  readonly mergedFile: CheckpointFile;
  readonly given: NetworkOptions & RecipeOptions & { readonly seed: string; readonly input?: string };
  readonly status: StatusLine;
}

/** The verdict on the groups of a file, and the tensors of its RepMLP blocks, which have a verdict of their own. */
export interface JudgedGroups {
  readonly report: GroupReport;
  /** The merged file's tensors with everything beside the RepMLP blocks as the training file has it; null where there is no block. */
  readonly blocks: { readonly train: NamedTensors; readonly merged: NamedTensors } | null;
}

/** The verdict by recipes; null where the training file is a known network or has no group of a known family. */
export async function verifyByRecipes({ trainFile, mergedFile, given, status }: GroupsAsked): Promise<JudgedGroups | null> {
  if (given.model !== undefined || given.block !== undefined) return null;
  const understood = understandFile(trainFile, choicesFrom(given));
  if (understood.spec !== null) return null;
  const options = await withConfigBeside(given);
  const taken = takenByBlocks(understood.blocks, trainFile.tensors);
  const { found: first } = await chooseGroups(trainFile, trainFile.tensors, options, taken);
  const blocks = understood.blocks.filter(({ block }) => block.form === 'train');
  if (options.adapter === undefined && !hasGroups(first, blocks.length > 0)) return null;
  if (options.input !== undefined)
    throw new UserError('--input goes with networks and RepMLP blocks; groups of other families are run on inputs of their own');
  const train = await withAdapter(await readShown(trainFile, status), options, status);
  const merged = await readShown(mergedFile, status);
  const { found, settings } = await chooseGroups(trainFile, tensorInfos(train), options, taken);
  const seed = seedFrom('--seed', options.seed);
  const beside = (weights: NamedTensors): NamedTensors => divided(weights, blocks)[1];
  const report = reportOf(verifyFile(beside(train), beside(merged), found, settings, seed), seed);
  const own = new Map([...beside(train), ...divided(merged, blocks)[0]]);
  return { report, blocks: blocks.length === 0 ? null : { train, merged: own } };
}

/** Beside RepMLP blocks a group has to be there to be judged; without them what was left is told as well. */
function hasGroups({ groups, left }: FoundGroups, besideBlocks: boolean): boolean {
  return groups.some(({ form }) => form !== 'merged') || (!besideBlocks && left.some(({ recipe }) => recipe !== null));
}

/** The tensors of blocks, and all others. */
function divided(weights: NamedTensors, blocks: readonly BlockInside[]): [inside: NamedTensors, beside: NamedTensors] {
  const taken = takenByBlocks(blocks, tensorInfos(weights));
  const [inside, beside] = [new Map<string, Tensor>(), new Map<string, Tensor>()];
  for (const [name, tensor] of weights) (taken.has(name) ? inside : beside).set(name, tensor);
  return [inside, beside];
}

/** One report on the RepMLP blocks of a file and the groups beside them. */
export function withGroups(blocks: VerifyReport, groups: GroupReport): GroupReport {
  return {
    ...groups,
    ...blocks,
    equivalent: blocks.equivalent && groups.equivalent,
    layers: [...blocks.layers, ...groups.layers],
    firstDivergentLayer: blocks.firstDivergentLayer ?? groups.firstDivergentLayer,
  };
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
export function printGroupReport({ equivalent, layers, groups, problems, remarks, left, toleranceReason }: GroupReport): void {
  const ofGroups = new Set(groups.flatMap(({ modules }) => modules.map(({ weight }) => pathOf(weight))));
  const blocks = layers.filter(({ path }) => !ofGroups.has(path));
  blocks.forEach((layer) => print(blockLine(layer)));
  for (const { prefix, recipe, refusal, modules } of groups) {
    if (refusal !== null) print(`differs   ${prefix || 'the whole file'} (${recipe}): ${refusal}`);
    for (const module of modules) print(moduleLine(recipe, module));
  }
  problems.forEach((problem) => print(`differs   ${problem}`));
  remarks.forEach((text) => print(`odd       ${text}`));
  left.forEach((one) => print(leftLine(one)));
  print(`tolerance: ${toleranceReason}`);
  const counted = [
    ...(blocks.length > 0 ? [`${blocks.length} RepMLP`] : []),
    `${groups.length} ${groups.length === 1 ? 'group' : 'groups'}`,
  ];
  print(equivalent ? `equivalent: ${counted.join(', ')}` : 'NOT equivalent');
}

function blockLine({ path, equivalent, maxAbs, maxRel, tolerance }: LayerComparison): string {
  const numbers = `max abs ${maxAbs.toExponential(1)}, relative ${maxRel.toExponential(1)}, tolerance ${tolerance.toExponential(1)}`;
  return `${equivalent ? 'equal     ' : 'differs   '}${path || 'the whole file'} (RepMLP block): ${numbers}`;
}

function moduleLine(recipe: string, { weight, equivalent, regions, problem }: ModuleVerdict): string {
  const numbers = regions.map(
    ({ region, maxAbs, worstShare }) => `${region} ${maxAbs.toExponential(1)} (${worstShare.toPrecision(2)} of what is admitted)`,
  );
  return `${equivalent ? 'equal     ' : 'differs   '}${pathOf(weight)} (${recipe}): ${problem ?? numbers.join(', ')}`;
}
