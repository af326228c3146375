// The cost ledger's shape: parameters, multiply-accumulates and bytes of every layer, by formula.
// Convention: one multiply-accumulate (MAC) counts 1 (the paper's "FLOPs"); FLOPs = 2 MACs when asked for.
import type { Form } from '../model/spec';

/** Multiply-accumulates; branded against mixing with FLOPs. */
export type Macs = number & { readonly __brand: 'Macs' };
/** Floating-point operations, two per MAC. */
export type Flops = number & { readonly __brand: 'Flops' };

/** One row: a primitive operation of the network (a conv, a BN, an FC) at batch 1. */
export interface LedgerRow {
  /** Module name as in the official code, e.g. `stages.0.0.repmlp_block.fc3`. */
  readonly name: string;
  /** `conv3x3`, `conv1x1 g8`, `linear`, `bn`, ... */
  readonly kind: string;
  readonly params: number;
  readonly macs: Macs;
  /** Output shape with batch 1; FC3 has one row per partition. */
  readonly outputShape: readonly number[];
  /** The count with the numbers filled in, e.g. `16 partitions x 3136 x 392`. */
  readonly formula: string;
  /** Bytes read and written at float32: input, parameters, output. */
  readonly bytes: number;
}

/** Cost of one form of a network. */
export interface Ledger {
  readonly form: Form;
  readonly input: readonly number[];
  readonly params: number;
  readonly macs: Macs;
  readonly layers: readonly LedgerRow[];
  /** What carries no number here and why. */
  readonly notCounted: readonly string[];
  readonly convention: string;
}
