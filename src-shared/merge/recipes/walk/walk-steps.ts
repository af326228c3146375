// The steps of one group's merge with their arrays, before and after each: what a person walks through. Arrays are computed
// when asked for.
import type { NamedTensors } from '../../../tensor/tensor';
import { rowsOf, type AffineMap, type Norm } from '../algebra/affine-map';
import type { Group } from '../bind-group';
import { operandsOf, type Lane } from '../evaluate';
import { evaluated } from '../evaluate-group';
import type { Indexes } from '../key-pattern';
import type { Step } from '../schema';
import type { GivenSettings } from '../settings';

/** One array of a step: of one branch where the step runs over several. */
export interface StepArray {
  /** Name of the part or step that it is. */
  readonly name: string;
  readonly indexes: Indexes;
  readonly shape: readonly number[];
  readonly bias: Float64Array | null;
  /** The weight's values of output channels from..to-1, in double precision. */
  rows(from: number, to: number): Float64Array;
}

/** A batch norm as a step applies it: y = scale x + shift, a value per channel. */
export interface StepNorm {
  readonly name: string;
  readonly indexes: Indexes;
  readonly scale: Float64Array;
  readonly shift: Float64Array;
}

/** One step as it ran: no arrays where the block has nothing it works on. */
export interface WalkedStep {
  readonly name: string;
  readonly op: Step['op'];
  readonly explain: string;
  /** What it works on; what only gives it a size is not among them. */
  readonly operands: readonly StepArray[];
  readonly norms: readonly StepNorm[];
  readonly arrays: readonly StepArray[];
  /** The module of the merged form that this step is; null for steps in between. */
  readonly merged: string | null;
}

/** All steps of a group in the recipe's order. Throws Refusal where it cannot be merged exactly. */
export function walkSteps(group: Group, weights: NamedTensors, settings: GivenSettings = {}): WalkedStep[] {
  const { maps, norms } = evaluated(group, weights, settings);
  const modules = new Map(Object.entries(group.recipe.merged).map(([module, step]) => [step, module]));
  const arraysOf = (name: string): StepArray[] => (maps.get(name) ?? []).map((lane) => arrayOf(name, lane));
  return group.recipe.steps.map((step) => {
    const { norm } = operandsOf(step);
    const arrays = arraysOf(step.name);
    return {
      ...{ name: step.name, op: step.op, explain: step.explain, merged: modules.get(step.name) ?? null, arrays },
      operands: arrays.length === 0 ? [] : changedBy(step).flatMap(arraysOf),
      norms: norm === null || arrays.length === 0 ? [] : (norms.get(norm) ?? []).map((lane) => normOf(norm, lane)),
    };
  });
}

/** The names of what a step works on, without the one that it only takes a size from. */
function changedBy(step: Step): string[] {
  const names = [...new Set(operandsOf(step).maps)];
  return 'like' in step ? names.filter((name) => name !== step.like || ('of' in step && step.of === name)) : names;
}

function arrayOf(name: string, { indexes, value }: Lane<AffineMap>): StepArray {
  return { name, indexes, shape: value.shape, bias: value.bias, rows: (from, to) => rowsOf(value, from, to) };
}

function normOf(name: string, { indexes, value }: Lane<Norm>): StepNorm {
  return { name, indexes, scale: value.scale, shift: value.shift };
}
