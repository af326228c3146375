// What merging changes, row by row: which operations vanish, which change, and by how much. A merged
// convolution or FC keeps its name and gains a bias; its batch norm and the conv branches go.
import type { Ledger, LedgerRow } from './ledger';

/** One operation in both forms; null where a form does not have it. Differences are merged minus train. */
export interface DifferenceRow {
  readonly name: string;
  /** Path of the network's layer the operation belongs to. */
  readonly layer: string;
  readonly train: LedgerRow | null;
  readonly merged: LedgerRow | null;
  readonly params: number;
  readonly macs: number;
  readonly operations: number;
  readonly bytes: number;
}

/** Both forms side by side, in the train form's order, with totals of the differences. */
export interface LedgerDifference {
  readonly rows: readonly DifferenceRow[];
  readonly params: number;
  readonly macs: number;
  readonly operations: number;
  readonly bytes: number;
}

/** Compares the train-form and merged-form ledgers of one network. */
export function ledgerDifference(train: Ledger, merged: Ledger): LedgerDifference {
  const mergedRows = new Map(merged.layers.map((row) => [row.name, row]));
  const trainNames = new Set(train.layers.map((row) => row.name));
  const shared = train.layers.map((row) => differenceRow(row, row, mergedRows.get(row.name) ?? null));
  const added = merged.layers.filter((row) => !trainNames.has(row.name)).map((row) => differenceRow(row, null, row));
  return {
    rows: [...shared, ...added],
    params: merged.params - train.params,
    macs: merged.macs - train.macs,
    operations: merged.operations - train.operations,
    bytes: merged.bytes - train.bytes,
  };
}

function differenceRow({ name, layer }: LedgerRow, train: LedgerRow | null, merged: LedgerRow | null): DifferenceRow {
  const difference = (value: (row: LedgerRow) => number): number => (merged ? value(merged) : 0) - (train ? value(train) : 0);
  return {
    name,
    layer,
    train,
    merged,
    params: difference((row) => row.params),
    macs: difference((row) => row.macs),
    operations: difference((row) => row.operations),
    bytes: difference((row) => row.bytes),
  };
}
