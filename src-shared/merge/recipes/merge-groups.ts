// Merges every group where it stands in a state dict, in double precision rounded once to the type of the group's weights.
// Invariants: the input is never changed; what cannot be merged exactly stays, every tensor of it, with the reason.
import type { DType, NamedTensors, Tensor } from '../../tensor/tensor';
import { mapOfValues } from './algebra/affine-map';
import type { Group } from './bind-group';
import { evaluated, mergedModules } from './evaluate-group';
import type { FoundGroups, Left } from './find-groups';
import { nameAt } from './key-pattern';
import { Refusal } from './algebra/refusal';
import { roundedRows, type FloatName } from './algebra/rounding';
import { settingsFor, type GivenSettings } from './settings';
import { leftOverDifference } from './left-over';

/** One merged group and what was assumed for it. */
export interface MergedGroup {
  readonly group: Group;
  /** Names of the merged tensors. */
  readonly tensors: readonly string[];
  /** What the weights do not say and was taken as usual: `eps = 1e-5`, or the recipe's own assumption. */
  readonly assumed: readonly string[];
}

/** A state dict with its groups merged. */
export interface MergedGroups {
  readonly weights: NamedTensors;
  readonly merged: readonly MergedGroup[];
  readonly left: readonly Left[];
}

/** What is done while a merge runs. */
export interface MergeGroupsOptions {
  readonly settings?: GivenSettings;
  readonly onProgress?: (progress: { readonly done: number; readonly total: number; readonly layer: string }) => void;
}

/** Merges the groups of `found` (those in train form, and left-over branches of merged ones). */
export function mergeGroups(weights: NamedTensors, found: FoundGroups, options: MergeGroupsOptions = {}): MergedGroups {
  const steps = mergeGroupsStepwise(weights, found, options.settings);
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
    options.onProgress?.(value);
  }
}

/** `mergeGroups` as a sequence: yields after each group. */
export function* mergeGroupsStepwise(
  weights: NamedTensors,
  { groups, left }: FoundGroups,
  settings: GivenSettings = {},
): Generator<{ done: number; total: number; layer: string }, MergedGroups> {
  const open = groups.filter(({ form }) => form !== 'merged');
  const [merged, refused]: [(MergedGroup & { readonly values: ReadonlyMap<string, Tensor> })[], Left[]] = [[], []];
  for (const [index, group] of open.entries()) {
    try {
      const values = mergedTensors(group, weights, settings);
      merged.push({ group, values, tensors: [...values.keys()], assumed: assumptions(group, settings) });
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      refused.push({ at: group.prefix, recipe: group.recipe.name, reason: error.message, tensors: group.claims });
    }
    yield { done: index + 1, total: open.length, layer: group.prefix || group.recipe.title };
  }
  const { kept, alsoRefused } = withoutHalf(merged, refused);
  return {
    weights: replaced(weights, kept),
    merged: kept.map(({ group, tensors, assumed }) => ({ group, tensors, assumed })),
    left: [...left, ...alsoRefused],
  };
}

/** Groups of an all-or-none recipe stay where one of them was refused. */
function withoutHalf<M extends MergedGroup>(merged: readonly M[], refused: readonly Left[]): { kept: M[]; alsoRefused: Left[] } {
  const culprit = ({ recipe }: Group): Left | undefined =>
    recipe.allOrNone ? refused.find((left) => left.recipe === recipe.name) : undefined;
  const kept = merged.filter(({ group }) => culprit(group) === undefined);
  const dropped = merged.filter(({ group }) => culprit(group) !== undefined);
  const also = dropped.map(({ group }) => ({
    at: group.prefix,
    recipe: group.recipe.name,
    reason: `${culprit(group)?.at} of the same file does not fit (${culprit(group)?.reason}), so this may only seem to`,
    tensors: group.claims,
  }));
  return { kept, alsoRefused: [...refused, ...also] };
}

/** The merged tensors of one group. Throws Refusal where it cannot be merged exactly. */
export function mergedTensors(group: Group, weights: NamedTensors, settings: GivenSettings = {}): ReadonlyMap<string, Tensor> {
  const dtype = storedType(group, weights);
  const result = new Map<string, Tensor>();
  for (const { weight, bias, map } of mergedModules(group, evaluated(group, weights, settings))) {
    result.set(weight, { shape: map.shape, dtype, data: roundedRows(map, dtype, weight) });
    if (map.bias)
      result.set(bias, { shape: [map.bias.length], dtype, data: roundedRows(mapOfValues([map.bias.length], map.bias, null), dtype, bias) });
  }
  if (group.form === 'both') {
    const difference = leftOverDifference(result, weights);
    if (difference !== null) throw new Refusal(difference);
  }
  return result;
}

/** The floating type of the first layer of a group: what its merged tensors are stored in. */
function storedType({ recipe, parts }: Group, weights: NamedTensors): FloatName {
  for (const [name, part] of Object.entries(recipe.parts)) {
    if (part.kind === 'norm') continue;
    const names = parts.get(name)?.[0]?.names;
    const dtype: DType | undefined = weights.get(names?.weight ?? names?.tensor ?? '')?.dtype;
    if (dtype === 'float64' || dtype === 'float32' || dtype === 'float16' || dtype === 'bfloat16') return dtype;
  }
  return 'float32';
}

function assumptions(group: Group, settings: GivenSettings): string[] {
  const { values, assumed } = settingsFor(group, settings);
  const open = assumed.filter((name) => name !== 'eps' || !normPaths(group).every((path) => settings[`${path}:eps`] !== undefined));
  const because = (name: string): string => {
    const evident = group.usual?.get(name);
    return evident === undefined ? '' : ` (${evident.says})`;
  };
  const numbers = open.map((name) => `${name} = ${values.get(name)}${because(name)}`);
  return group.recipe.assumes === undefined ? numbers : [...numbers, group.recipe.assumes];
}

function normPaths({ recipe, prefix, parts }: Group): string[] {
  return Object.entries(recipe.parts).flatMap(([name, part]) =>
    part.kind === 'norm' ? (parts.get(name) ?? []).map(({ indexes }) => nameAt(part.at, prefix, indexes)) : [],
  );
}

/** The state dict with merged tensors in the place of each group's first tensor. */
function replaced(
  weights: NamedTensors,
  merged: readonly { readonly group: Group; readonly values: ReadonlyMap<string, Tensor> }[],
): NamedTensors {
  const at = new Map(merged.map(({ group, values }) => [group.claims[0], values]));
  const gone = new Set(merged.flatMap(({ group, values }) => [...group.claims, ...values.keys()]));
  const strips = [...new Set(merged.flatMap(({ group }) => group.recipe.strip ?? []))];
  const result = new Map<string, Tensor>();
  for (const [name, tensor] of weights) {
    at.get(name)?.forEach((value, mergedName) => result.set(mergedName, value));
    if (gone.has(name)) continue;
    const strip = strips.find((front) => name.startsWith(front));
    result.set(strip === undefined ? name : name.slice(strip.length), tensor);
  }
  return result;
}
