// The steps of one group's merge with their arrays: what a person walks through. Arrays are computed when asked for.
import type { NamedTensors } from '../../tensor/tensor';
import { rowsOf } from './algebra/affine-map';
import type { Group } from './bind-group';
import { evaluated } from './evaluate-group';
import type { Indexes } from './key-pattern';
import type { Step } from './schema';
import type { GivenSettings } from './settings';

/** One array of a step: of one branch where the step runs over several. */
export interface StepArray {
  readonly indexes: Indexes;
  readonly shape: readonly number[];
  readonly bias: Float64Array | null;
  /** The weight's values of output channels from..to-1, in double precision. */
  rows(from: number, to: number): Float64Array;
}

/** One step as it ran: an empty list of arrays where the block has nothing it works on. */
export interface WalkedStep {
  readonly name: string;
  readonly op: Step['op'];
  readonly explain: string;
  readonly arrays: readonly StepArray[];
  /** The module of the merged form that this step is; null for steps in between. */
  readonly merged: string | null;
}

/** All steps of a group in the recipe's order. Throws Refusal where it cannot be merged exactly. */
export function walkSteps(group: Group, weights: NamedTensors, settings: GivenSettings = {}): WalkedStep[] {
  const { maps } = evaluated(group, weights, settings);
  const modules = new Map(Object.entries(group.recipe.merged).map(([module, step]) => [step, module]));
  return group.recipe.steps.map(({ name, op, explain }) => ({
    ...{ name, op, explain, merged: modules.get(name) ?? null },
    arrays: (maps.get(name) ?? []).map(({ indexes, value }) => ({
      indexes,
      shape: value.shape,
      bias: value.bias,
      rows: (from, to) => rowsOf(value, from, to),
    })),
  }));
}
