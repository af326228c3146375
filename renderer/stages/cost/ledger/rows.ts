// The lines of the cost table: groups of operations in both forms, and the operations of those that are open.
import type { CostGroup } from '@shared/cost/cost-groups';
import type { DifferenceRow } from '@shared/cost/difference';
import type { CostMeasure } from '@shared/cost/grouping';

export const MEASURES: readonly CostMeasure[] = ['params', 'operations', 'bytes'];

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
