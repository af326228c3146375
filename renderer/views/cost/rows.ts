// The rows of the cost table: both forms of each operation, put together by stage or block.
import { ledgerDifference, type DifferenceRow } from '@shared/cost/difference';
import { groupName, type GroupLevel } from '@shared/cost/grouping';
import type { Ledger, LedgerRow } from '@shared/cost/ledger';

/** One of the numbers of a row that the table shows. */
export type Measure = 'params' | 'operations' | 'bytes';
export const MEASURES: readonly Measure[] = ['params', 'operations', 'bytes'];

/** Sums of a group of operations in both forms. */
export interface CostGroup {
  readonly name: string;
  readonly rows: readonly DifferenceRow[];
  readonly train: Readonly<Record<Measure, number>>;
  readonly merged: Readonly<Record<Measure, number>>;
}

/** The rows of both forms grouped by stage or block, in the train form's order; the sums are the ledgers' totals. */
export function costGroups(train: Ledger, merged: Ledger, level: GroupLevel): CostGroup[] {
  const groups = new Map<string, DifferenceRow[]>();
  for (const row of ledgerDifference(train, merged).rows) {
    const name = groupName(row.layer, level);
    groups.set(name, [...(groups.get(name) ?? []), row]);
  }
  return [...groups].map(([name, rows]) => ({
    name,
    rows,
    train: sums(rows.map((row) => row.train)),
    merged: sums(rows.map((row) => row.merged)),
  }));
}

function sums(rows: readonly (LedgerRow | null)[]): Record<Measure, number> {
  const sum = (measure: Measure): number => rows.reduce((total, row) => total + (row?.[measure] ?? 0), 0);
  return { params: sum('params'), operations: sum('operations'), bytes: sum('bytes') };
}

/** Totals of a list of groups. */
export function totalOf(groups: readonly CostGroup[]): CostGroup {
  const add = (form: 'train' | 'merged', measure: Measure): number => groups.reduce((sum, group) => sum + group[form][measure], 0);
  const all = (form: 'train' | 'merged'): Record<Measure, number> => ({
    params: add(form, 'params'),
    operations: add(form, 'operations'),
    bytes: add(form, 'bytes'),
  });
  return { name: 'Total', rows: [], train: all('train'), merged: all('merged') };
}

/** One line of the table: a group, or an operation of a group that is open. */
export type LedgerLine =
  | { readonly kind: 'group'; readonly group: CostGroup; readonly open: boolean }
  | { readonly kind: 'operation'; readonly row: DifferenceRow };

/** The lines that show while the named groups are open. */
export function ledgerLines(groups: readonly CostGroup[], open: ReadonlySet<string>): LedgerLine[] {
  return groups.flatMap((group): LedgerLine[] => [
    { kind: 'group', group, open: open.has(group.name) },
    ...(open.has(group.name) ? group.rows.map((row) => ({ kind: 'operation', row }) as const) : []),
  ]);
}
