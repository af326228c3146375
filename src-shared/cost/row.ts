// One row of the cost ledger: a primitive operation (a conv, an FC, a batch norm) with its count as a
// formula whose numbers are filled in. Invariant: evaluating `formula` gives `macs`, evaluating
// `paramsFormula`, `operationsFormula` and `bytesFormula` gives the number of that name.
import { elementCount } from '../tensor/tensor';
import { operationsFormula, operationsOf, type Convention, type ElementCounts } from './convention';

/** Multiply-accumulates; branded against mixing with FLOPs. */
export type Macs = number & { readonly __brand: 'Macs' };
/** Floating-point operations, two per MAC. */
export type Flops = number & { readonly __brand: 'Flops' };

/** One row: a primitive operation of the network (a conv, a BN, an FC) at batch 1. */
export interface LedgerRow {
  /** Module name as in the official code, e.g. `stages.0.0.repmlp_block.fc3`. */
  readonly name: string;
  /** Path of the layer of the network this operation belongs to, e.g. `stages.0.0.repmlp_block`. */
  readonly layer: string;
  /** `conv3x3`, `conv1x1 g8`, `linear`, `bn`, ... */
  readonly kind: string;
  /** Learnable parameters (running statistics are not). */
  readonly params: number;
  /** The parameter count with the numbers filled in, e.g. `3136 x 392 weights + 3136 biases`. */
  readonly paramsFormula: string;
  readonly macs: Macs;
  /** Work in the unit and by the rules of the ledger's convention; equals `macs` in the papers' convention. */
  readonly operations: number;
  /** The operations with the numbers filled in, by the rules of the convention. */
  readonly operationsFormula: string;
  /** Output shape with batch 1; FC3 has one row per partition. */
  readonly outputShape: readonly number[];
  /** The count with the numbers filled in, e.g. `16 partitions x 3136 outputs x 392 inputs`. */
  readonly formula: string;
  /** Bytes read and written at float32: input, stored values (parameters and running statistics), output. */
  readonly bytes: number;
  /** The bytes with the numbers filled in, e.g. `4 x 3136 input + 4 x 9800 stored + 4 x 784 output`. */
  readonly bytesFormula: string;
  /** Arithmetic intensity: FLOPs (2 per MAC) per byte. */
  readonly intensity: number;
}

/** A factor of a formula: how many, of what. */
export type Factor = readonly [count: number, unit: string];

/** What a primitive operation is made of, before a convention is applied. */
export interface Primitive {
  readonly name: string;
  readonly kind: string;
  /** Product of the factors = multiply-accumulates; empty where there are none. */
  readonly work: readonly Factor[];
  /** Sum of products = learnable parameters. */
  readonly parameters: readonly (readonly Factor[])[];
  /** Values stored but not learned (running mean and variance). */
  readonly statistics: number;
  readonly inputElements: number;
  readonly outputShape: readonly number[];
  readonly elements: ElementCounts;
}

const BYTES_PER_FLOAT = 4;

/** The ledger row of a primitive of layer `layer` under a convention. */
export function rowOf(primitive: Primitive, layer: string, convention: Convention): LedgerRow {
  const { name, kind, work, parameters, outputShape } = primitive;
  const macs = work.length === 0 ? 0 : product(work);
  const params = parameters.reduce((sum, factors) => sum + product(factors), 0);
  const [stored, output] = [params + primitive.statistics, elementCount(outputShape)];
  const bytes = BYTES_PER_FLOAT * (primitive.inputElements + stored + output);
  return {
    name,
    layer,
    kind,
    params,
    paramsFormula: parameters.length === 0 ? '0' : parameters.map(factorsText).join(' + '),
    macs: macs as Macs,
    operations: operationsOf(macs, primitive.elements, convention),
    operationsFormula: operationsFormula(macs, primitive.elements, convention),
    outputShape,
    formula: work.length === 0 ? '0' : factorsText(work),
    bytes,
    bytesFormula: [`${primitive.inputElements} input`, `${stored} stored`, `${output} output`]
      .map((text) => `${BYTES_PER_FLOAT} x ${text}`)
      .join(' + '),
    intensity: intensityOf(macs, bytes),
  };
}

/** FLOPs (2 per multiply-accumulate) per byte moved; 0 where nothing is moved. */
export function intensityOf(macs: number, bytes: number): number {
  return bytes === 0 ? 0 : (2 * macs) / bytes;
}

function product(factors: readonly Factor[]): number {
  return factors.reduce((result, [count]) => result * count, 1);
}

function factorsText(factors: readonly Factor[]): string {
  return factors.map(([count, unit]) => (unit === '' ? String(count) : `${count} ${unit}`)).join(' x ');
}
