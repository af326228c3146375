// The kernels and matrices that the blocks of a file of an unknown network are once merged: what cost and patterns look at there.
// A file that is merged already is looked at as it is.
import type { Understanding } from '@shared/model/recognise/understand';
import { isKernel } from '@shared/merge/kernel-matrix';
import type { Left } from '@shared/merge/recipes/find-groups';
import type { NamedTensors, Tensor } from '@shared/tensor/tensor';
import { groupsInFile, mergeFamilies, planOf, type FamilyFile, type RunMergeSteps } from './families';
import type { RecipeChoice } from './recipe-groups';

/** One merged layer. */
export interface MergedKernel {
  /** Its module, empty where it is the whole file. */
  readonly path: string;
  readonly recipe: string;
  readonly weight: Tensor;
  readonly hasBias: boolean;
}

/** The merged layers of a file, in its order, and what was left. */
export interface MergedKernels {
  readonly kernels: readonly MergedKernel[];
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
  return { kernels: [...weights].flatMap(([name, tensor]) => kernelAt(name, tensor, weights, recipes.get(name))), left };
}

function kernelAt(name: string, weight: Tensor, weights: NamedTensors, recipe: string | undefined): MergedKernel[] {
  if (recipe === undefined || !(isKernel(weight.shape) || weight.shape.length === 2)) return [];
  const path = name.replace(/\.?weight$/, '');
  return [{ path, recipe, weight, hasBias: weights.has(path === '' ? 'bias' : `${path}.bias`) }];
}
