// One group of tensors through the evaluator: parts become maps and norms, the steps run, the merged modules come out in
// double precision, not yet rounded.
import { UserError } from '../../base/user-error';
import type { NamedTensors, Tensor } from '../../tensor/tensor';
import { mapOfTensor, type AffineMap, type Norm } from './algebra/affine-map';
import { normOf } from './algebra/batch-norm-folds';
import type { BoundPart, Group } from './bind-group';
import { appliesAlgebra, appliesMagnitudes, runSteps, type Lane, type Values } from './evaluate';
import { nameAt } from './key-pattern';
import { Refusal } from './algebra/refusal';
import { missingText, settingsFor, type GivenSettings } from './settings';

/** What the parts of a group are read from, and how. */
interface Reading {
  readonly weights: NamedTensors;
  readonly given: GivenSettings;
  readonly scope: ReadonlyMap<string, number>;
  /** Magnitudes in place of numbers. */
  readonly absolute: boolean;
}

/** The values of a group's parts. Throws Refusal where a setting is missing, UserError where a tensor is. */
export function partsOf(group: Group, weights: NamedTensors, given: GivenSettings, absolute = false): Values<AffineMap> {
  const { values, missing } = settingsFor(group, given);
  if (missing.length > 0) throw new Refusal(missingText(group.recipe, missing));
  const scope = new Map([...group.sizes, ...values]);
  const reading = { weights, given, scope, absolute };
  const [maps, norms]: [Map<string, Lane<AffineMap>[]>, Map<string, Lane<Norm>[]>] = [new Map(), new Map()];
  for (const [name, part] of Object.entries(group.recipe.parts)) {
    const bound = group.parts.get(name) ?? [];
    if (part.kind === 'norm')
      norms.set(
        name,
        bound.map((one) => ({ indexes: one.indexes, value: normAt(group, part.at, one, reading) })),
      );
    else
      maps.set(
        name,
        bound.map(({ indexes, names }) => ({ indexes, value: mapAt(names, weights, absolute) })),
      );
  }
  return { maps, norms, scope };
}

function tensorAt(weights: NamedTensors, name: string): Tensor {
  const tensor = weights.get(name);
  if (!tensor) throw new UserError(`the weights have no tensor '${name}'`);
  return tensor;
}

function mapAt(names: BoundPart['names'], weights: NamedTensors, absolute: boolean): AffineMap {
  const bias = names.weight && names.bias ? tensorAt(weights, names.bias) : null;
  return mapOfTensor(tensorAt(weights, names.weight ?? names.tensor), bias, absolute);
}

/** The norms of one part; an eps said of a norm's own module (`<its path>:eps`) counts before that of the group. */
function normAt(group: Group, at: string, { indexes, names }: BoundPart, { weights, given, scope, absolute }: Reading): Norm {
  const path = nameAt(at, group.prefix, indexes);
  const eps = given[`${path}:eps`] ?? scope.get('eps');
  if (eps === undefined) throw new Refusal('the recipe folds a batch norm and has no setting eps');
  const stored = {
    at: path,
    gamma: names.weight ? tensorAt(weights, names.weight) : null,
    beta: names.bias ? tensorAt(weights, names.bias) : null,
    mean: tensorAt(weights, names.mean),
    variance: tensorAt(weights, names.variance),
  };
  return normOf(stored, eps, absolute);
}

/** A group's values after all steps: every step's arrays can be read from `values.maps`. Throws Refusal where it cannot be merged exactly. */
export function evaluated(group: Group, weights: NamedTensors, given: GivenSettings): Values<AffineMap> {
  const values = partsOf(group, weights, given);
  runSteps(group.recipe.steps, values, appliesAlgebra, Object.values(group.recipe.merged));
  return values;
}

/** The same with every number its magnitude: what the merged numbers were added up from, for bounds of rounding. */
export function magnitudes(group: Group, weights: NamedTensors, given: GivenSettings): Values<AffineMap> {
  const values = partsOf(group, weights, given, true);
  runSteps(group.recipe.steps, values, appliesMagnitudes, Object.values(group.recipe.merged));
  return values;
}

/** A merged module: where its tensors go and the map they hold. */
export interface MergedModule {
  readonly module: string;
  readonly weight: string;
  readonly bias: string;
  readonly map: AffineMap;
}

/** The merged modules of a group in the recipe's order; a module that the block does not have is left out. */
export function mergedModules({ recipe, prefix }: Group, values: Values<AffineMap>): MergedModule[] {
  const modules = Object.entries(recipe.merged).flatMap(([module, step]) => {
    const at = (part: string): string => nameAt(module === '' ? part : `${module}.${part}`, prefix);
    return (values.maps.get(step) ?? []).map(({ value }) => ({ module, weight: at('weight'), bias: at('bias'), map: value }));
  });
  if (modules.length === 0) throw new Refusal('none of the branches of this family is there');
  return modules;
}
