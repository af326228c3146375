// Both forms of a network and what they cost. The spec that is edited is the train form.
import { mergedSpec } from '../model/merged-spec';
import type { NetworkSpec } from '../model/spec';
import { ledger, PAPER_CONVENTION, type Convention, type Ledger } from './ledger';

export interface BothForms {
  readonly train: NetworkSpec;
  readonly merged: NetworkSpec;
  readonly trainLedger: Ledger;
  readonly mergedLedger: Ledger;
}

/** Both forms of a train-form network with their ledgers under one convention. */
export function bothForms(train: NetworkSpec, convention: Convention = PAPER_CONVENTION): BothForms {
  const merged = mergedSpec(train);
  return { train, merged, trainLedger: ledger(train, convention), mergedLedger: ledger(merged, convention) };
}
