// The one evaluator of recipes: runs the steps over the bound parts of a group. A value that exists several times (one per
// captured index) is a list of lanes; an operand that the group does not have makes the step absent, unless it says `keep`.
import { assertNever } from '../../base/assert-never';
import { allRows, held, rowsOf, type AffineMap, type Norm } from './algebra/affine-map';
import {
  blockDiagonal,
  convToFc,
  interleaveOutputs,
  repeatOutputs,
  reshape,
  takeInputs,
  takeOutputs,
  transpose,
} from './algebra/arrangements';
import { foldBnAfter, foldBnBefore, foldShiftBefore, scale } from './algebra/batch-norm-folds';
import { compose1x1ThenKxK, composeDepthwiseThen1x1, composeKxKThen1x1, composeRowColumn, linearThenLinear } from './algebra/compositions';
import { valueOf, type Scope } from './formula';
import { averagePoolKernel, concatGroups, dilateToDense, identityKernel, padTo, refocus, sumOf } from './algebra/kernel-operations';
import { indexText, type Indexes } from './key-pattern';
import { Refusal } from './algebra/refusal';
import type { Step } from './schema';

/** One of the values that a name stands for, with the indexes it was found at. */
export interface Lane<T> {
  readonly indexes: Indexes;
  readonly value: T;
}

/** The values of names: those of the parts at first, and each step's once it has run. An empty list: absent. */
export interface Values<T> {
  readonly maps: Map<string, readonly Lane<T>[]>;
  readonly norms: ReadonlyMap<string, readonly Lane<Norm>[]>;
  /** Sizes and settings. */
  readonly scope: Scope;
}

/** The names of a step's operands that are maps (or vectors), and the norm it applies. */
export function operandsOf(step: Step): { maps: readonly string[]; norm: string | null } {
  switch (step.op) {
    case 'foldBnAfter':
    case 'foldBnBefore':
      return { maps: [step.of], norm: step.bn };
    case 'foldShiftBefore':
      return { maps: [step.of, step.shift], norm: null };
    case 'scale':
      return { maps: [step.of, step.by], norm: null };
    case 'padTo':
      return { maps: [step.of, step.like], norm: null };
    case 'identityKernel':
    case 'averagePoolKernel':
      return { maps: [step.like], norm: null };
    case 'compose1x1ThenKxK':
    case 'composeKxKThen1x1':
    case 'composeRowColumn':
    case 'linearThenLinear':
      return { maps: [step.first, step.second], norm: null };
    case 'composeDepthwiseThen1x1':
      return { maps: [step.first, step.second, step.like], norm: null };
    case 'add':
    case 'concatGroups':
      return { maps: step.of, norm: null };
    case 'subtract':
      return { maps: [step.from, step.take], norm: null };
    case 'refocus':
      return { maps: [step.of, step.map], norm: null };
    default:
      return { maps: [step.of], norm: null };
  }
}

/** How one kind of value (a kernel, a function of inputs) takes part in a step. */
export type Applies<T> = (step: Step, maps: readonly T[], norm: Norm | null, scope: Scope) => T | null;

/**
 * Computes the steps that `wanted` ones need and keeps their lanes in `values`; a step that nothing present needs (an identity
 * without its batch norm) is never computed. Throws Refusal, naming the step, where one cannot be computed exactly.
 */
export function runSteps<T>(steps: readonly Step[], values: Values<T>, applies: Applies<T>, wanted: readonly string[]): void {
  const byName = new Map(steps.map((step) => [step.name, step]));
  const lanesAt = (name: string): readonly Lane<T>[] => {
    const known = values.maps.get(name);
    if (known) return known;
    const step = byName.get(name);
    if (!step) return [];
    const lanes = named(step, () => lanesOf(step, values, applies, lanesAt));
    values.maps.set(name, lanes);
    return lanes;
  };
  wanted.forEach(lanesAt);
}

function named<R>(step: Step, run: () => R): R {
  try {
    return run();
  } catch (error) {
    if (error instanceof Refusal && !error.message.startsWith('step ')) throw new Refusal(`step ${step.name}: ${error.message}`);
    throw error;
  }
}

function lanesOf<T>(step: Step, values: Values<T>, applies: Applies<T>, lanesAt: (name: string) => readonly Lane<T>[]): Lane<T>[] {
  const { maps, norm } = operandsOf(step);
  if (step.op === 'add' || step.op === 'concatGroups') {
    const all = maps.flatMap(lanesAt).map(({ value }) => value);
    const result = all.length === 0 ? null : applies(step, all, null, values.scope);
    return result === null ? [] : [{ indexes: {}, value: result }];
  }
  const norms = norm === null ? null : (values.norms.get(norm) ?? []);
  if (norms?.length === 0 && step.ifAbsent !== 'keep') return [];
  const operands = maps.map(lanesAt);
  if (operands.some((lanes) => lanes.length === 0) || norms?.length === 0) return absent(step, operands);
  const widest = [...operands].sort((a, b) => rank(b) - rank(a))[0];
  return widest.flatMap(({ indexes }) => {
    const scope = new Map([...values.scope, ...Object.entries(indexes)]);
    const at = operands.map((lanes) => laneAt(lanes, indexes));
    const result = applies(step, at, norms && laneAt(norms, indexes), scope);
    return result === null ? [] : [{ indexes, value: result }];
  });
}

function rank(lanes: readonly Lane<unknown>[]): number {
  return Object.keys(lanes[0].indexes).length;
}

/** What is left of a step where an operand is absent: nothing; with `keep` what the absent one would have changed or followed. */
function absent<T>(step: Step, operands: readonly (readonly Lane<T>[])[]): Lane<T>[] {
  if (step.ifAbsent !== 'keep') return [];
  const kept = isChain(step) ? operands.find((lanes) => lanes.length > 0) : operands[0];
  return [...(kept ?? [])];
}

/** Whether a step is one layer after another: where one of the two is absent, the other is the whole. */
function isChain({ op }: Step): boolean {
  return op === 'compose1x1ThenKxK' || op === 'composeKxKThen1x1' || op === 'composeRowColumn' || op === 'linearThenLinear';
}

function laneAt<T>(lanes: readonly Lane<T>[], indexes: Indexes): T {
  const lane = rank(lanes) === 0 ? lanes[0] : lanes.find((candidate) => indexText(candidate.indexes) === indexText(indexes));
  if (!lane) throw new Refusal(`there is no value for ${indexText(indexes)}`);
  return lane.value;
}

/** A step on linear maps: the algebra. */
export const appliesAlgebra: Applies<AffineMap> = (step, maps, norm, scope) => {
  const [a, b, c] = maps;
  const number = (formula: Parameters<typeof valueOf>[0]): number => valueOf(formula, scope);
  switch (step.op) {
    case 'foldBnAfter':
      return foldBnAfter(a, given(norm));
    case 'foldBnBefore':
      return foldBnBefore(a, given(norm));
    case 'foldShiftBefore':
      return foldShiftBefore(a, allRows(b), step.shift);
    case 'scale':
      return scale(a, factorsOf(step, b), step.by);
    case 'multiply':
      return scale(a, Float64Array.of(number(step.by)), 'a number');
    case 'identityKernel':
      return identityKernel(a);
    case 'averagePoolKernel':
      return averagePoolKernel(a);
    case 'padTo':
      return padTo(a, b);
    case 'dilateToDense':
      return dilateToDense(a, number(step.rate));
    case 'compose1x1ThenKxK':
      return compose1x1ThenKxK(a, b, step.padding);
    case 'composeKxKThen1x1':
      return composeKxKThen1x1(a, b);
    case 'composeDepthwiseThen1x1':
      return composeDepthwiseThen1x1(a, b, c);
    case 'composeRowColumn':
      return composeRowColumn(a, b);
    case 'linearThenLinear':
      return linearThenLinear(a, b);
    case 'add':
      return sumOf(maps);
    case 'subtract':
      return sumOf(maps, -1);
    case 'concatGroups':
      return concatGroups(maps);
    case 'blockDiagonal':
      return blockDiagonal(a, number(step.groups));
    case 'interleaveOutputs':
      return interleaveOutputs(a, number(step.groups));
    case 'takeOutputs':
      return orEmpty(step, takeOutputs(a, number(step.from), number(step.to)));
    case 'takeInputs':
      return orEmpty(step, takeInputs(a, number(step.from), number(step.to)));
    case 'weightOnly':
      return { ...a, bias: null };
    case 'repeatOutputs':
      return repeatOutputs(a, number(step.times));
    case 'reshape':
      return reshape(a, step.shape.map(number));
    case 'transpose':
      return step.when === undefined || number(step.when) !== 0 ? transpose(a) : a;
    case 'refocus':
      return held(refocus(a, b));
    case 'convToFc':
      return convToFc(a, number(step.height), number(step.width));
    default:
      return assertNever(step);
  }
};

function orEmpty(step: Extract<Step, { op: 'takeOutputs' | 'takeInputs' }>, taken: AffineMap | null): AffineMap | null {
  if (taken === null && !step.mayBeEmpty) throw new Refusal('nothing is left to take');
  return taken;
}

/** The algebra on magnitudes: what is taken away is added. */
export const appliesMagnitudes: Applies<AffineMap> = (step, maps, norm, scope) => {
  if (step.op === 'subtract') return sumOf(maps);
  if (step.op === 'multiply') return scale(maps[0], Float64Array.of(Math.abs(valueOf(step.by, scope))), 'a number');
  return appliesAlgebra(step, maps, norm, scope);
};

/** The factors of a `scale` step: a whole vector, or one row of several. */
export function factorsOf(step: Extract<Step, { op: 'scale' }>, by: AffineMap): Float64Array {
  if (step.row !== undefined && step.row >= by.shape[0]) throw new Refusal(`${step.by} has no row ${step.row}: it has ${by.shape[0]}`);
  const factors = step.row === undefined ? allRows(by) : rowsOf(by, step.row, step.row + 1);
  return step.zeroMeansOne ? factors.map((factor) => (factor === 0 ? 1 : factor)) : factors;
}

/** The norm of a step that has one. */
export function given(norm: Norm | null): Norm {
  if (!norm) throw new RangeError('this step needs a batch norm');
  return norm;
}
