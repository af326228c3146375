// Both forms side by side, summed over stages, blocks or layers. Invariant: the sums over all groups are the
// totals of both ledgers.
import { ledgerDifference, type DifferenceRow } from './difference';
import { groupName, type CostMeasure, type GroupLevel } from './grouping';
import type { Ledger, LedgerRow } from './ledger';
import { intensityOf } from './row';

/** Sums of one form over a group, with the arithmetic intensity of the sums (FLOPs per byte). */
export type FormSums = Readonly<Record<CostMeasure | 'macs' | 'intensity', number>>;

/** A group of operations in both forms. */
export interface CostGroup {
  readonly name: string;
  readonly rows: readonly DifferenceRow[];
  readonly train: FormSums;
  readonly merged: FormSums;
}

/** The rows of both forms grouped by stage, block or layer, or each by itself, in the train form's order. */
export function costGroups(train: Ledger, merged: Ledger, level: GroupLevel | 'row'): CostGroup[] {
  const groups = new Map<string, DifferenceRow[]>();
  for (const row of ledgerDifference(train, merged).rows) {
    const name = level === 'row' ? row.name : groupName(row.layer, level);
    groups.set(name, [...(groups.get(name) ?? []), row]);
  }
  return [...groups].map(([name, rows]) => groupOf(name, rows));
}

/** Totals of a list of groups. */
export function totalOf(groups: readonly CostGroup[]): CostGroup {
  return groupOf(
    'Total',
    groups.flatMap(({ rows }) => rows),
  );
}

function groupOf(name: string, rows: readonly DifferenceRow[]): CostGroup {
  return { name, rows, train: sums(rows.map((row) => row.train)), merged: sums(rows.map((row) => row.merged)) };
}

function sums(rows: readonly (LedgerRow | null)[]): FormSums {
  const sum = (measure: CostMeasure | 'macs'): number => rows.reduce((total, row) => total + (row?.[measure] ?? 0), 0);
  const [macs, bytes] = [sum('macs'), sum('bytes')];
  return { params: sum('params'), operations: sum('operations'), macs, bytes, intensity: intensityOf(macs, bytes) };
}
