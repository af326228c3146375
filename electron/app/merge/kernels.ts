// The kernels and matrices that the blocks of a file of an unknown network are once merged: what cost and patterns look at there.
// A file that is merged already is looked at as it is.
import type { Understanding } from '@shared/model/recognise/understand';
import { isKernel } from '@shared/merge/kernel-matrix';
import { countedKernel, type MergedLayer, type TrainLayers } from '@shared/cost/family-ledgers';
import { trainLayersOf } from '@shared/cost/train-layers';
import type { Group } from '@shared/merge/recipes/bind-group';
import type { Left } from '@shared/merge/recipes/find-groups';
import { placeText } from '@shared/merge/recipes/summaries';
import type { NamedTensors, Tensor } from '@shared/tensor/tensor';
import { groupsInFile, mergeFamilies, planOf, type FamilyFile, type RunMergeSteps } from './families';
import type { RecipeChoice } from './recipe-groups';

/** One merged layer; at path '' where it is the whole file. */
export interface MergedKernel extends MergedLayer {
  /** The name of its weight. */
  readonly name: string;
  readonly recipe: string;
  readonly weight: Tensor;
  /** Whether the file holds it as it is. */
  readonly stands: boolean;
}

/** The merged layers of a file, in its order, what they were before, and what was left. */
export interface MergedKernels {
  readonly kernels: readonly MergedKernel[];
  readonly train: TrainLayers;
  readonly left: readonly Left[];
}

/** Merges the groups of a file and lists its merged layers; null where the file has none, merged or not. Rejects with UserError where there are groups and none can be merged. */
export async function mergedKernels(
  file: FamilyFile,
  understood: Understanding,
  choice: RecipeChoice,
  read: () => Promise<NamedTensors>,
  run: RunMergeSteps,
): Promise<MergedKernels | null> {
  if (understood.spec !== null) return null;
  const chosen = await groupsInFile(file, understood, choice);
  const { found } = chosen;
  const standing = found.groups.filter(({ form }) => form === 'merged');
  const isMerged = standing.length > 0 && standing.length === found.groups.length;
  const plan = isMerged ? null : planOf(file, understood, choice, chosen);
  if (plan === null && standing.length === 0) return null;
  const { weights, groups, left } = plan
    ? await mergeFamilies(plan, await read(), run)
    : { weights: await read(), groups: [], left: found.left };
  const recipes = new Map([
    ...groups.flatMap(({ recipe, tensors }) => tensors.map((name) => [name, recipe] as const)),
    ...standing.flatMap(({ recipe, claims }) => claims.map((name) => [name, recipe.name] as const)),
  ]);
  const names = new Set(standing.flatMap(({ claims }) => claims));
  const kernels = [...weights].flatMap(([name, tensor]) => kernelAt(name, tensor, weights, recipes.get(name), names.has(name)));
  const open = found.groups.filter(({ prefix, recipe }) => groups.some((one) => one.at === prefix && one.recipe === recipe.name));
  return { kernels, train: trainOf(file, open, kernels), left };
}

function kernelAt(name: string, weight: Tensor, weights: NamedTensors, recipe: string | undefined, stands: boolean): MergedKernel[] {
  if (recipe === undefined || !(isKernel(weight.shape) || weight.shape.length === 2)) return [];
  const path = name.replace(/\.?weight$/, '');
  return [{ path, name, recipe, weight, shape: weight.shape, hasBias: weights.has(path === '' ? 'bias' : `${path}.bias`), stands }];
}

/** The training form of the merged groups; layers that stand merged in the file are the same in both forms. */
function trainOf(file: FamilyFile, groups: readonly Group[], kernels: readonly MergedKernel[]): TrainLayers {
  if (groups.length === 0) return { layers: null, reason: 'the file holds its groups in merged form alone' };
  const shapes = new Map(file.tensors.map((info) => [info.name, info]));
  const told = groups.map((group) => ({ group, layers: trainLayersOf(group, shapes) }));
  const silent = told.filter(({ layers }) => layers === null).map(({ group }) => group);
  if (silent.length > 0)
    return {
      layers: null,
      reason: `its recipe does not tell what ${placeText(silent[0].prefix)} (${silent[0].recipe.name}) runs in training form${
        silent.length > 1 ? `, nor what ${silent.length - 1} more groups do` : ''
      }: the kernel is computed from others at every step`,
    };
  return { layers: [...told.flatMap(({ layers }) => layers ?? []), ...kernels.filter(({ stands }) => stands).map(countedKernel)] };
}
