// The cost ledger: parameters, multiply-accumulates and bytes of every layer, by formula.
// Convention of both papers: one multiply-accumulate (MAC) counts 1 (their "FLOPs"); batch norm, biases
// and activations count nothing unless the convention says so.
import type { Form, NetworkSpec } from '../model/spec';
import { leavesOf, type LeafVisit } from '../model/walk';
import { conventionText, PAPER_CONVENTION, type Convention } from './convention';
import { notCountedOf } from './not-counted';
import { activation, primitivesOf } from './primitives';
import { residualActivations } from './residuals';
import { rowOf, type LedgerRow, type Macs, type Primitive } from './row';

export type { Flops, LedgerRow, Macs } from './row';
export { PAPER_CONVENTION, type Convention } from './convention';

/** Cost of one form of a network. */
export interface Ledger {
  /** Name of the network. */
  readonly model: string;
  readonly form: Form;
  /** Input shape with batch 1. */
  readonly input: readonly number[];
  readonly params: number;
  readonly macs: Macs;
  /** Sum of the rows' operations, in the convention's unit. */
  readonly operations: number;
  readonly bytes: number;
  /** Elements batch norms work on, whether counted or not: what a fused form saves besides MACs. */
  readonly batchNormElements: number;
  readonly layers: readonly LedgerRow[];
  /** What carries no number here and why. */
  readonly notCounted: readonly string[];
  /** The convention in words, to be shown beside every number. */
  readonly convention: string;
  readonly rules: Convention;
}

/**
 * The ledger of a network in the form its layers are in, batch 1. A side head is counted in train form only, where it runs.
 * Throws UserError, naming the layer, where shapes do not fit.
 */
export function ledger(spec: NetworkSpec, convention: Convention = PAPER_CONVENTION): Ledger {
  const visits = leavesOf(spec);
  const primitives = countedPrimitives(spec, visits, convention);
  const layers = primitives.map(([primitive, layer]) => rowOf(primitive, layer, convention));
  const sum = (value: (row: LedgerRow) => number): number => layers.reduce((total, row) => total + value(row), 0);
  return {
    model: spec.name,
    form: spec.form,
    input: [1, spec.input.channels, spec.input.height, spec.input.width],
    params: sum((row) => row.params),
    macs: sum((row) => row.macs) as Macs,
    operations: sum((row) => row.operations),
    bytes: sum((row) => row.bytes),
    batchNormElements: primitives.reduce((total, [primitive]) => total + primitive.elements.batchNorm, 0),
    layers,
    notCounted: notCountedOf(spec, visits, convention),
    convention: conventionText(convention),
    rules: convention,
  };
}

/** Primitives with the path of their layer, in execution order; activations only where counted or where they own parameters. */
function countedPrimitives(spec: NetworkSpec, visits: readonly LeafVisit[], convention: Convention): [Primitive, string][] {
  const residuals = residualActivations(spec);
  return visits.flatMap((visit, index) => {
    if (visit.training && spec.form === 'merged') return [];
    const closing = residuals.filter((residual) => residual.lastLeaf === index);
    const own = primitivesOf(visit).map((primitive): [Primitive, string] => [primitive, visit.path]);
    const after = closing.flatMap(({ path, activation: kind }) =>
      activation(`${path}.${kind}`, kind, [1, ...visit.output]).map((primitive): [Primitive, string] => [primitive, path]),
    );
    return [...own, ...after].filter(([p]) => p.elements.activation === 0 || p.parameters.length > 0 || convention.activation);
  });
}
