// repmlp merge for networks that are not known as a whole: the groups that merge recipes know, each where it stands, beside
// the RepMLP blocks. What is left is said with its reason; where nothing can be merged, nothing is written.
import type { CheckpointFile } from '@shared/checkpoint/checkpoint-file';
import { UserError } from '@shared/base/user-error';
import { mergeCheckpoint, readCheckpoint } from '@shared/merge/merge-checkpoint';
import { runSteps } from '@shared/merge/merge-network';
import type { Left } from '@shared/merge/recipes/find-groups';
import { mergeGroups, type MergedGroup } from '@shared/merge/recipes/merge-groups';
import type { Understanding } from '@shared/model/recognise/understand';
import { tensorInfos, type NamedTensors } from '@shared/tensor/tensor';
import { chosenSet } from '../../app/checkpoint/weight-sets-text';
import { chooseGroups, configBeside, takenByBlocks } from '../../app/merge/recipe-groups';
import { openWeights } from '../network';
import { readShown, type StatusLine } from '../progress';
import { remark, type RecipeOptions } from '../verb';
import { commonFloatType, watchMerge, type GroupSummary, type LeftSummary, type MergedFile, type MergeVerbOptions } from './merged-file';

/** One merged group in a line. */
export function groupLine({ at, family, recipe, assumed }: GroupSummary): string {
  return `  ${at || 'the whole file'}: ${family} (${recipe})${assumed.length > 0 ? `; assumed ${assumed.join(', ')}` : ''}`;
}

/** What was left, in a line. */
export function leftLine({ at, recipe, reason }: LeftSummary): string {
  return `left as it is: ${at || 'the whole file'}${recipe === null ? '' : ` (${recipe})`}: ${reason}`;
}

export function leftSummaries(left: readonly Left[]): LeftSummary[] {
  return left.map(({ at, recipe, reason }) => ({ at, recipe, reason }));
}

/** A network's tensors with those of an adapter's file. Throws UserError where both hold a name. */
export async function withAdapter(weights: NamedTensors, { adapter }: RecipeOptions, status: StatusLine): Promise<NamedTensors> {
  if (adapter === undefined) return weights;
  const file = await openWeights(adapter);
  try {
    const added = await readShown(file, status);
    const both = [...added.keys()].find((name) => weights.has(name));
    if (both !== undefined)
      throw new UserError(`${adapter} and the network's file both hold ${both}: give the adapter's own file with --adapter`);
    return new Map([...weights, ...added]);
  } finally {
    await file.close();
  }
}

/** The options with the configuration that lies beside an adapter's file. */
export async function withConfigBeside<O extends RecipeOptions>(options: O): Promise<O> {
  if (options.adapter === undefined || options.adapterConfig !== undefined) return options;
  const adapterConfig = await configBeside(options.adapter);
  if (adapterConfig !== undefined) remark(`read the adapter's configuration: ${adapterConfig}`);
  return { ...options, adapterConfig };
}

/** The file merged by recipes; null where it is a known network, or holds no group to merge and nobody named a recipe. */
export async function mergeByRecipes(
  file: CheckpointFile,
  understood: Understanding,
  given: MergeVerbOptions,
  status: StatusLine,
): Promise<MergedFile | null> {
  if (understood.spec !== null && !isAsked(given)) return null;
  const options = await withConfigBeside(given);
  const taken = takenByBlocks(understood.blocks, file.tensors);
  const before = await chooseGroups(file, file.tensors, options, taken);
  const hopeful = before.found.groups.some(({ form }) => form !== 'merged') || options.adapter !== undefined;
  const blocks = understood.spec === null && understood.blocks.some(({ block }) => block.form === 'train');
  if (!hopeful)
    return blocks || before.found.left.every(({ recipe }) => recipe === null) ? null : nothing(file.fileName, before.found.left);
  const weights = await withAdapter(await readShown(file, status), options, status);
  const start = performance.now();
  const [mergedLayers, onProgress] = watchMerge(status);
  const inside = blocks ? runSteps(mergeCheckpoint(readCheckpoint(understood, weights), { onProgress }), { onProgress }).stored : weights;
  const { found, settings } = await chooseGroups(file, tensorInfos(inside), options, taken);
  const { weights: merged, merged: groups, left } = mergeGroups(inside, found, { settings, onProgress });
  const milliseconds = performance.now() - start;
  status.clear();
  if (groups.length === 0 && !blocks) return nothing(file.fileName, left);
  const said = blocks ? understood.said : [];
  [...said, ...left.map((one) => leftLine(one))].forEach(remark);
  return {
    model: null,
    form: 'merged',
    mergedLayers: mergedLayers.filter((layer) => !left.some(({ at }) => at !== '' && at === layer)),
    milliseconds,
    said,
    weights: merged,
    storedType: commonFloatType(file.tensors),
    metadata: {},
    set: chosenSet(file),
    kept: { spec: null, blocks: [], others: new Map(), questions: [] },
    groups: groups.map(summaryOf),
    left: leftSummaries(left),
  };
}

function isAsked({ recipe = [], setting = [], adapter }: RecipeOptions): boolean {
  return recipe.length > 0 || setting.length > 0 || adapter !== undefined;
}

function nothing(fileName: string, left: readonly Left[]): never {
  const told = left.length === 0 ? ['no group of a known family was found'] : left.slice(0, 3).map((one) => leftLine(one));
  const more = left.length > 3 ? `; and ${left.length - 3} more, which inspect lists` : '';
  throw new UserError(`${fileName}: nothing was merged; ${told.join('; ')}${more}`);
}

function summaryOf({ group: { prefix, recipe }, tensors, assumed }: MergedGroup): GroupSummary {
  return { at: prefix, recipe: recipe.name, family: recipe.family, tensors, assumed };
}
