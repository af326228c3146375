// repmlp merge for networks that are not known as a whole: the groups that merge recipes know, each where it stands, beside
// the RepMLP blocks. What is left is said with its reason; where nothing can be merged, nothing is written.
import type { CheckpointFile } from '@shared/checkpoint/checkpoint-file';
import { joinedFile } from '@shared/checkpoint/joined-file';
import { runSteps } from '@shared/merge/merge-network';
import { leftLine, leftSummaries, placeText, type GroupSummary } from '@shared/merge/recipes/summaries';
import type { Understanding } from '@shared/model/recognise/understand';
import { chosenSet } from '../../app/checkpoint/weight-sets-text';
import { mergedLayersOf, mergeFamilies, planFamilies } from '../../app/merge/families';
import { configBeside } from '../../app/merge/recipe-groups';
import { openWeights } from '../network';
import { readShown, type StatusLine } from '../progress';
import { remark, type RecipeOptions } from '../verb';
import { commonFloatType, watchMerge, type MergedFile, type MergeVerbOptions } from './merged-file';

/** One merged group in a line. */
export function groupLine({ at, family, recipe, assumed }: GroupSummary): string {
  return `  ${placeText(at)}: ${family} (${recipe})${assumed.length > 0 ? `; assumed ${assumed.join(', ')}` : ''}`;
}

/** Runs `use` on a network's file with the tensors of an adapter's. Rejects with UserError where both hold a name. */
export async function withAdapter<T>(
  file: CheckpointFile,
  { adapter }: RecipeOptions,
  use: (file: CheckpointFile) => Promise<T>,
): Promise<T> {
  if (adapter === undefined) return use(file);
  const added = await openWeights(adapter);
  try {
    return await use(joinedFile(file, added));
  } finally {
    await added.close();
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
  const options = await withConfigBeside(given);
  return withAdapter(file, options, (joined) => mergeJoined(joined, understood, options, status));
}

async function mergeJoined(
  file: CheckpointFile,
  understood: Understanding,
  options: MergeVerbOptions,
  status: StatusLine,
): Promise<MergedFile | null> {
  const plan = await planFamilies(file, understood, options, { adapter: options.adapter !== undefined, asked: isAsked(options) });
  if (plan === null) return null;
  const weights = await readShown(file, status);
  const start = performance.now();
  const [mergedLayers, onProgress] = watchMerge(status);
  const { weights: merged, groups, left } = await mergeFamilies(plan, weights, (steps) => runSteps(steps, { onProgress }));
  const milliseconds = performance.now() - start;
  status.clear();
  const said = plan.blocks ? understood.said : [];
  [...said, ...left.map(leftLine)].forEach(remark);
  return {
    model: null,
    form: 'merged',
    mergedLayers: mergedLayersOf(mergedLayers, left),
    milliseconds,
    said,
    weights: merged,
    storedType: commonFloatType(file.tensors),
    metadata: {},
    set: chosenSet(file),
    kept: { spec: null, blocks: [], others: new Map(), questions: [] },
    groups,
    left: leftSummaries(left),
  };
}

function isAsked({ recipe = [], setting = [], adapter }: RecipeOptions): boolean {
  return recipe.length > 0 || setting.length > 0 || adapter !== undefined;
}
