// The merge of a file by recipes, whoever asks: the groups that recipes know, each where it stands, beside the RepMLP blocks.
// Invariant: where nothing can be merged, that is an error with the reasons, found before any value is read where it can be.
import type { CheckpointFile } from '@shared/checkpoint/checkpoint-file';
import { UserError } from '@shared/base/user-error';
import { mergeCheckpoint, readCheckpoint } from '@shared/merge/merge-checkpoint';
import type { Left } from '@shared/merge/recipes/find-groups';
import { mergeGroupsStepwise } from '@shared/merge/recipes/merge-groups';
import { groupSummary, leftLine, type GroupSummary } from '@shared/merge/recipes/summaries';
import type { MergeProgress, VerifyReport } from '@shared/merge/report';
import type { BlockInside } from '@shared/model/recognise/recognise';
import type { Understanding } from '@shared/model/recognise/understand';
import { groupReport, type GroupReport } from '@shared/proof/recipes/group-report';
import { verifyFileStepwise } from '@shared/proof/recipes/verify-file';
import { tensorInfos, type NamedTensors, type Tensor } from '@shared/tensor/tensor';
import { chooseGroups, takenByBlocks, type ChosenGroups, type RecipeChoice } from './recipe-groups';

/** What of a file recipes look at. */
export type FamilyFile = Pick<CheckpointFile, 'fileName' | 'tensors' | 'moduleSettings'>;

/** What the merge of a file by recipes will do, seen from its directory alone. */
export interface FamilyPlan {
  readonly file: FamilyFile;
  readonly understood: Understanding;
  readonly choice: RecipeChoice;
  /** RepMLP blocks in train form stand beside the groups: they are merged first. */
  readonly blocks: boolean;
  readonly chosen: ChosenGroups;
}

/** How a plan is asked for. */
export interface PlanOptions {
  /** Tensors of another file join before the merge, so that a file without groups may have some then. */
  readonly adapter?: boolean;
  /** The user named recipes: they are used on a network that is known, too. */
  readonly asked?: boolean;
}

/**
 * The plan for a file; null where its network is known, or it holds no group of a known family: recipes are not meant then.
 * Rejects with UserError, giving the reasons, where there are groups and none can be merged.
 */
export async function planFamilies(
  file: FamilyFile,
  understood: Understanding,
  choice: RecipeChoice,
  { adapter = false, asked = false }: PlanOptions = {},
): Promise<FamilyPlan | null> {
  if (understood.spec !== null && !asked) return null;
  return planOf(file, understood, choice, await groupsInFile(file, understood, choice), adapter);
}

/** The groups of a file as its directory has them. */
export function groupsInFile(file: FamilyFile, { blocks }: Understanding, choice: RecipeChoice): Promise<ChosenGroups> {
  return chooseGroups(file, file.tensors, choice, takenByBlocks(blocks, file.tensors));
}

/** The plan for groups that were found; as `planFamilies`. */
export function planOf(
  file: FamilyFile,
  understood: Understanding,
  choice: RecipeChoice,
  chosen: ChosenGroups,
  adapter = false,
): FamilyPlan | null {
  const { groups, left } = chosen.found;
  const blocks = understood.spec === null && understood.blocks.some(({ block }) => block.form === 'train');
  if (adapter || groups.some(({ form }) => form !== 'merged')) return { file, understood, choice, blocks, chosen };
  if (blocks || left.every(({ recipe }) => recipe === null)) return null;
  throw nothingMerged(file.fileName, left);
}

/**
 * The plan by which a merged file is judged against this one; null where the network is known, or there is no group of a known
 * family. Beside RepMLP blocks a group has to be there to be judged; without them what was left is told as well.
 */
export async function planToVerify(
  file: FamilyFile,
  understood: Understanding,
  choice: RecipeChoice,
  { adapter = false }: PlanOptions = {},
): Promise<FamilyPlan | null> {
  if (understood.spec !== null) return null;
  const chosen = await groupsInFile(file, understood, choice);
  const { groups, left } = chosen.found;
  const blocks = understood.blocks.some(({ block }) => block.form === 'train');
  const hopeful = adapter || groups.some(({ form }) => form !== 'merged') || (!blocks && left.some(({ recipe }) => recipe !== null));
  return hopeful ? { file, understood, choice, blocks, chosen } : null;
}

/** Runs steps to their end, telling of each: at once, or giving way in between. */
export type RunMergeSteps = <T>(steps: Generator<MergeProgress, T>) => T | Promise<T>;

/** A file merged by recipes. */
export interface MergedFamilies {
  readonly weights: NamedTensors;
  readonly groups: readonly GroupSummary[];
  readonly left: readonly Left[];
}

/** Merges what was planned; `weights` are the file's tensors, with those of an adapter. Rejects with UserError where nothing could be merged. */
export async function mergeFamilies(plan: FamilyPlan, weights: NamedTensors, run: RunMergeSteps): Promise<MergedFamilies> {
  const { file, understood, blocks } = plan;
  const inside = blocks ? (await run(mergeCheckpoint(readCheckpoint(understood, weights), {}))).stored : weights;
  const { found, settings } = await groupsOf(plan, inside);
  const { weights: merged, merged: groups, left } = await run(mergeGroupsStepwise(inside, found, settings));
  if (groups.length === 0 && !blocks) throw nothingMerged(file.fileName, left);
  return { weights: merged, groups: groups.map(groupSummary), left };
}

/** The groups of a plan's file, once its tensors are there. */
export function groupsOf({ file, understood, choice }: FamilyPlan, weights: NamedTensors): Promise<ChosenGroups> {
  return chooseGroups(file, tensorInfos(weights), choice, takenByBlocks(understood.blocks, file.tensors));
}

/** Layers that a merge told of, without those that it left in the end. */
export function mergedLayersOf(told: readonly string[], left: readonly Left[]): string[] {
  return told.filter((layer) => !left.some(({ at }) => at !== '' && at === layer));
}

/** The verdict on the groups of a file, and the tensors of its RepMLP blocks, which have a verdict of their own. */
export interface JudgedFamilies {
  readonly report: GroupReport;
  /** The merged file's tensors with everything beside the RepMLP blocks as the training file has it; null where there is no block. */
  readonly blocks: { readonly train: NamedTensors; readonly merged: NamedTensors } | null;
}

/** The verdict on a file merged by recipes, here or elsewhere. The plan is that of the training form, whose tensors `train` are. */
export async function verifyFamilies(
  plan: FamilyPlan,
  { train, merged, seed }: { readonly train: NamedTensors; readonly merged: NamedTensors; readonly seed: number },
  run: RunMergeSteps,
): Promise<JudgedFamilies> {
  const { found, settings } = await groupsOf(plan, train);
  const blocks = plan.understood.blocks.filter(({ block }) => block.form === 'train');
  const [, besideTrain] = divided(train, blocks);
  const [inside, beside] = divided(merged, blocks);
  const report = groupReport(await run(verifyFileStepwise(besideTrain, beside, found, settings, seed)), seed);
  return { report, blocks: plan.blocks ? { train, merged: new Map([...besideTrain, ...inside]) } : null };
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

function nothingMerged(fileName: string, left: readonly Left[]): UserError {
  const told = left.length === 0 ? ['no group of a known family was found'] : left.slice(0, 3).map(leftLine);
  const more = left.length > 3 ? `; and ${left.length - 3} more, which inspect lists` : '';
  return new UserError(`${fileName}: nothing was merged; ${told.join('; ')}${more}`);
}
